import { Button, Code, CopyButton, Drawer, Modal, Stack } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { masterData, type Row } from '@/api';
import { DataTable } from '@/kit/DataTable';
import { ConfirmDialog } from '@/kit/dialogs';
import { nameOf } from '@/kit/format';
import { Page } from '@/kit/Page';
import { EmptyState, QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { adminText, commonText } from '@/messages';
import classes from './admin.module.css';
import { adminCrumb, type ResourceField } from './pages';
import { ResourceForm } from './ResourceForm';

const text = adminText.tokens;
const label = adminText.fields;
const path = '/tokens';
const fields: ResourceField[] = [
  { key: 'name', label: label.name, kind: 'text', required: true },
  { key: 'userId', label: label.user, kind: 'reference', from: { path: '/users', value: 'id' } },
  { key: 'expiresAt', label: label.expiresAt, kind: 'instant' },
];

/** Tokens for programs: made once, shown once, revoked when no longer needed. */
export function Component() {
  const client = useQueryClient();
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<string>();
  const [revoking, setRevoking] = useState<Row>();
  const tokens = useQuery({ queryKey: ['master', path], queryFn: ({ signal }) => masterData.list(path, { limit: 200 }, signal) });
  const again = () => void client.invalidateQueries({ queryKey: ['master', path] });
  const revoke = useMutation({
    mutationFn: (row: Row) => masterData.remove(path, String(row.id)),
    onSuccess: () => {
      toastDone(text.revoked);
      setRevoking(undefined);
      again();
    },
  });
  return (
    <Page
      title="API tokens"
      crumbs={[adminCrumb]}
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
          {adminText.new('Token')}
        </Button>
      }
    >
      <section className="panel">
        <QueryState query={tokens}>
          {(data) => (
            <DataTable
              label="API tokens"
              rows={data.items}
              columns={[
                { key: 'name', label: label.name, type: 'text' },
                { key: 'prefix', label: label.prefix, type: 'text' },
                { key: 'userName', label: label.user, type: 'user' },
                { key: 'createdAt', label: label.createdAt, type: 'instant' },
                { key: 'lastUsedAt', label: label.lastUsedAt, type: 'instant' },
                { key: 'expiresAt', label: label.expiresAt, type: 'instant' },
                { key: 'revokedAt', label: label.revoked, type: 'instant' },
              ]}
              actions={(row) => (row.revokedAt ? [] : [{ code: 'revoke', label: text.revoke, danger: true, run: () => setRevoking(row) }])}
              empty={<EmptyState title={adminText.empty('API tokens')} />}
            />
          )}
        </QueryState>
      </section>
      <Drawer opened={making} onClose={() => setMaking(false)} title={adminText.new('Token')}>
        {making ? (
          <ResourceForm
            path={path}
            fields={fields}
            onCancel={() => setMaking(false)}
            onDone={(saved) => {
              setMaking(false);
              setSecret(String(saved.token ?? ''));
              again();
            }}
          />
        ) : null}
      </Drawer>
      <Modal opened={secret !== undefined} onClose={() => setSecret(undefined)} title={text.secretTitle} closeOnClickOutside={false}>
        <Stack>
          <p style={{ margin: 0 }}>{text.secretText}</p>
          <Code block className={classes.secret ?? ''}>
            {secret}
          </Code>
          <CopyButton value={secret ?? ''}>
            {({ copied, copy }) => <Button onClick={copy}>{copied ? text.copied : text.copy}</Button>}
          </CopyButton>
          <Button variant="default" onClick={() => setSecret(undefined)}>
            {commonText.close}
          </Button>
        </Stack>
      </Modal>
      <ConfirmDialog
        opened={revoking !== undefined}
        title={text.revokeTitle(nameOf(revoking))}
        confirmLabel={text.revoke}
        danger
        busy={revoke.isPending}
        error={revoke.error}
        onClose={() => setRevoking(undefined)}
        onConfirm={() => revoking && revoke.mutate(revoking)}
      >
        {text.revokeText}
      </ConfirmDialog>
    </Page>
  );
}
