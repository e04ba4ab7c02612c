import { multiply, readDecimal, trim } from '@/kit/decimal';
import { companyCurrency } from '@/kit/format';
import { rateOfPercent } from '@/modules/sales/point-of-sale/basket';
import type { ResourceForm } from './pages';

/** Figures that count things, and are neither money nor a rate. */
const isCount = (figure: unknown) => ['count-today', 'open-exceptions'].includes(String(figure ?? ''));

const isRate = (figure: unknown) => String(figure ?? '').endsWith('rate');

/** A fraction of a power of ten, exact: 1250 with two decimals is 12.5. */
function scaled(value: unknown, decimals: number): string {
  return multiply(String(value ?? 0), `0.${'0'.repeat(Math.max(0, decimals - 1))}1`, decimals);
}

/** The threshold of a rule as people read it: 12.50, 0.5 %, or 3 of what is counted. */
export function thresholdText(figure: unknown, over: unknown): string {
  if (isCount(figure)) return String(over);
  if (isRate(figure)) return `${trim(scaled(over, 4))} %`;
  const exponent = companyCurrency().exponent;
  return exponent === 0 ? String(over) : scaled(over, exponent);
}

/**
 * A rule compares a figure in the smallest unit there is: minor units of money, millionths of a rate. People read and write
 * money in the company's currency and rates in per cent; a figure is a rate when its name ends so.
 */
export const approvalRuleForm: ResourceForm = {
  show: (row) => ({ ...row, over: row.figure ? thresholdText(row.figure, row.over) : '' }),
  send: (body, before) => {
    if (body.over === undefined) return body;
    const figure = body.figure ?? before?.figure;
    const typed = String(body.over ?? '')
      .replace('%', '')
      .trim();
    if (typed === '') return { ...body, over: 0 };
    const value = isRate(figure) ? rateOfPercent(typed) : readDecimal(typed);
    if (value === undefined) return body;
    const power = isCount(figure) ? '1' : isRate(figure) ? '1000000' : `1${'0'.repeat(companyCurrency().exponent)}`;
    return { ...body, over: Number(multiply(value, power, 0)) };
  },
};
