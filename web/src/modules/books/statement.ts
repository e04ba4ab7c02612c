import type { Statement, StatementColumn, StatementLine } from '@/api';
import { withQuery } from '@/kit/address';

/** Where a figure leads: to the entries of its line's accounts, in the days and the branch of its column. */
export function entriesPath(
  statement: Statement,
  line: StatementLine,
  column: StatementColumn,
  branch: string | undefined,
): string | undefined {
  if (line.accounts.length === 0) return undefined;
  return withQuery('/books/statements/entries', {
    account: line.accounts.join(','),
    from: column.from,
    to: column.to,
    branch: column.branch ?? branch,
    withoutClosing: statement.withoutClosing || undefined,
    cashOnly: (statement.cashOnly && column.key !== 'opening' && line.kind !== 'figure' && line.key !== 'closing') || undefined,
    of: line.label,
  });
}

/** The last day of the month before this one: what a balance is mostly looked at for. */
export function lastMonthEnd(today: Date): Date {
  return new Date(today.getFullYear(), today.getMonth(), 0);
}
