import { Button, Group } from '@mantine/core';
import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { SealProof } from '@/api';
import { InstantText } from '@/kit/cells';
import { saveFile } from '@/kit/file';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { proofHolds } from '@/kit/proof';
import { pageText } from '@/messages';

const text = pageText.proof;

/** Asks for the proof that an event or a posting is sealed, verifies it here, and gives it to be taken along. */
export function ProofView({ name, load }: { name: string; load: () => Promise<SealProof> }) {
  const proof = useMutation({
    mutationFn: async () => {
      const found = await load();
      // Browsers compute hashes for pages of a secure origin only.
      return { found, holds: globalThis.crypto?.subtle ? await proofHolds(found) : undefined };
    },
  });
  if (proof.isError) return <ProblemNotice error={proof.error} />;
  if (!proof.data)
    return (
      <Button
        variant="default"
        size="xs"
        leftSection={<IconShieldCheck size={14} />}
        loading={proof.isPending}
        title={text.about}
        onClick={() => proof.mutate()}
      >
        {text.ask}
      </Button>
    );
  const { found, holds } = proof.data;
  return (
    <Group gap="xs" role="status">
      {holds === false ? (
        <IconAlertTriangle size={16} color="var(--p-danger)" aria-hidden="true" />
      ) : (
        <IconShieldCheck size={16} aria-hidden="true" />
      )}
      <span>
        {holds === false ? text.flawed : holds ? text.holds(found.block.number) : text.unverified} (
        <InstantText value={found.block.sealedAt} />)
      </span>
      <Button
        variant="default"
        size="xs"
        onClick={() => saveFile(`${name}.proof.json`, new Blob([JSON.stringify(found, null, 2)], { type: 'application/json' }))}
      >
        {text.save}
      </Button>
    </Group>
  );
}
