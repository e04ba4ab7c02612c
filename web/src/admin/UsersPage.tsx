import { Button, Drawer } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { masterData, type Row } from '@/api';
import { changeAddress, useAddress } from '@/kit/address';
import { DataTable } from '@/kit/DataTable';
import { FilterBar } from '@/kit/FilterBar';
import { nameOf } from '@/kit/format';
import { Page } from '@/kit/Page';
import { StatusBadge } from '@/kit/StatusBadge';
import { EmptyState, QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { adminText, commonText } from '@/messages';
import { Pager } from '@/pages/FunctionList';
import classes from './admin.module.css';
import { adminCrumb } from './pages';
import { ReferenceName, RoleName } from './ResourceForm';
import { grantsOf, NewUser, UserPanel } from './UserPanel';

const path = '/users';
const label = adminText.fields;
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
                    render: (item) => <Grants row={item} />,
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
        {open === 'new' ? (
          <NewUser
            onCancel={close}
            onDone={(saved) => {
              toastDone(adminText.created(nameOf(saved)));
              void client.invalidateQueries({ queryKey: ['master', path] });
              close();
            }}
          />
        ) : row ? (
          <UserPanel
            key={`${row.id}:${row.version}`}
            row={row}
            onChanged={() => void client.invalidateQueries({ queryKey: ['master', path] })}
          />
        ) : null}
      </Drawer>
    </Page>
  );
}

function Grants({ row }: { row: Row }) {
  return (
    <>
      {grantsOf(row).map((grant, index) => (
        <span key={`${grant.role}${grant.branchId}`}>
          {index > 0 ? ', ' : ''}
          <RoleName code={grant.role} />
          {grant.branchId ? (
            <>
              {' '}
              (<ReferenceName from={{ path: '/organisation/branches', value: 'id' }} value={grant.branchId} />)
            </>
          ) : null}
        </span>
      ))}
    </>
  );
}
