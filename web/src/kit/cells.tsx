import type { CellType } from '@/api';
import { formatAgo, formatCell, formatDate, formatInstant, formatMoney, formatQuantity, isNumericType } from './format';
import { StatusBadge } from './StatusBadge';

/** Money with the decimals of its currency, aligned figures and a real minus sign. */
export function MoneyText({
  value,
  currency,
  sign = false,
  className = '',
}: {
  value: string | number | null | undefined;
  currency?: string | undefined;
  sign?: boolean;
  className?: string;
}) {
  return <span className={`num ${className}`}>{formatMoney(value, { currency, sign })}</span>;
}

export function QuantityText({ value, unit }: { value: string | number | null | undefined; unit?: string | undefined }) {
  return (
    <span className="num">
      {formatQuantity(value)}
      {unit ? <span className="dim"> {unit}</span> : null}
    </span>
  );
}

export function DateText({ value }: { value: string | null | undefined }) {
  return value ? (
    <time dateTime={value} className="num">
      {formatDate(value)}
    </time>
  ) : null;
}

export function InstantText({ value, ago = false }: { value: string | null | undefined; ago?: boolean }) {
  return value ? (
    <time dateTime={value} title={formatInstant(value)} className="num">
      {ago ? formatAgo(value) : formatInstant(value)}
    </time>
  ) : null;
}

/** A value of the API by the type its column says. */
export function CellValue({ value, type, currency }: { value: unknown; type: CellType; currency?: string | undefined }) {
  if (value === null || value === undefined || value === '') return <span className="dim">–</span>;
  if (type === 'status') return <StatusBadge status={String(value)} />;
  if (type === 'date') return <DateText value={String(value)} />;
  if (type === 'instant') return <InstantText value={String(value)} />;
  const text = formatCell(value, type, { currency });
  return isNumericType(type) ? <span className="num">{text}</span> : text;
}
