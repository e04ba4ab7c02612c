import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { masterData } from '@/api';
import { useAddress } from '@/kit/address';
import { DataTable } from '@/kit/DataTable';
import { FilterBar } from '@/kit/FilterBar';
import { humanise } from '@/kit/format';
import { Page } from '@/kit/Page';
import { EmptyState, QueryState } from '@/kit/states';
import { adminText, commonText } from '@/messages';
import { Pager } from '@/pages/FunctionList';
import classes from './admin.module.css';
import { adminCrumb } from './pages';

const label = adminText.fields;

export function Component() {
  const { all, get } = useAddress();
  const { page: _, ...query } = all;
  const accounts = useQuery({
    queryKey: ['master', '/ledger/accounts', query],
    queryFn: ({ signal }) => masterData.list('/ledger/accounts', { limit: 100, ...query }, signal),
    placeholderData: (before) => before,
  });
  return (
    <Page
      title={adminText.ledger.accounts}
      crumbs={[adminCrumb]}
      actions={
        <Button component={Link} to="/admin/trial-balance" variant="default">
          {adminText.ledger.trialBalance}
        </Button>
      }
    >
      <section className="panel">
        <div className={classes.toolbar}>
          <FilterBar columns={[]} period={false} />
        </div>
        <QueryState query={accounts} rows={12}>
          {(data) => (
            <>
              <DataTable
                label={adminText.ledger.accounts}
                density="compact"
                rows={data.items.filter((row) => `${row.code} ${row.name}`.toLowerCase().includes((get('q') ?? '').toLowerCase()))}
                href={(row) => `/admin/accounts/${row.id ?? row.code}`}
                columns={[
                  { key: 'code', label: label.code, type: 'text' },
                  { key: 'name', label: label.name, type: 'text' },
                  { key: 'kind', label: label.kind, type: 'text', render: (row) => humanise(String(row.kind ?? '')) },
                  { key: 'group', label: label.group, type: 'text', render: (row) => humanise(String(row.group ?? '')) },
                  ...(data.items.some((row) => row.balance !== undefined)
                    ? [{ key: 'balance', label: adminText.ledger.balance, type: 'money' as const }]
                    : []),
                ]}
                empty={<EmptyState title={commonText.empty.filtered} />}
              />
              <Pager next={data.next} total={data.total} />
            </>
          )}
        </QueryState>
      </section>
    </Page>
  );
}
