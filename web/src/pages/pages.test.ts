import { describe, expect, it } from 'vitest';
import { bodyOf, formOf, missingFields } from '@/admin/form';
import { adminPages } from '@/admin/pages';
import { groupPermissions, permissionSteps } from '@/admin/permissions';
import { verdict } from '@/kit/KpiCard';
import { mirrored } from './ActionDialog';
import { sidesOf } from './EntriesView';
import { listFilters } from './FunctionList';
import { neighbours } from './RelatedView';
import { drillPath } from './ReportView';

describe('ledger entries', () => {
  const entry = { accountName: 'Cash', role: 'Cash', unit: 'EUR' };
  it('take their side from a sign when the API gives none', () => {
    expect(sidesOf({ ...entry, account: '1', amount: '-2.00' })).toEqual({ credit: '2.00' });
    expect(sidesOf({ ...entry, account: '1', debit: '2.00', amount: '2.00' })).toEqual({ debit: '2.00' });
  });
  it('are shown turned round before a reversal', () => {
    expect(
      mirrored([
        { ...entry, account: '1', amount: '5.00', debit: '5.00' },
        { ...entry, account: '2', amount: '-5.00' },
      ]),
    ).toEqual([
      { ...entry, account: '1', amount: '-5.00', credit: '5.00' },
      { ...entry, account: '2', amount: '5.00', debit: '5.00' },
    ]);
  });
});

describe('a row of a report', () => {
  const fn = { code: 'sales.point-of-sale', module: 'sales', slug: 'point-of-sale' };
  it('leads to its document, to what its rule raised, to finer figures, or to the documents it sums', () => {
    expect(drillPath(fn, { document: 'd1' })).toBe('/sales/point-of-sale/d1');
    expect(drillPath(fn, { rule: 'POS_CASH_VARIANCE' })).toBe('/exceptions?rule=POS_CASH_VARIANCE&function=sales.point-of-sale');
    expect(drillPath(fn, { period: 'week', from: '2026-03-01', to: '2026-03-31', item: 'i1' })).toBe(
      '/sales/point-of-sale/reports/weekly?from=2026-03-01&to=2026-03-31&item=i1',
    );
    expect(drillPath(fn, { report: 'documents', branch: 'b1', from: '2026-03-01', to: '2026-03-31' })).toBe(
      '/sales/point-of-sale/reports/documents?branch=b1&from=2026-03-01&to=2026-03-31',
    );
    expect(drillPath(fn, { item: 'i1', from: '2026-03-01', to: '2026-03-01' })).toBe(
      '/sales/point-of-sale/list?item=i1&from=2026-03-01&to=2026-03-01',
    );
  });
  it('is understood by the list: what no column tells is a filter of its own, offered once', () => {
    const filters = listFilters(
      {
        kinds: [{ code: 'sale', name: 'Sale' }],
        columns: [
          { key: 'kind', label: 'Kind', type: 'text', filterable: true },
          { key: 'createdBy', label: 'Made by', type: 'user', filterable: true, choices: 'user' },
          { key: 'branch', label: 'Branch', type: 'branch', filterable: true },
        ],
        dimensions: [
          { key: 'branch', label: 'Branch' },
          { key: 'user', label: 'User', choices: 'user' },
          { key: 'item', label: 'Item', choices: 'item' },
          { key: 'hour', label: 'Hour' },
        ],
      },
      [{ code: 'HQ', name: 'Main street' }],
    );
    expect(filters.map((filter) => [filter.key, filter.offered ?? true])).toEqual([
      ['kind', true],
      ['createdBy', true],
      ['branch', true],
      ['user', false],
      ['item', true],
      ['hour', false],
    ]);
    expect(filters[0]!.options).toEqual([{ value: 'sale', label: 'Sale' }]);
    expect(filters[2]!.options).toEqual([{ value: 'HQ', label: 'Main street' }]);
  });
});

describe('related documents', () => {
  it('are followed both ways, once each, even in a circle', () => {
    const node = (id: string) => ({
      id,
      number: id,
      function: 'sales.orders',
      kind: 'order',
      status: 'posted',
      total: '1.00',
      currency: 'EUR',
    });
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

describe('figures', () => {
  it('judge a change by what is better', () => {
    expect(verdict(0.1, 'up')).toBe('good');
    expect(verdict(0.1, 'down')).toBe('bad');
    expect(verdict(-0.1, 'down')).toBe('good');
    expect(verdict(0.1, 'none')).toBe('none');
  });
});

describe('a form of master data', () => {
  const page = adminPages.find((item) => item.slug === 'tax-codes')!;
  const fields = page.fields!;
  const stored = {
    code: 'STD',
    name: 'Standard',
    category: 'S',
    active: true,
    version: 3,
    components: [
      {
        code: 'VAT',
        name: 'VAT',
        rates: [
          { from: '2020-01-01', rate: '0.19' },
          { from: '2024-01-01', rate: '0.2' },
        ],
      },
    ],
  };
  const shown = page.form!.show(stored);
  it('shows the latest rate as per cent', () => {
    expect(formOf(fields, shown)).toMatchObject({ rate: '20', rateFrom: '2024-01-01', name: 'Standard' });
  });
  it('adds a new rate and keeps the old ones', () => {
    const body = bodyOf(fields, { ...formOf(fields, shown), rate: '7.5', rateFrom: '2026-01-01' }, shown);
    expect(page.form!.send(body, stored)).toEqual({
      components: [{ code: 'VAT', name: 'VAT', rates: [...stored.components[0]!.rates, { from: '2026-01-01', rate: '0.075' }] }],
    });
  });
  it('sends only what changed', () => {
    expect(bodyOf(fields, { ...formOf(fields, shown), name: 'Full' }, shown)).toEqual({ name: 'Full' });
  });
  it('starts a new record with what is usual', () => {
    expect(formOf(fields)).toMatchObject({ active: true, category: 'S', code: '' });
    expect(bodyOf(fields, { ...formOf(fields), code: 'X', name: 'X', rate: '7.5', rateFrom: '2026-01-01' })).toMatchObject({
      rate: '0.075',
      active: true,
    });
  });
  it('names what is missing', () => {
    expect(missingFields(fields, { ...formOf(fields), name: 'x' })).toEqual(['code', 'rate', 'rateFrom']);
  });
  it('keeps what is known of a barcode that stays', () => {
    const items = adminPages.find((item) => item.slug === 'items')!;
    const before = { barcodes: [{ code: '590', factor: '6' }] };
    expect(items.form!.send({ barcodes: ['590', '591'] }, before)).toEqual({ barcodes: [{ code: '590', factor: '6' }, { code: '591' }] });
  });
  it('groups permissions by their function', () => {
    expect(
      groupPermissions(
        ['sales.orders.view', 'sales.orders.create', 'kernel.audit.view'].map((permission) => ({
          permission,
          label: '',
          sensitive: false,
          roles: [],
        })),
      ).map((group) => [group.group, group.permissions.length]),
    ).toEqual([
      ['kernel.audit', 1],
      ['sales.orders', 2],
    ]);
  });
  it('finds the steps between two sets of permissions', () => {
    expect(permissionSteps(new Set(['a', 'b']), new Set(['b', 'c']))).toEqual({ grant: ['c'], revoke: ['a'] });
  });
});
