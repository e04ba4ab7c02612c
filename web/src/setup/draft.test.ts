import { describe, expect, it } from 'vitest';
import type { SetupChoices } from '@/api';
import { firstDraft, rateOf, requestOf, stepOf, toggled } from './draft';

const choices: SetupChoices = {
  countries: [
    { code: 'AT', currency: 'EUR' },
    { code: 'CH', currency: 'CHF' },
  ],
  currencies: ['CHF', 'EUR'],
  timeZones: ['Europe/Vienna', 'UTC'],
  roles: [],
  modules: [],
  functions: [
    { code: 'sales.point-of-sale', module: 'sales', name: 'Point of sale', summary: '', needs: ['kernel.stock'] },
    { code: 'kernel.stock', module: 'kernel', name: 'Stock', summary: '', needs: [] },
  ],
  chartAccounts: 40,
  passwordLength: 10,
};

describe('the set-up', () => {
  it('begins where the browser says that it is', () => {
    const draft = firstDraft(choices, 'de-CH', 'Europe/Vienna');
    expect(draft.company).toEqual({ name: '', country: 'CH', currency: 'CHF' });
    expect(draft.branch.timeZone).toBe('Europe/Vienna');
    expect(firstDraft(choices, 'en', 'Mars/Base').branch.timeZone).toBe('UTC');
  });

  it('takes rates in per cent', () => {
    expect(['20', '8.1', '8,1', '0.5', '100', '5.125'].map(rateOf)).toEqual(['0.20', '0.081', '0.081', '0.005', '1.00', '0.05125']);
    expect(['', 'x', '-1', '1.2.3'].map(rateOf)).toEqual([null, null, null, null]);
  });

  it('sends only the rates that were chosen, and functions only when not all are wanted', () => {
    const draft = { ...firstDraft(choices, 'de-AT', 'UTC') };
    draft.taxes = { ...draft.taxes, preset: 'two', rates: ['20', '10', '5'] };
    expect(requestOf(draft, choices).taxes.rates).toEqual([
      { name: 'Standard', rate: '0.20' },
      { name: 'Reduced', rate: '0.10' },
    ]);
    expect(requestOf(draft, choices)).not.toHaveProperty('functions');
    expect(requestOf({ ...draft, functions: ['kernel.stock'] }, choices).functions).toEqual(['kernel.stock']);
  });

  it('switches what is needed on with it, and what needs it off with it', () => {
    expect(toggled(['sales.point-of-sale', 'kernel.stock'], 'kernel.stock', false, choices)).toEqual([]);
    expect(toggled([], 'sales.point-of-sale', true, choices)).toEqual(['sales.point-of-sale', 'kernel.stock']);
    expect(toggled(['sales.point-of-sale', 'kernel.stock'], 'sales.point-of-sale', false, choices)).toEqual(['kernel.stock']);
  });

  it('finds the step of a pointer', () => {
    expect([
      stepOf('/users/0/role'),
      stepOf('/taxes/rates/0/rate'),
      stepOf('#/company/name'),
      stepOf('/nothing'),
      stepOf(undefined),
    ]).toEqual(['people', 'taxes', 'company', undefined, undefined]);
  });
});
