import { Button, Group, Modal, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { customers, uuid7 } from '@/api';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { toastDone } from '@/kit/toast';
import { commonText, customerText } from '@/messages';

const text = customerText.consent;
const choices = (labels: Record<string, string>) => Object.entries(labels).map(([value, label]) => ({ value, label }));

/** What somebody agreed to, or no longer does; earlier consents stay as they were. */
export function ConsentDialog({ id, opened, onClose }: { id: string; opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title={text.title} size="lg" closeButtonProps={{ 'aria-label': commonText.closeDialog }}>
      {opened ? <ConsentForm id={id} onClose={onClose} /> : null}
    </Modal>
  );
}

function ConsentForm({ id, onClose }: { id: string; onClose: () => void }) {
  const client = useQueryClient();
  const [purpose, setPurpose] = useState('marketing');
  const [channel, setChannel] = useState('email');
  const [granted, setGranted] = useState(true);
  const [evidence, setEvidence] = useState('');
  const [expiresOn, setExpiresOn] = useState('');
  const record = useMutation({
    mutationFn: () =>
      customers.consent(
        id,
        {
          purpose,
          channel,
          granted,
          ...(evidence.trim() ? { evidence: evidence.trim() } : {}),
          ...(granted && expiresOn ? { expiresOn } : {}),
          source: 'counter',
        },
        uuid7(),
      ),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['customers'] });
      toastDone(text.done);
      onClose();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        record.mutate();
      }}
    >
      <Stack gap="md">
        <Select
          label={text.purpose}
          data={choices(text.purposes)}
          value={purpose}
          onChange={(value) => setPurpose(value ?? 'marketing')}
          allowDeselect={false}
          data-autofocus
        />
        <Select
          label={text.channel}
          data={choices(text.channels)}
          value={channel}
          onChange={(value) => setChannel(value ?? 'email')}
          allowDeselect={false}
        />
        <Select
          label={text.said}
          data={[
            { value: 'yes', label: text.granted },
            { value: 'no', label: text.withdrawn },
          ]}
          value={granted ? 'yes' : 'no'}
          onChange={(value) => setGranted(value === 'yes')}
          allowDeselect={false}
        />
        <Textarea
          label={text.evidence}
          description={text.evidenceHint}
          value={evidence}
          onChange={(event) => setEvidence(event.currentTarget.value)}
          withAsterisk={granted}
          maxLength={500}
          autosize
          minRows={2}
        />
        {granted ? (
          <TextInput type="date" label={text.expires} value={expiresOn} onChange={(event) => setExpiresOn(event.currentTarget.value)} />
        ) : null}
        <ProblemNotice error={record.error} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {commonText.cancel}
          </Button>
          <Button type="submit" loading={record.isPending}>
            {text.record}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
