import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { books, type Row } from '@/api';
import { useAddress } from '@/kit/address';
import { MoneyText } from '@/kit/cells';
import { DataTable } from '@/kit/DataTable';
import { formatDate, formatMoney } from '@/kit/format';
import { Page } from '@/kit/Page';
import { documentPath } from '@/kit/paths';
import { EmptyState, QueryState } from '@/kit/states';
import { bookText } from '@/messages';
import { Pager } from '@/pages/FunctionList';
import classes from './books.module.css';

/** The entries behind a figure of a statement, each leading to its document. */
export function Component() {
  const { all, get } = useAddress();
  const { page: _, of, ...query } = all;
  const entries = useQuery({
    queryKey: ['statements', 'entries', query],
    queryFn: ({ signal }) => books.entries({ limit: 100, ...query }, signal),
    placeholderData: (before) => before,
  });
  const days = `${get('from') ? formatDate(get('from')) : '…'} – ${formatDate(get('to'))}`;
  return (
    <Page
      title={of ? bookText.entriesOf(of) : bookText.entries}
      sub={[days, get('branch')].filter(Boolean).join(' · ')}
      crumbs={[
        { label: bookText.module, to: '/books' },
        { label: bookText.statements, to: '/books/statements' },
      ]}
    >
      <section className="panel">
        <QueryState query={entries} rows={12}>
          {(data) => (
            <>
              <div className={classes.figures}>
                <div>
                  <span className="dim">{bookText.opening}</span>
                  <MoneyText value={data.opening} currency={data.currency} sign />
                </div>
                <div>
                  <span className="dim">{bookText.movement}</span>
                  <MoneyText value={data.movement} currency={data.currency} sign />
                </div>
              </div>
              <DataTable
                label={bookText.entries}
                density="compact"
                rows={data.items as unknown as Row[]}
                rowKey={(row) => `${row.transaction}/${row.line}`}
                columns={[
                  { key: 'date', label: bookText.date, type: 'date' },
                  { key: 'document', label: bookText.document, type: 'text', render: documentLink },
                  { key: 'account', label: bookText.account, type: 'text', render: (row) => `${row.account} ${row.accountName}` },
                  { key: 'subject', label: bookText.subject, type: 'text' },
                  { key: 'branch', label: bookText.branch, type: 'text' },
                  { key: 'memo', label: bookText.memo, type: 'text' },
                  { key: 'debit', label: bookText.debit, type: 'money', render: (row) => formatMoney(row.debit as string | undefined) },
                  { key: 'credit', label: bookText.credit, type: 'money', render: (row) => formatMoney(row.credit as string | undefined) },
                ]}
                empty={<EmptyState title={bookText.noEntries} />}
              />
              <Pager next={data.next} total={undefined} />
            </>
          )}
        </QueryState>
      </section>
    </Page>
  );
}

function documentLink(row: Row) {
  const document = row.document as unknown as { id: string; number?: string; function: string; kind: string };
  return <Link to={documentPath(document.function, document.id)}>{document.number ?? document.kind}</Link>;
}
