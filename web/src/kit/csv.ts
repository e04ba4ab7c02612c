import type { Column, Row } from '@/api';
import { nameOf } from './format';

/**
 * Rows as CSV (RFC 4180) with the values of the API, not their local form, so that a program reads them again.
 * A text that a spreadsheet would take for a formula gets an apostrophe in front.
 */
export function csvOf(columns: Pick<Column, 'key' | 'label'>[], rows: Row[]): string {
  const quoted = (value: string) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const safe = (value: string) => (/^[=@\t\r]|^[+-](?!\d)/.test(value) ? `'${value}` : value);
  const line = (values: string[]) => values.map((value) => quoted(safe(value))).join(',');
  return [line(columns.map((column) => column.label)), ...rows.map((row) => line(columns.map((column) => nameOf(row[column.key]))))].join(
    '\r\n',
  );
}
