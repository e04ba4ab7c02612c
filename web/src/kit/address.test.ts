import { describe, expect, it } from 'vitest';
import { changeAddress, nextSort, readAddress, withQuery } from './address';
import { csvOf } from './csv';
import { pagePath } from './paths';
import { dayAt, dayText, periodCodeOf, periodOf } from './period';

describe('the state of a page in its address', () => {
  it('starts again at the first page when a filter changes', () => {
    const now = new URLSearchParams('status=posted&after=abc&page=3');
    expect(changeAddress(now, { status: 'draft' }).toString()).toBe('status=draft');
  });
  it('keeps the filters when only the page moves', () => {
    const now = new URLSearchParams('status=posted');
    expect(changeAddress(now, { after: 'x', page: '2' }).toString()).toBe('status=posted&after=x&page=2');
  });
  it('leaves no empty value behind', () => {
    expect(changeAddress(new URLSearchParams('q=milk&from=2026-01-01'), { q: '', from: null }).toString()).toBe('');
    expect(readAddress(new URLSearchParams('q=&status=posted'))).toEqual({ status: 'posted' });
    expect(readAddress(new URLSearchParams('a=1&b=2'), ['b'])).toEqual({ b: '2' });
  });
  it('turns a sort round and then takes it away', () => {
    expect(nextSort(undefined, 'total')).toBe('total');
    expect(nextSort('total', 'total')).toBe('-total');
    expect(nextSort('-total', 'total')).toBeUndefined();
    expect(nextSort('-date', 'total')).toBe('total');
  });
  it('adds a query to a path that may have one', () => {
    expect(withQuery('/a', { b: 1, c: undefined })).toBe('/a?b=1');
    expect(withQuery('/a?x=1', { b: 'y z' })).toBe('/a?x=1&b=y+z');
  });
  it('finds the page that the API names', () => {
    const fn = { module: 'sales', slug: 'point-of-sale' };
    expect(pagePath('list', fn, { status: 'posted' })).toBe('/sales/point-of-sale/list?status=posted');
    expect(pagePath('dashboard', fn)).toBe('/sales/point-of-sale');
    expect(pagePath('/approvals', fn)).toBe('/approvals');
  });
});

describe('named periods', () => {
  const today = new Date(2026, 2, 4);
  it('counts weeks from Monday and months by the calendar', () => {
    expect(periodOf('week', today)).toEqual({ from: '2026-03-02', to: '2026-03-04' });
    expect(periodOf('lastMonth', today)).toEqual({ from: '2026-02-01', to: '2026-02-28' });
    expect(periodOf('7d', today)).toEqual({ from: '2026-02-26', to: '2026-03-04' });
    expect(periodOf('week', new Date(2026, 2, 8))).toEqual({ from: '2026-03-02', to: '2026-03-08' });
  });
  it('knows its own name again', () => {
    expect(periodCodeOf('2026-02-01', '2026-02-28', today)).toBe('lastMonth');
    expect(periodCodeOf('2026-02-01', '2026-02-27', today)).toBeUndefined();
  });

  it('counts from the day of the branch, not from that of the browser', () => {
    const instant = new Date('2026-03-31T11:30:00Z');
    expect(dayText(dayAt('Pacific/Auckland', instant))).toBe('2026-04-01');
    expect(dayText(dayAt('America/New_York', instant))).toBe('2026-03-31');
    expect(periodOf('month', dayAt('Pacific/Auckland', instant))).toEqual({ from: '2026-04-01', to: '2026-04-01' });
    expect(periodOf('30d', dayAt('UTC', instant))).toEqual({ from: '2026-03-02', to: '2026-03-31' });
  });
});

describe('CSV of chosen rows', () => {
  it('quotes, and defuses what a spreadsheet would run', () => {
    const columns = [
      { key: 'name', label: 'Name' },
      { key: 'total', label: 'Total' },
    ];
    expect(
      csvOf(columns, [
        { name: 'Say "hi", all', total: '-2.00' },
        { name: '=SUM(A1)', total: '3.50' },
      ]),
    ).toBe('Name,Total\r\n"Say ""hi"", all",-2.00\r\n\'=SUM(A1),3.50');
  });
});
