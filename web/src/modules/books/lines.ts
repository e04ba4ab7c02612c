import type { JournalAccount, JournalData, JournalLine } from '@/api';
import { add, isDecimal, readDecimal, subtract } from '@/kit/decimal';

/** A line of the editor as it is typed; nothing is sent before it is handed in or saved. */
export interface TypedLine {
  key: number;
  account: string;
  subject: string;
  branch: string;
  debit: string;
  credit: string;
  text: string;
}

let last = 0;

export function emptyLine(): TypedLine {
  last += 1;
  return { key: last, account: '', subject: '', branch: '', debit: '', credit: '', text: '' };
}

export function isEmpty(line: TypedLine): boolean {
  return [line.account, line.subject, line.debit, line.credit, line.text].every((cell) => cell.trim() === '');
}

/** Sums of what is typed so far; what is no number yet counts as nothing. */
export function totals(lines: readonly TypedLine[]): { debit: string; credit: string; difference: string } {
  let [debit, credit] = ['0', '0'];
  for (const line of lines) {
    const [left, right] = [readDecimal(line.debit), readDecimal(line.credit)];
    if (left !== undefined && isDecimal(left)) debit = add(debit, left);
    if (right !== undefined && isDecimal(right)) credit = add(credit, right);
  }
  return { debit, credit, difference: subtract(debit, credit) };
}

/** The lines as they are sent: empty ones left out; what cannot be read is sent as it is, so that the server names its place. */
export function toRequest(lines: readonly TypedLine[]): JournalLine[] {
  const amount = (typed: string) => (typed.trim() === '' ? undefined : (readDecimal(typed) ?? typed.trim()));
  return lines
    .filter((line) => !isEmpty(line))
    .map((line) => ({
      account: line.account,
      ...given('debit', amount(line.debit)),
      ...given('credit', amount(line.credit)),
      ...given('subject', line.subject),
      ...given('branch', line.branch),
      ...given('text', line.text.trim()),
    }));
}

function given<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined || value === '' ? {} : ({ [key]: value } as Record<K, string>);
}

export function fromData(data: JournalData, ownBranch: string): TypedLine[] {
  return data.lines.map((line) => ({
    ...emptyLine(),
    account: line.account,
    subject: line.subject ?? '',
    branch: line.branch === ownBranch ? '' : line.branch,
    debit: line.debit ?? '',
    credit: line.credit ?? '',
    text: line.text ?? '',
  }));
}

/** Lines pasted from a spreadsheet or a CSV file: account, debit, credit, text; a heading and empty lines are passed over. */
export function fromPaste(pasted: string, accounts: readonly JournalAccount[]): TypedLine[] {
  const known = new Set(accounts.map((account) => account.code));
  return pasted
    .split(/\r?\n/)
    .map((row) => row.split(row.includes('\t') ? '\t' : ';').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')))
    .filter(
      ([account, debit = '', credit = '']) =>
        account !== undefined && account !== '' && (known.has(account) || readDecimal(debit || credit) !== undefined),
    )
    .map(([account = '', debit = '', credit = '', text = '']) => ({ ...emptyLine(), account, debit, credit, text }));
}
