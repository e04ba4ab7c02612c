import { multiply, readDecimal, trim } from '@/kit/decimal';
import { formatMoney } from '@/kit/format';
import { rateOfPercent } from '@/modules/sales/point-of-sale/basket';
import { chainBody } from './chain';

/** A parameter as people read it: rates in per cent, money in the company's currency. */
export function shownParameter(type: string, value: string): string {
  if (type === 'rate') return `${percentOf(value)} %`;
  return type === 'money' ? formatMoney(value) : trim(value);
}

/** A parameter as it stands in its field. */
export function fieldOfParameter(type: string, value: string | undefined): string {
  if (value === undefined) return '';
  return type === 'rate' ? percentOf(value) : value;
}

/** What is sent for what was typed; what is no number is sent as it is, so that the API says what is wrong with it. */
export function sentParameter(type: string, typed: string): string {
  const plain = typed.replace('%', '').trim();
  return (type === 'rate' ? rateOfPercent(plain) : readDecimal(plain)) ?? plain;
}

function percentOf(rate: string): string {
  return trim(multiply(rate, '100', 4));
}

/** What a form says of a rule: empty is left to the company or to the declaration. */
export interface RuleValues {
  active: string;
  severity: string;
  ownerRole: string;
  escalateMinutes: string;
  escalateRole: string;
  quietMinutes: string;
  /** The further roles; null goes by what is above it. */
  escalateThen: string | null;
  parameters: Record<string, string>;
}

/** The body of a change: an empty field is null, which goes by what is above it; `-` is no role at all. */
export function bodyOfRule(values: RuleValues, types: Record<string, string>) {
  const number = (typed: string) => (typed.trim() === '' ? null : Number(typed));
  const role = (chosen: string) => (chosen === '' ? null : chosen === '-' ? '' : chosen);
  return {
    active: values.active === '' ? null : values.active === 'on',
    severity: values.severity === '' ? null : values.severity,
    ownerRole: role(values.ownerRole),
    escalateMinutes: number(values.escalateMinutes),
    escalateRole: role(values.escalateRole),
    quietMinutes: number(values.quietMinutes),
    escalateThen: values.escalateThen === null ? null : chainBody(values.escalateThen),
    parameters: parametersOf(values.parameters, types),
  };
}

/** The parameters that were filled in, as the API writes them. */
export function parametersOf(typed: Record<string, string>, types: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(typed)
      .filter(([, value]) => value.trim() !== '')
      .map(([name, value]) => [name, sentParameter(types[name] ?? 'integer', value)]),
  );
}
