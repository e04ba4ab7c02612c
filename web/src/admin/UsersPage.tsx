import { ActionIcon, Button, Code, Drawer, Stack } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { masterData, type Row } from '@/api';
import { changeAddress, useAddress } from '@/kit/address';
import { DataTable } from '@/kit/DataTable';
import { ConfirmDialog } from '@/kit/dialogs';
import { FilterBar } from '@/kit/FilterBar';
import { nameOf } from '@/kit/format';
import { Page } from '@/kit/Page';
import { StatusBadge } from '@/kit/StatusBadge';
import { EmptyState, QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { adminText, commonText } from '@/messages';
import { Pager } from '@/pages/FunctionList';
import classes from './admin.module.css';
import { adminCrumb, type ResourceField } from './pages';
import { ReferenceInput, ResourceForm } from './ResourceForm';

const text = adminText.users;
const path = '/users';
const label = adminText.fields;
const fields: ResourceField[] = [
  { key: 'userName', label: label.userName, kind: 'text', required: true, fixed: true },
  { key: 'name', label: label.name, kind: 'text', required: true },
  { key: 'email', label: label.email, kind: 'text' },
];
const password: ResourceField = { key: 'password', label: label.password, kind: 'password', required: true };
const active: ResourceField = { key: 'active', label: label.active, kind: 'boolean' };

/** A role held at one branch, or at all of them when no branch is named. */
export interface Grant {
  role: string;
  branch?: string;
}

export function grantsOf(row: Row | undefined): Grant[] {
  const roles = row?.roles;
  if (!Array.isArray(roles)) return [];
  return roles.map((item) => {
    if (typeof item !== 'object' || item === null) return { role: String(item) };
    const grant = item as { role?: unknown; code?: unknown; branch?: unknown };
    const branch =
      typeof grant.branch === 'object' ? (grant.branch as { code?: string } | null)?.code : (grant.branch as string | undefined);
    const role =
      typeof grant.role === 'object'
        ? String((grant.role as { code?: string } | null)?.code ?? '')
        : String(grant.role ?? grant.code ?? '');
    return { role, ...(branch ? { branch } : {}) };
  });
}

export function Component() {
  const { params, all, set } = useAddress();
  const client = useQueryClient();
  const { page: _, open, ...query } = all;
  const users = useQuery({
    queryKey: ['master', path, query],
    queryFn: ({ signal }) => masterData.list(path, { limit: 50, ...query }, signal),
    placeholderData: (before) => before,
  });
  const row = users.data?.items.find((item) => String(item.id) === open);
  const close = () => set({ open: undefined }, true);
  return (
    <Page
      title="Users"
      crumbs={[adminCrumb]}
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={() => set({ open: 'new' })}>
          {adminText.new('User')}
        </Button>
      }
    >
      <section className="panel">
        <div className={classes.toolbar}>
          <FilterBar columns={[]} period={false} />
        </div>
        <QueryState query={users}>
          {(data) => (
            <>
              <DataTable
                label="Users"
                rows={data.items}
                busy={users.isPlaceholderData}
                href={(item) => `?${changeAddress(params, { open: String(item.id) })}`}
                columns={[
                  { key: 'userName', label: label.userName, type: 'text' },
                  { key: 'name', label: label.name, type: 'text' },
                  {
                    key: 'roles',
                    label: label.userRoles,
                    type: 'text',
                    render: (item) =>
                      grantsOf(item)
                        .map((grant) => `${grant.role}${grant.branch ? ` (${grant.branch})` : ''}`)
                        .join(', '),
                  },
                  { key: 'lastSignInAt', label: label.lastSignIn, type: 'instant' },
                  {
                    key: 'state',
                    label: label.state,
                    type: 'status',
                    render: (item) => <StatusBadge status={item.lockedUntil ? 'locked' : item.active === false ? 'inactive' : 'active'} />,
                  },
                ]}
                empty={<EmptyState title={commonText.empty.filtered} />}
              />
              <Pager next={data.next} total={data.total} />
            </>
          )}
        </QueryState>
      </section>
      <Drawer
        opened={open === 'new' || row !== undefined}
        onClose={close}
        title={open === 'new' ? adminText.new('User') : adminText.edit('User')}
        size="lg"
      >
        {open === 'new' || row ? (
          <UserForm
            key={open}
            row={row}
            onCancel={close}
            onDone={(saved) => {
              toastDone((open === 'new' ? adminText.created : adminText.changed)(nameOf(saved)));
              void client.invalidateQueries({ queryKey: ['master', path] });
              close();
            }}
          />
        ) : null}
      </Drawer>
    </Page>
  );
}

function UserForm({ row, onDone, onCancel }: { row: Row | undefined; onDone: (saved: Row) => void; onCancel: () => void }) {
  const [grants, setGrants] = useState<Grant[]>(() => (row ? grantsOf(row) : [{ role: '' }]));
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const reset = useMutation({
    mutationFn: () => masterData.act(path, String(row?.id), 'reset'),
    onSuccess: () => {
      toastDone(text.resetDone);
      void client.invalidateQueries({ queryKey: ['master', path] });
      setAsking(false);
    },
  });
  const oneTime = (reset.data as { password?: string } | undefined)?.password;
  return (
    <Stack>
      <ResourceForm
        path={path}
        fields={row ? [...fields, active] : [...fields, password]}
        row={row}
        extraBody={{ roles: grants.filter((grant) => grant.role !== '') }}
        onDone={onDone}
        onCancel={onCancel}
        extra={
          <fieldset style={{ border: '1px solid var(--p-line)', borderRadius: 8, padding: '0.75rem' }}>
            <legend className="strong">{text.roles}</legend>
            <Stack gap="xs">
              {grants.map((grant, index) => (
                <div key={index} className={classes.grant}>
                  <ReferenceInput
                    label={text.role}
                    from={{ path: '/roles', value: 'code' }}
                    value={grant.role}
                    onChange={(role) => setGrants(grants.map((item, at) => (at === index ? { ...item, role } : item)))}
                  />
                  <ReferenceInput
                    label={text.branch}
                    placeholder={text.allBranches}
                    from={{ path: '/organisation/branches', value: 'code' }}
                    value={grant.branch ?? ''}
                    onChange={(branch) =>
                      setGrants(grants.map((item, at) => (at === index ? { role: item.role, ...(branch ? { branch } : {}) } : item)))
                    }
                  />
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size="lg"
                    aria-label={commonText.remove}
                    onClick={() => setGrants(grants.filter((_, at) => at !== index))}
                  >
                    <IconTrash size={17} />
                  </ActionIcon>
                </div>
              ))}
              <Button
                variant="subtle"
                size="compact-sm"
                leftSection={<IconPlus size={14} />}
                onClick={() => setGrants([...grants, { role: '' }])}
              >
                {text.addRole}
              </Button>
            </Stack>
          </fieldset>
        }
      />
      {row ? (
        <>
          <Button variant="default" onClick={() => setAsking(true)}>
            {text.reset}
          </Button>
          {oneTime ? (
            <div>
              {text.oneTime} <Code>{oneTime}</Code>
            </div>
          ) : null}
          <ConfirmDialog
            opened={asking}
            title={text.resetTitle(nameOf(row))}
            confirmLabel={text.reset}
            danger
            busy={reset.isPending}
            error={reset.error}
            onClose={() => setAsking(false)}
            onConfirm={() => reset.mutate()}
          >
            {text.resetText}
          </ConfirmDialog>
        </>
      ) : null}
    </Stack>
  );
}
