import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ledger, type Row, type TrialBalance } from '@/api';
import { useAddress } from '@/kit/address';
import { DataTable } from '@/kit/DataTable';
import { compare } from '@/kit/decimal';
import { formatMoney, humanise } from '@/kit/format';
import { Page } from '@/kit/Page';
import { dayText } from '@/kit/period';
import { useToday } from '@/kit/session';
import { EmptyState, QueryState } from '@/kit/states';
import { adminText } from '@/messages';
import classes from './admin.module.css';
import { adminCrumb } from './pages';

const text = adminText.ledger;

/** All accounts at the end of a day; the two columns must agree in each unit. */
export function Component() {
  const today = useToday();
  const { get, set } = useAddress();
  const at = get('at') ?? dayText(today);
  const balance = useQuery({
    queryKey: ['master', '/ledger/trial-balance', at],
    queryFn: () => ledger.trialBalance(at),
    placeholderData: (before) => before,
  });
  return (
    <Page
      title={text.trialBalance}
      crumbs={[adminCrumb, { label: text.accounts, to: '/admin/accounts' }]}
      actions={<TextInput type="date" aria-label={text.at} value={at} onChange={(event) => set({ at: event.currentTarget.value })} />}
    >
      <QueryState query={balance} rows={14}>
        {(data) =>
          data.totals.length === 0 ? (
            <EmptyState title={text.noEntries} />
          ) : (
            data.totals.map((total) => <UnitBalance key={total.unit} data={data} total={total} />)
          )
        }
      </QueryState>
    </Page>
  );
}

function UnitBalance({ data, total }: { data: TrialBalance; total: TrialBalance['totals'][number] }) {
  const balanced = compare(total.debit, total.credit) === 0;
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{total.unit}</h2>
        <p className={classes.balance} data-ok={balanced} role="status">
          {balanced ? text.balanced : text.unbalanced}
        </p>
      </div>
      <DataTable
        label={`${text.trialBalance} ${total.unit}`}
        density="compact"
        currency={total.unit}
        rows={data.lines.filter((line) => line.unit === total.unit) as unknown as Row[]}
        rowKey={(row, index) => `${row.account}${index}`}
        rowName={(row) => String(row.name)}
        href={(row) => `/admin/accounts/${row.account}`}
        columns={[
          { key: 'account', label: adminText.fields.account, type: 'text' },
          { key: 'name', label: adminText.fields.name, type: 'text' },
          { key: 'group', label: adminText.fields.group, type: 'text', render: (row) => humanise(String(row.group ?? '')) },
          {
            key: 'debit',
            label: text.debit,
            type: 'money',
            render: (row) => formatMoney(row.debit as string | undefined, { currency: total.unit }),
          },
          {
            key: 'credit',
            label: text.credit,
            type: 'money',
            render: (row) => formatMoney(row.credit as string | undefined, { currency: total.unit }),
          },
        ]}
        totals={{ debit: total.debit, credit: total.credit }}
      />
    </section>
  );
}
