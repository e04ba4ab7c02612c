import { Button, Checkbox, Drawer, Select, TextInput } from '@mantine/core';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { access, type PermissionMatrix } from '@/api';
import { useAddress } from '@/kit/address';
import { humanise, nameOf } from '@/kit/format';
import { Page } from '@/kit/Page';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { functionName } from '@/kit/paths';
import { useMeta } from '@/kit/session';
import { QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { adminText } from '@/messages';
import classes from './admin.module.css';
import { adminCrumb, type ResourceField } from './pages';
import { groupPermissions, permissionSteps } from './permissions';
import { ResourceForm } from './ResourceForm';
import { RoleChanges } from './RoleChanges';

const text = adminText.roles;
const fields: ResourceField[] = [
  { key: 'code', label: adminText.fields.code, kind: 'text', required: true, fixed: true },
  { key: 'name', label: text.name, kind: 'text', required: true },
];

/** A role and what it may do, function by function. */
export function Component() {
  const { get, set } = useAddress();
  const client = useQueryClient();
  const matrix = useQuery({ queryKey: ['master', '/permissions'], queryFn: access.matrix });
  const roles = matrix.data?.roles ?? [];
  const role = roles.find((item) => item.code === get('role')) ?? roles[0];
  const close = () => set({ open: undefined }, true);
  return (
    <Page
      title="Roles and permissions"
      crumbs={[adminCrumb]}
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={() => set({ open: 'new' })}>
          {adminText.new('Role')}
        </Button>
      }
    >
      <section className="panel">
        <div className={classes.toolbar}>
          <Select
            aria-label={text.choose}
            data={roles.map((item) => ({ value: item.code, label: item.name }))}
            value={role?.code ?? null}
            onChange={(value) => set({ role: value })}
            allowDeselect={false}
          />
          <TextInput
            aria-label={text.filter}
            placeholder={text.filter}
            leftSection={<IconSearch size={16} />}
            value={get('q') ?? ''}
            onChange={(event) => set({ q: event.currentTarget.value }, true)}
          />
        </div>
        <QueryState query={matrix}>
          {(data) => (role ? <Matrix key={role.code} role={role} matrix={data} filter={get('q') ?? ''} /> : null)}
        </QueryState>
      </section>
      {role && matrix.data ? <RoleChanges role={role} matrix={matrix.data} /> : null}
      <Drawer opened={get('open') === 'new'} onClose={close} title={adminText.new('Role')}>
        {get('open') === 'new' ? (
          <ResourceForm
            path="/roles"
            fields={fields}
            onCancel={close}
            onDone={(saved) => {
              toastDone(adminText.created(nameOf(saved)));
              void client.invalidateQueries({ queryKey: ['master', '/permissions'] });
              set({ open: undefined, role: String(saved.code) }, true);
            }}
          />
        ) : null}
      </Drawer>
    </Page>
  );
}

function Matrix({ role, matrix, filter }: { role: PermissionMatrix['roles'][number]; matrix: PermissionMatrix; filter: string }) {
  const client = useQueryClient();
  const meta = useMeta().data;
  const initial = useMemo(
    () => new Set(matrix.permissions.filter((row) => row.roles.includes(role.code)).map((row) => row.permission)),
    [matrix, role.code],
  );
  const [granted, setGranted] = useState(initial);
  const groups = useMemo(() => groupPermissions(matrix.permissions), [matrix]);
  const save = useMutation({
    mutationFn: async () => {
      const steps = permissionSteps(initial, granted);
      for (const permission of steps.revoke) await access.revoke(role.code, permission);
      for (const permission of steps.grant) await access.grant(role.code, permission);
    },
    onSuccess: () => toastDone(text.saved(role.name)),
    onSettled: () => client.invalidateQueries({ queryKey: ['master', '/permissions'] }),
  });
  const dirty = granted.size !== initial.size || [...granted].some((code) => !initial.has(code));
  const toggle = (codes: string[], on: boolean) =>
    setGranted((before) => {
      const next = new Set(before);
      for (const code of codes) on ? next.add(code) : next.delete(code);
      return next;
    });
  const wanted = filter.trim().toLowerCase();
  return (
    <>
      <div className={classes.matrixBox}>
        <table className={classes.matrix}>
          <thead>
            <tr>
              <th scope="col">{text.function}</th>
              <th scope="col">{text.permissions}</th>
            </tr>
          </thead>
          <tbody>
            {groups
              .filter(
                (group) =>
                  wanted === '' ||
                  group.group.includes(wanted) ||
                  group.permissions.some((item) => `${item.code} ${item.name}`.toLowerCase().includes(wanted)),
              )
              .map((group) => {
                const codes = group.permissions.map((item) => item.code);
                const on = codes.filter((code) => granted.has(code)).length;
                const name = functionName(meta, group.group) ?? humanise(group.group);
                return (
                  <tr key={group.group}>
                    <th scope="row">
                      <Checkbox
                        size="xs"
                        label={name}
                        aria-label={text.grantAll(name)}
                        checked={on === codes.length}
                        indeterminate={on > 0 && on < codes.length}
                        onChange={() => toggle(codes, on < codes.length)}
                        description={text.granted(on, codes.length)}
                      />
                    </th>
                    <td>
                      <div className={classes.permissions}>
                        {group.permissions.map((item) => (
                          <Checkbox
                            key={item.code}
                            size="xs"
                            label={item.name || humanise(item.code.split('.').at(-1) ?? item.code)}
                            aria-label={`${name} ${text.allows(item.code)}`}
                            checked={granted.has(item.code)}
                            onChange={(event) => toggle([item.code], event.currentTarget.checked)}
                          />
                        ))}
                      </div>
                    </td>
                  </tr>
                );
              })}
          </tbody>
        </table>
      </div>
      <div className={classes.saveBar}>
        <div>
          {dirty ? <span className="dim">{text.unsaved}</span> : null}
          <ProblemNotice error={save.error} />
        </div>
        <Button disabled={!dirty} loading={save.isPending} onClick={() => save.mutate()}>
          {text.save}
        </Button>
      </div>
    </>
  );
}
