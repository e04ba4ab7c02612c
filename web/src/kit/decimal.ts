/**
 * Exact arithmetic on decimal text, for what a page shows between two answers of the server: the sum of selected rows,
 * what is still to pay, a line's value before the preview comes. Nothing that is posted is calculated here.
 */
interface Parts {
  units: bigint;
  scale: number;
}

const shape = /^[+-]?\d+(\.\d+)?$/;

export function isDecimal(text: string): boolean {
  return shape.test(text);
}

function parse(text: string): Parts {
  if (!shape.test(text)) throw new RangeError(`Not a decimal: ${text}`);
  const [whole, fraction = ''] = text.replace(/^\+/, '').split('.');
  return { units: BigInt(`${whole}${fraction}`), scale: fraction.length };
}

function write({ units, scale }: Parts): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const sign = units < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function aligned(a: string, b: string): { left: bigint; right: bigint; scale: number } {
  const [x, y] = [parse(a), parse(b)];
  const scale = Math.max(x.scale, y.scale);
  return { left: x.units * 10n ** BigInt(scale - x.scale), right: y.units * 10n ** BigInt(scale - y.scale), scale };
}

export function add(a: string, b: string): string {
  const { left, right, scale } = aligned(a, b);
  return write({ units: left + right, scale });
}

export function subtract(a: string, b: string): string {
  const { left, right, scale } = aligned(a, b);
  return write({ units: left - right, scale });
}

export function sum(values: Iterable<string>): string {
  let total = '0';
  for (const value of values) total = add(total, value);
  return total;
}

/** The product, rounded half away from zero to `decimals`: 3 × 4.99 = 14.97. */
export function multiply(a: string, b: string, decimals: number): string {
  const [x, y] = [parse(a), parse(b)];
  return rescale({ units: x.units * y.units, scale: x.scale + y.scale }, decimals);
}

/** The value with exactly `decimals` decimals, half away from zero: `round("0.005", 2)` is 0.01. */
export function round(a: string, decimals: number): string {
  return rescale(parse(a), decimals);
}

function rescale({ units, scale }: Parts, decimals: number): string {
  if (scale <= decimals) return write({ units: units * 10n ** BigInt(decimals - scale), scale: decimals });
  const divisor = 10n ** BigInt(scale - decimals);
  const magnitude = units < 0n ? -units : units;
  const rounded = (magnitude + divisor / 2n) / divisor;
  return write({ units: units < 0n ? -rounded : rounded, scale: decimals });
}

export function compare(a: string, b: string): -1 | 0 | 1 {
  const { left, right } = aligned(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

export function negate(a: string): string {
  const parts = parse(a);
  return write({ units: -parts.units, scale: parts.scale });
}

export function isZero(a: string): boolean {
  return parse(a).units === 0n;
}

/** Without trailing zeros: 3.000000 is 3, 0.250000 is 0.25. */
export function trim(a: string): string {
  return a.includes('.') ? a.replace(/\.?0+$/, '') : a;
}

/**
 * What a person typed, as a decimal: spaces and group marks go, a comma is a decimal mark when it stands last.
 * `1.234,50` and `1,234.50` are both 1234.50. Answers undefined when it is no number.
 */
export function readDecimal(typed: string): string | undefined {
  let text = typed.replace(/[\s'’\u00a0\u202f]/g, '').replace(/^\u2212/, '-');
  const comma = text.lastIndexOf(',');
  const point = text.lastIndexOf('.');
  if (comma > point)
    text = text
      .replaceAll('.', '')
      .replace(/,(?=[^,]*$)/, '.')
      .replaceAll(',', '');
  else text = text.replaceAll(',', '');
  if (text.startsWith('.')) text = `0${text}`;
  if (text.endsWith('.')) text = text.slice(0, -1);
  return isDecimal(text) ? text.replace(/^\+/, '') : undefined;
}
