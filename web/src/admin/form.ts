import type { Row } from '@/api';
import { multiply, readDecimal, trim } from '@/kit/decimal';
import { rateOfPercent } from '@/modules/sales/point-of-sale/basket';
import { chainBody, chainText } from './chain';
import type { ResourceField } from './pages';

export type FormValues = Record<string, string | boolean>;

/** The reference in a row: the API may answer the code itself or an object that has it. */
function referenceOf(value: unknown, from: 'code' | 'id' | 'sku' | 'role'): string {
  if (typeof value !== 'object' || value === null) return String(value ?? '');
  const named = value as Record<string, unknown>;
  return String(named[from] ?? named.code ?? named.id ?? '');
}

/** A row as the form shows it: a rate as per cent, a list with commas. */
export function formOf(fields: ResourceField[], row?: Row): FormValues {
  const values: FormValues = {};
  for (const field of fields) {
    const value = row?.[field.key];
    if (row === undefined) values[field.key] = field.initial ?? (field.kind === 'boolean' ? false : '');
    else if (field.kind === 'boolean') values[field.key] = value === true;
    else if (value === undefined || value === null) values[field.key] = '';
    else if (field.kind === 'chain') values[field.key] = chainText(value as { role: string; minutes: number }[]);
    else if (field.kind === 'rate') values[field.key] = trim(multiply(String(value), '100', 6));
    else if (field.kind === 'list')
      values[field.key] = Array.isArray(value)
        ? value.map((item) => (typeof item === 'object' ? referenceOf(item, 'code') : String(item))).join(', ')
        : String(value);
    else if (field.kind === 'instant') values[field.key] = String(value).slice(0, 10);
    else if (field.kind === 'reference') values[field.key] = referenceOf(value, field.from?.value ?? 'code');
    else values[field.key] = String(value);
  }
  return values;
}

/** What is sent: everything given for a new record, only what changed for an old one. */
export function bodyOf(fields: ResourceField[], values: FormValues, before?: Row): Row {
  const was = before === undefined ? undefined : formOf(fields, before);
  const body: Row = {};
  for (const field of fields) {
    const value = values[field.key];
    if (was !== undefined && (field.fixed || value === was[field.key])) continue;
    if (field.kind === 'boolean') body[field.key] = value === true;
    else if (field.kind === 'chain') body[field.key] = chainBody(String(value ?? ''));
    else if (typeof value !== 'string' || (value.trim() === '' && was === undefined)) continue;
    else if (value.trim() === '') body[field.key] = null;
    else if (field.kind === 'rate') body[field.key] = rateOfPercent(value) ?? value;
    else if (field.kind === 'integer') body[field.key] = /^-?\d+$/.test(value.trim()) ? Number(value) : value;
    else if (field.kind === 'number') body[field.key] = readDecimal(value) ?? value;
    else if (field.kind === 'instant') body[field.key] = `${value}T23:59:59Z`;
    else if (field.kind === 'list')
      body[field.key] = value
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean);
    else body[field.key] = value.trim();
  }
  return body;
}

export function missingFields(fields: ResourceField[], values: FormValues): string[] {
  return fields
    .filter((field) => field.required && field.kind !== 'boolean' && String(values[field.key] ?? '').trim() === '')
    .map((field) => field.key);
}
