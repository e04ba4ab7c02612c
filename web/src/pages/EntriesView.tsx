import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type FunctionInfo, functions, type LedgerEntry, type LedgerTransaction, operations } from '@/api';
import { InstantText } from '@/kit/cells';
import { DataTable } from '@/kit/DataTable';
import { compare, isDecimal, negate, sum } from '@/kit/decimal';
import { companyCurrency, formatDate, formatMoney, formatQuantity } from '@/kit/format';
import { StatusBadge } from '@/kit/StatusBadge';
import { useSession } from '@/kit/session';
import { EmptyState, QueryState } from '@/kit/states';
import { pageText } from '@/messages';
import classes from './DocumentPage.module.css';
import { ProofView } from './ProofView';

const text = pageText.detail;

/** Debit and credit of an entry; the API gives them, or a signed amount whose plus is a debit. */
export function sidesOf(entry: LedgerEntry): { debit?: string; credit?: string } {
  if (entry.debit !== undefined || entry.credit !== undefined)
    return { ...(entry.debit ? { debit: entry.debit } : {}), ...(entry.credit ? { credit: entry.credit } : {}) };
  const amount = entry.amount ?? '0';
  return compare(amount, '0') < 0 ? { credit: negate(amount) } : { debit: amount };
}

export function useEntries(fn: FunctionInfo, id: string, enabled = true) {
  return useQuery({ queryKey: [fn.code, 'entries', id], queryFn: () => functions.entries(fn.route, id), enabled });
}

export function EntriesView({ fn, id }: { fn: FunctionInfo; id: string }) {
  const entries = useEntries(fn, id);
  return (
    <QueryState query={entries}>
      {(data) =>
        data.transactions.length === 0 ? (
          <div className="panel">
            <EmptyState title={text.noEntries}>{text.noEntriesHint}</EmptyState>
          </div>
        ) : (
          data.transactions.map((transaction) => <TransactionPanel key={transaction.id} transaction={transaction} />)
        )
      }
    </QueryState>
  );
}

function TransactionPanel({ transaction }: { transaction: LedgerTransaction }) {
  const { can } = useSession();
  const units = [...new Set(transaction.entries.map((entry) => entry.unit))];
  return (
    <section className="panel">
      <div className="panel-head">
        <div className={classes.txHead} style={{ flex: 1 }}>
          <h2 style={{ flex: 'none' }}>{text.transaction(formatDate(transaction.businessDate))}</h2>
          {transaction.reversalOf ? <StatusBadge status="reversed" label={text.reversalOf} /> : null}
          {units.map((unit) => (
            <Balance key={unit} unit={unit} entries={transaction.entries.filter((entry) => entry.unit === unit)} />
          ))}
        </div>
        <span className="dim small">
          <InstantText value={transaction.postedAt} />
        </span>
      </div>
      <EntryTable entries={transaction.entries} />
      {can('kernel.ledger.view') ? (
        <div style={{ padding: '0.5rem 1rem 0.75rem' }}>
          <ProofView name={`transaction-${transaction.id}`} load={() => operations.transactionProof(transaction.id)} />
        </div>
      ) : null}
    </section>
  );
}

/** Entries as account, subject, debit and credit; goods in their own unit, money in its currency. */
export function EntryTable({ entries }: { entries: LedgerEntry[] }) {
  const money = (unit: string) => unit === companyCurrency().currency || /^[A-Z]{3}$/.test(unit);
  const shown = (value: string | undefined, unit: string) =>
    value === undefined ? null : money(unit) ? formatMoney(value, { currency: unit }) : formatQuantity(value);
  return (
    <DataTable
      label={text.entries}
      rows={entries.map((entry, index) => ({ ...entry, ...sidesOf(entry), id: index }))}
      columns={[
        {
          key: 'account',
          label: text.account,
          type: 'text',
          render: (row) => (
            <>
              <span className="mono dim">{String(row.account)}</span> {String(row.accountName ?? row.role ?? '')}
            </>
          ),
        },
        { key: 'subject', label: text.subject, type: 'text', render: (row) => String(row.subjectName ?? row.subject ?? '–') },
        { key: 'unit', label: text.unit, type: 'text' },
        { key: 'debit', label: text.debit, type: 'number', render: (row) => shown(row.debit as string | undefined, String(row.unit)) },
        { key: 'credit', label: text.credit, type: 'number', render: (row) => shown(row.credit as string | undefined, String(row.unit)) },
      ]}
    />
  );
}

function Balance({ unit, entries }: { unit: string; entries: LedgerEntry[] }) {
  const sides = entries.map(sidesOf);
  const debit = sum(sides.map((side) => side.debit ?? '0').filter(isDecimal));
  const credit = sum(sides.map((side) => side.credit ?? '0').filter(isDecimal));
  const balanced = compare(debit, credit) === 0;
  return (
    <span className={classes.balance} data-ok={balanced} title={balanced ? text.balanced : text.unbalanced}>
      {balanced ? <IconCheck size={14} aria-hidden="true" /> : <IconAlertTriangle size={14} aria-hidden="true" />}
      <span className="num">
        {unit} {formatQuantity(debit)}
        {balanced ? '' : ` ≠ ${formatQuantity(credit)}`}
      </span>
      <span className="visually-hidden">{balanced ? text.balanced : text.unbalanced}</span>
    </span>
  );
}
