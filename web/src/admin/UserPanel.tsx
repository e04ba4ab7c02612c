import { ActionIcon, Button, Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { access, masterData, type Row } from '@/api';
import { ConfirmDialog } from '@/kit/dialogs';
import { nameOf } from '@/kit/format';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { toastDone } from '@/kit/toast';
import { adminText, commonText } from '@/messages';
import classes from './admin.module.css';
import type { ResourceField } from './pages';
import { ReferenceInput, ResourceForm } from './ResourceForm';

const text = adminText.users;
const label = adminText.fields;
const path = '/users';

/** A role held at one branch, or at all of them when no branch is named. */
export interface Grant {
  role: string;
  branchId?: string;
}

export function grantsOf(row: Row | undefined): Grant[] {
  return Array.isArray(row?.roles) ? (row.roles as Grant[]).map(({ role, branchId }) => ({ role, ...(branchId ? { branchId } : {}) })) : [];
}

function GrantEditor({ grants, onChange }: { grants: Grant[]; onChange: (grants: Grant[]) => void }) {
  return (
    <fieldset className={classes.grants}>
      <legend className="strong">{text.roles}</legend>
      <Stack gap="xs">
        {grants.map((grant, index) => (
          <div key={index} className={classes.grant}>
            <ReferenceInput
              label={text.role}
              from={{ path: '/roles', value: 'code' }}
              value={grant.role}
              onChange={(role) => onChange(grants.map((item, at) => (at === index ? { ...item, role } : item)))}
            />
            <ReferenceInput
              label={text.branch}
              placeholder={text.allBranches}
              from={{ path: '/organisation/branches', value: 'id' }}
              value={grant.branchId ?? ''}
              onChange={(branchId) =>
                onChange(grants.map((item, at) => (at === index ? { role: item.role, ...(branchId ? { branchId } : {}) } : item)))
              }
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={commonText.remove}
              onClick={() => onChange(grants.filter((_, at) => at !== index))}
            >
              <IconTrash size={17} />
            </ActionIcon>
          </div>
        ))}
        <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={14} />} onClick={() => onChange([...grants, { role: '' }])}>
          {text.addRole}
        </Button>
      </Stack>
    </fieldset>
  );
}

const newFields: ResourceField[] = [
  { key: 'userName', label: label.userName, kind: 'text', required: true },
  { key: 'name', label: label.name, kind: 'text', required: true },
  { key: 'password', label: label.password, kind: 'password', required: true },
];

export function NewUser({ onDone, onCancel }: { onDone: (saved: Row) => void; onCancel: () => void }) {
  const [grants, setGrants] = useState<Grant[]>([{ role: '' }]);
  return (
    <ResourceForm
      path={path}
      fields={newFields}
      extraBody={{ roles: grants.filter((grant) => grant.role !== '') }}
      onDone={onDone}
      onCancel={onCancel}
      extra={<GrantEditor grants={grants} onChange={setGrants} />}
    />
  );
}

/** What an administrator changes of a user: each step is a call of its own, under the version it was read with. */
export function UserPanel({ row, onChanged }: { row: Row; onChanged: () => void }) {
  const id = String(row.id);
  const version = row.version as number;
  const [name, setName] = useState(String(row.name ?? ''));
  const [grants, setGrants] = useState(() => grantsOf(row));
  const [password, setPassword] = useState('');
  const [asking, setAsking] = useState<'reset' | 'state'>();
  const finished = (message: string) => () => {
    toastDone(message);
    setAsking(undefined);
    setPassword('');
    onChanged();
  };
  const save = useMutation({
    mutationFn: async () => {
      let current = version;
      if (name.trim() !== row.name) current = Number((await masterData.change(path, id, { name: name.trim() }, current)).version);
      if (JSON.stringify(grants) !== JSON.stringify(grantsOf(row)))
        await access.assignRoles(
          id,
          grants.filter((grant) => grant.role !== ''),
          current,
        );
    },
    onSuccess: finished(adminText.changed(name)),
  });
  const reset = useMutation({ mutationFn: () => access.setPassword(id, password, version), onSuccess: finished(text.resetDone) });
  const state = useMutation({
    mutationFn: () => masterData.act(path, id, row.active === false ? 'activate' : 'deactivate', {}, version),
    onSuccess: finished(text.changedState),
  });
  const unlock = useMutation({ mutationFn: () => masterData.act(path, id, 'unlock'), onSuccess: finished(text.unlocked) });
  const totp = useMutation({ mutationFn: () => access.removeTotp(id), onSuccess: finished(text.changedState) });
  const stateLabel = row.active === false ? text.activate : text.deactivate;
  return (
    <Stack gap="md">
      <TextInput label={label.userName} value={String(row.userName ?? '')} disabled />
      <TextInput label={label.name} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <GrantEditor grants={grants} onChange={setGrants} />
      <ProblemNotice error={save.error ?? unlock.error ?? totp.error} />
      <Group justify="flex-end">
        <Button onClick={() => save.mutate()} loading={save.isPending}>
          {commonText.save}
        </Button>
      </Group>
      <PasswordInput
        label={text.newPassword}
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Group>
        <Button variant="default" disabled={password === ''} onClick={() => setAsking('reset')}>
          {text.reset}
        </Button>
        <Button variant="default" onClick={() => setAsking('state')}>
          {stateLabel}
        </Button>
        {row.lockedUntil ? (
          <Button variant="default" onClick={() => unlock.mutate()} loading={unlock.isPending}>
            {text.unlock}
          </Button>
        ) : null}
        {row.twoFactor ? (
          <Button variant="default" onClick={() => totp.mutate()} loading={totp.isPending}>
            {text.removeTotp}
          </Button>
        ) : null}
      </Group>
      <ConfirmDialog
        opened={asking === 'reset'}
        title={text.resetTitle(nameOf(row))}
        confirmLabel={text.reset}
        danger
        busy={reset.isPending}
        error={reset.error}
        onClose={() => setAsking(undefined)}
        onConfirm={() => reset.mutate()}
      >
        {text.resetText}
      </ConfirmDialog>
      <ConfirmDialog
        opened={asking === 'state'}
        title={`${stateLabel} ${nameOf(row)}?`}
        confirmLabel={stateLabel}
        danger={row.active !== false}
        busy={state.isPending}
        error={state.error}
        onClose={() => setAsking(undefined)}
        onConfirm={() => state.mutate()}
      />
    </Stack>
  );
}
