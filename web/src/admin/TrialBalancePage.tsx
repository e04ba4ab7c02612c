import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { masterData } from '@/api';
import { useAddress } from '@/kit/address';
import { DataTable } from '@/kit/DataTable';
import { compare, isDecimal, sum } from '@/kit/decimal';
import { Page } from '@/kit/Page';
import { dayText } from '@/kit/period';
import { EmptyState, QueryState } from '@/kit/states';
import { adminText } from '@/messages';
import { sidesOf } from '@/pages/EntriesView';
import classes from './admin.module.css';
import { adminCrumb } from './pages';

const text = adminText.ledger;

/** All accounts at the end of a day; the two columns must agree. */
export function Component() {
  const { get, set } = useAddress();
  const at = get('at') ?? dayText(new Date());
  const balance = useQuery({
    queryKey: ['master', '/ledger/trial-balance', at],
    queryFn: ({ signal }) => masterData.list('/ledger/trial-balance', { at }, signal),
    placeholderData: (before) => before,
  });
  return (
    <Page
      title={text.trialBalance}
      crumbs={[adminCrumb, { label: text.accounts, to: '/admin/accounts' }]}
      actions={<TextInput type="date" aria-label={text.at} value={at} onChange={(event) => set({ at: event.currentTarget.value })} />}
    >
      <section className="panel">
        <QueryState query={balance} rows={14}>
          {(data) => {
            const source = data.items ?? (data as unknown as { rows?: typeof data.items }).rows ?? [];
            const rows = source.map((row, index) => ({
              ...row,
              ...sidesOf({ ...row, amount: row.amount ?? row.balance } as never),
              id: row.id ?? row.code ?? row.account ?? index,
            }));
            const total = (side: 'debit' | 'credit') =>
              sum(rows.map((row) => String((row as Record<string, unknown>)[side] ?? '0')).filter(isDecimal));
            const balanced = compare(total('debit'), total('credit')) === 0;
            return (
              <>
                <DataTable
                  label={text.trialBalance}
                  density="compact"
                  rows={rows}
                  href={(row) => `/admin/accounts/${row.id}`}
                  columns={[
                    {
                      key: 'account',
                      label: adminText.fields.account,
                      type: 'text',
                      render: (row) => String((row as Record<string, unknown>).code ?? (row as Record<string, unknown>).account ?? ''),
                    },
                    {
                      key: 'name',
                      label: adminText.fields.name,
                      type: 'text',
                      render: (row) => String((row as Record<string, unknown>).name ?? (row as Record<string, unknown>).accountName ?? ''),
                    },
                    { key: 'debit', label: text.debit, type: 'money' },
                    { key: 'credit', label: text.credit, type: 'money' },
                  ]}
                  totals={{ debit: total('debit'), credit: total('credit') }}
                  empty={<EmptyState title={text.noEntries} />}
                />
                <p className={classes.balance} data-ok={balanced} role="status" style={{ margin: 0 }}>
                  {balanced ? text.balanced : text.unbalanced}
                </p>
              </>
            );
          }}
        </QueryState>
      </section>
    </Page>
  );
}
