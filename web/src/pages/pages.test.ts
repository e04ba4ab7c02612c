import { describe, expect, it } from 'vitest';
import { bodyOf, formOf, missingFields } from '@/admin/form';
import { adminPages } from '@/admin/pages';
import { groupPermissions } from '@/admin/permissions';
import { verdict } from '@/kit/KpiCard';
import { mirrored } from './ActionDialog';
import { changesOf } from './AuditPage';
import { sidesOf } from './EntriesView';
import { neighbours } from './RelatedView';

describe('ledger entries', () => {
  it('take their side from a sign when the API gives none', () => {
    expect(sidesOf({ account: '1', unit: 'EUR', amount: '-2.00' })).toEqual({ credit: '2.00' });
    expect(sidesOf({ account: '1', unit: 'EUR', debit: '2.00', amount: '2.00' })).toEqual({ debit: '2.00' });
  });
  it('are shown turned round before a reversal', () => {
    expect(
      mirrored([
        { account: '1', unit: 'EUR', debit: '5.00' },
        { account: '2', unit: 'EUR', amount: '-5.00' },
      ]),
    ).toEqual([
      { account: '1', unit: 'EUR', credit: '5.00' },
      { account: '2', unit: 'EUR', debit: '5.00' },
    ]);
  });
});

describe('related documents', () => {
  it('are followed both ways, once each, even in a circle', () => {
    const node = (id: string) => ({ id, number: id, function: 'sales.orders', kind: 'order', status: 'posted' });
    const found = neighbours(
      {
        nodes: ['a', 'b', 'c', 'd'].map(node),
        edges: [
          { from: 'a', to: 'b', relation: 'billed' },
          { from: 'b', to: 'c', relation: 'returned' },
          { from: 'c', to: 'b', relation: 'odd' },
          { from: 'd', to: 'a', relation: 'quoted' },
        ],
      },
      'b',
    );
    expect(found.to.map((item) => item.node.id)).toEqual(['c']);
    expect(found.from.map((item) => item.node.id)).toEqual(['a', 'c', 'd']);
  });
});

describe('figures and changes', () => {
  it('judge a change by what is better', () => {
    expect(verdict(0.1, 'up')).toBe('good');
    expect(verdict(0.1, 'down')).toBe('bad');
    expect(verdict(-0.1, 'down')).toBe('good');
    expect(verdict(0.1, 'none')).toBe('none');
  });
  it('are found between two whole states when no diff came', () => {
    expect(changesOf({ before: { a: 1, b: 2 }, after: '{"a":1,"b":3,"c":4}' })).toEqual([
      { path: 'b', before: 2, after: 3 },
      { path: 'c', before: undefined, after: 4 },
    ]);
  });
});

describe('a form of master data', () => {
  const fields = adminPages.find((page) => page.slug === 'tax-codes')!.fields!;
  it('shows a rate as per cent and sends it as a rate', () => {
    expect(formOf(fields, { code: 'STD', name: 'Standard', rate: '0.075', active: true }).rate).toBe('7.5');
    expect(bodyOf(fields, { code: 'STD', name: 'Standard', rate: '7.5', validFrom: '', active: true })).toEqual({
      code: 'STD',
      name: 'Standard',
      rate: '0.075',
      active: true,
    });
  });
  it('sends only what changed', () => {
    const before = { code: 'STD', name: 'Standard', rate: '0.2', active: true };
    expect(bodyOf(fields, { ...formOf(fields, before), name: 'Full' }, before)).toEqual({ name: 'Full' });
  });
  it('names what is missing', () => {
    expect(missingFields(fields, { code: '', name: 'x', rate: ' ' })).toEqual(['code', 'rate']);
  });
  it('groups permissions by their function', () => {
    expect(
      groupPermissions(['sales.orders.view', 'sales.orders.create', 'audit.view']).map((group) => [group.group, group.permissions.length]),
    ).toEqual([
      ['audit', 1],
      ['sales.orders', 2],
    ]);
  });
});
