import type { CellType, Decimal } from '@/api';
import { isDecimal, trim } from './decimal';

/** How numbers, money and dates look for this person. Formats are made once for each locale and setting. */

const locale = typeof navigator === 'undefined' ? 'en' : navigator.language;
let company = { currency: 'EUR', exponent: 2 };

export function setCompanyCurrency(currency: string, exponent: number): void {
  company = { currency, exponent };
}
export function companyCurrency(): { currency: string; exponent: number } {
  return company;
}

const numberFormats = new Map<string, Intl.NumberFormat>();
function numberFormat(options: Intl.NumberFormatOptions, language = locale): Intl.NumberFormat {
  const key = language + JSON.stringify(options);
  let format = numberFormats.get(key);
  if (format === undefined) {
    // What rounds to nothing has no sign: -0.004 is 0 %, not -0 %.
    format = new Intl.NumberFormat(language, { signDisplay: 'negative', ...options });
    numberFormats.set(key, format);
  }
  return format;
}

type Numeric = Decimal | number | null | undefined;

/** Intl formats decimal text exactly; it never passes through a floating number. */
function write(format: Intl.NumberFormat, value: Numeric): string {
  if (value === null || value === undefined || value === '') return '';
  if (typeof value === 'string' && !isDecimal(value)) return value;
  return format.format(value as unknown as number).replace('-', '\u2212');
}

export interface MoneyOptions {
  currency?: string | undefined;
  /** Show the currency's sign. Tables leave it out: the column says it once. */
  sign?: boolean;
  compact?: boolean;
  locale?: string;
}

export function formatMoney(value: Numeric, options: MoneyOptions = {}): string {
  const currency = options.currency ?? company.currency;
  const decimals =
    currency === company.currency ? { minimumFractionDigits: company.exponent, maximumFractionDigits: company.exponent } : {};
  const compact: Intl.NumberFormatOptions = options.compact
    ? { notation: 'compact', maximumFractionDigits: 1, minimumFractionDigits: 0 }
    : options.sign || currency === company.currency
      ? decimals
      : { minimumFractionDigits: 2, maximumFractionDigits: 3 };
  const style: Intl.NumberFormatOptions = options.sign ? { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } : {};
  return write(numberFormat({ ...style, ...compact }, options.locale), value);
}

export function formatQuantity(value: Numeric, language?: string): string {
  return write(numberFormat({ maximumFractionDigits: 6 }, language), typeof value === 'string' && isDecimal(value) ? trim(value) : value);
}

/** A rate is a fraction: 0.075 is 7.5 %. */
export function formatRate(value: Numeric, language?: string, decimals = 2): string {
  return write(numberFormat({ style: 'percent', maximumFractionDigits: decimals }, language), value);
}

export function formatNumber(value: Numeric, compact = false): string {
  return write(numberFormat(compact ? { notation: 'compact', maximumFractionDigits: 1 } : { maximumFractionDigits: 2 }), value);
}

const dateFormat = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' });
const dayFormat = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', timeZone: 'UTC' });
const instantFormat = new Intl.DateTimeFormat(locale, {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const timeFormat = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const relativeFormat = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });

/** A business day has no time zone: it is formatted as the day it is. */
export function formatDate(value: string | null | undefined, short = false): string {
  if (!value) return '';
  const at = new Date(`${value.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(at.getTime()) ? value : (short ? dayFormat : dateFormat).format(at);
}

export function formatInstant(value: string | null | undefined): string {
  if (!value) return '';
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? value : instantFormat.format(at);
}

export function formatTime(value: string | null | undefined): string {
  if (!value) return '';
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? value : timeFormat.format(at);
}

/** "3 min. ago", "yesterday": for feeds, beside the exact instant as a title. */
export function formatAgo(value: string, now: number = Date.now()): string {
  const minutes = Math.round((new Date(value).getTime() - now) / 60_000);
  if (Number.isNaN(minutes)) return value;
  if (Math.abs(minutes) < 60) return relativeFormat.format(minutes, 'minute');
  if (Math.abs(minutes) < 60 * 24) return relativeFormat.format(Math.round(minutes / 60), 'hour');
  return relativeFormat.format(Math.round(minutes / 1440), 'day');
}

export function formatMinutes(minutes: number): string {
  if (minutes < 60) return `${Math.round(minutes)} min`;
  if (minutes < 60 * 48) return `${Math.round(minutes / 60)} h`;
  return `${Math.round(minutes / 1440)} d`;
}

const numericTypes: ReadonlySet<CellType> = new Set(['number', 'integer', 'money', 'quantity', 'price', 'rate']);
export function isNumericType(type: CellType): boolean {
  return numericTypes.has(type);
}

/** `posted-late` to `Posted late`: for codes that came without a label. */
export function humanise(code: string): string {
  const words = code
    .replace(/^[a-z]+\./, '')
    .replaceAll(/[-_.]/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The name in a reference: the API may answer a text or an object with a name, number or code. */
export function nameOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return String(value);
  const named = value as Record<string, unknown>;
  const name = named.name ?? named.label ?? named.number ?? named.code ?? named.userName ?? named.sku ?? named.title ?? named.id;
  return name === undefined ? '' : String(name);
}

export function formatCell(value: unknown, type: CellType, options: { currency?: string | undefined; compact?: boolean } = {}): string {
  if (value === null || value === undefined || value === '') return '';
  const numeric = value as Numeric;
  switch (type) {
    case 'money':
      return formatMoney(numeric, options);
    case 'price':
      return typeof value === 'string' && isDecimal(value) && (trim(value).split('.')[1] ?? '').length > company.exponent
        ? formatQuantity(value)
        : formatMoney(numeric, options);
    case 'quantity':
      return formatQuantity(numeric);
    case 'rate':
      return formatRate(numeric);
    case 'number':
    case 'integer':
      return formatNumber(numeric, options.compact);
    case 'date':
      return formatDate(String(value));
    case 'instant':
      return formatInstant(String(value));
    case 'status':
      return humanise(nameOf(value));
    case 'boolean':
      return value === true || value === 'true' ? 'Yes' : 'No';
    default:
      return nameOf(value);
  }
}

/** A sentence of the server with its days and amounts written as this person writes them. */
export function localised(sentence: string): string {
  return sentence
    .replace(/\b\d{4}-\d{2}-\d{2}\b/g, (day) => formatDate(day))
    .replace(/(?<![\w.,])-?\d{4,}(?:\.\d+)?\b/g, (amount) =>
      /^(?:19|20)\d{2}$/.test(amount)
        ? amount
        : write(numberFormat({ minimumFractionDigits: (amount.split('.')[1] ?? '').length }), amount),
    );
}
