import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { masterData, type Row } from '@/api';
import { useAddress } from '@/kit/address';
import { DataTable } from '@/kit/DataTable';
import { formatMoney, nameOf } from '@/kit/format';
import { Page } from '@/kit/Page';
import { PeriodPicker } from '@/kit/PeriodPicker';
import { documentPath } from '@/kit/paths';
import { EmptyState, QueryState } from '@/kit/states';
import { adminText } from '@/messages';
import { sidesOf } from '@/pages/EntriesView';
import { Pager } from '@/pages/FunctionList';
import { adminCrumb } from './pages';

const text = adminText.ledger;

/** What was booked on one account, each line leading to its document. */
export function Component() {
  const { id = '' } = useParams();
  const { all } = useAddress();
  const { page: _, ...query } = all;
  const entries = useQuery({
    queryKey: ['master', '/ledger/accounts', id, query],
    queryFn: ({ signal }) => masterData.list(`/ledger/accounts/${id}/entries`, { limit: 100, ...query }, signal),
    placeholderData: (before) => before,
  });
  const account = (entries.data as unknown as { account?: Row } | undefined)?.account;
  return (
    <Page
      title={account ? `${account.code} ${account.name}` : `${adminText.fields.account} ${id}`}
      crumbs={[adminCrumb, { label: text.accounts, to: '/admin/accounts' }]}
    >
      <PeriodPicker />
      <section className="panel">
        <QueryState query={entries} rows={12}>
          {(data) => (
            <>
              <DataTable
                label={text.entries}
                density="compact"
                rows={data.items}
                rowKey={(row, index) => String(row.id ?? index)}
                columns={[
                  { key: 'businessDate', label: text.date, type: 'date' },
                  { key: 'document', label: text.document, type: 'text', render: documentLink },
                  { key: 'subject', label: text.subject, type: 'text', render: (row) => String(row.subjectName ?? row.subject ?? '–') },
                  { key: 'debit', label: text.debit, type: 'money', render: (row) => formatMoney(sidesOf(row as never).debit) },
                  { key: 'credit', label: text.credit, type: 'money', render: (row) => formatMoney(sidesOf(row as never).credit) },
                  ...(data.items.some((row) => row.balance !== undefined)
                    ? [{ key: 'balance', label: text.balance, type: 'money' as const }]
                    : []),
                ]}
                empty={<EmptyState title={text.noEntries} />}
              />
              <Pager next={data.next} total={data.total} />
            </>
          )}
        </QueryState>
      </section>
    </Page>
  );
}

function documentLink(row: Row) {
  const document = row.document as { id?: string; number?: string; function?: string } | string | undefined;
  if (typeof document === 'object' && document.id && document.function)
    return <Link to={documentPath(document.function, document.id)}>{document.number}</Link>;
  return nameOf(document ?? row.number ?? row.documentNumber);
}
