import type { FirstRun, SetupChoices } from '@/api';
import { setupText } from '@/messages';

/** What the wizard has been told so far; texts as typed. */
export interface Draft {
  code: string;
  company: { name: string; country: string; currency: string };
  branch: { name: string; timeZone: string; warehouse: string; till: string };
  taxes: { preset: 'none' | 'one' | 'two' | 'three'; name: string; rates: string[]; inclusive: boolean };
  administrator: { name: string; userName: string; password: string; repeat: string };
  users: { key: string; name: string; userName: string; password: string; role: string }[];
  functions: string[];
}

export const steps = ['company', 'branch', 'taxes', 'people', 'functions'] as const;
export type Step = (typeof steps)[number];

const ratesOf: Record<Draft['taxes']['preset'], number> = { none: 0, one: 1, two: 2, three: 3 };

/** The rates that a preset asks for. */
export function rateNames(preset: Draft['taxes']['preset']): string[] {
  return setupText.taxes.rates.slice(0, ratesOf[preset]);
}

/** What to begin with: where this browser says that it is. */
export function firstDraft(choices: SetupChoices, locale: string, timeZone: string): Draft {
  const region = /-([A-Z]{2})\b/.exec(locale)?.[1];
  const country = choices.countries.find((item) => item.code === region);
  return {
    code: '',
    company: { name: '', country: country?.code ?? '', currency: country?.currency ?? '' },
    branch: {
      name: setupText.branch.initial,
      timeZone: choices.timeZones.includes(timeZone) ? timeZone : 'UTC',
      warehouse: '',
      till: setupText.branch.tillInitial,
    },
    taxes: { preset: 'one', name: 'VAT', rates: ['', '', ''], inclusive: true },
    administrator: { name: '', userName: 'admin', password: '', repeat: '' },
    users: [],
    functions: choices.functions.map((item) => item.code),
  };
}

/** A rate as the API takes it, from per cent as typed: `8.1` and `8,1` are `0.081`; null when it is no number. */
export function rateOf(percent: string): string | null {
  const match = /^\s*(\d{1,3})(?:[.,](\d{1,4}))?\s*$/.exec(percent);
  if (match === null) return null;
  const digits = `${(match[1] ?? '').padStart(3, '0')}${match[2] ?? ''}`;
  return `${digits.slice(0, -2 - (match[2] ?? '').length) || '0'}.${digits.slice(-2 - (match[2] ?? '').length)}`.replace(/^0+(?=\d)/, '');
}

/** What the wizard sends. */
export function requestOf(draft: Draft, choices: SetupChoices): FirstRun {
  const { company, branch, taxes, administrator } = draft;
  return {
    chart: 'standard',
    company: { ...company, name: company.name.trim() },
    branch: {
      code: 'MAIN',
      tillCode: 'T1',
      name: branch.name.trim(),
      timeZone: branch.timeZone,
      till: branch.till.trim(),
      ...(branch.warehouse.trim() ? { warehouse: branch.warehouse.trim() } : {}),
    },
    taxes: {
      rates: rateNames(taxes.preset).map((name, at) => ({ name, rate: rateOf(taxes.rates[at] ?? '') ?? '0' })),
      inclusive: taxes.inclusive,
      name: taxes.name.trim(),
    },
    administrator: { userName: administrator.userName.trim(), name: administrator.name.trim(), password: administrator.password },
    users: draft.users.map(({ key: _, ...user }) => ({ ...user, userName: user.userName.trim(), name: user.name.trim() })),
    ...(draft.functions.length === choices.functions.length ? {} : { functions: draft.functions }),
  };
}

/** The step on which the field of a pointer stands. */
export function stepOf(pointer: string | undefined): Step | undefined {
  const first = pointer?.replace(/^#?\//, '').split('/')[0];
  if (first === 'administrator' || first === 'users') return 'people';
  if (first === 'chart') return 'taxes';
  return steps.find((step) => step === first);
}

/** A function with all that it needs goes on; what needs it goes off with it. */
export function toggled(wanted: string[], code: string, on: boolean, choices: SetupChoices): string[] {
  const next = new Set(wanted);
  const visit = (one: string) => {
    if (on === next.has(one)) return;
    if (on) next.add(one);
    else next.delete(one);
    for (const item of choices.functions)
      if (on ? item.code !== one && needsOf(one, choices).includes(item.code) : item.needs.includes(one)) visit(item.code);
  };
  visit(code);
  return choices.functions.map((item) => item.code).filter((item) => next.has(item));
}

function needsOf(code: string, choices: SetupChoices): string[] {
  return choices.functions.find((item) => item.code === code)?.needs ?? [];
}
