import { describe, expect, it } from 'vitest';
import type { DemandSeries, FunctionInfo, HubFunction, Kpi, Meta } from '@/api';
import { analysisPath, busyHours, fitsMeasure, hourText, navigatorOf, shortLabel, stoodOut } from './centre';

const hours = (values: Record<number, [string | undefined, string]>) =>
  ({
    hours: Array.from({ length: 24 }, (_, hour) => ({ hour, value: values[hour]?.[0] ?? '0', usual: values[hour]?.[1] ?? '0' })),
  }) as unknown as DemandSeries;

describe('the demand of a day', () => {
  it('is drawn from an hour before anything happens to an hour after', () => {
    expect(busyHours(hours({ 9: ['5.00', '0'], 17: [undefined, '8.00'] })).map((hour) => hour.hour)).toEqual([
      8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18,
    ]);
    expect(busyHours(hours({ 0: ['1', '1'], 23: ['1', '1'] }))).toHaveLength(24);
    expect(busyHours(hours({}))).toEqual([]);
  });
  it('names its hours as a clock does', () => expect([hourText(9), hourText(0)]).toEqual(['09:00', '00:00']));
});

describe('the navigator', () => {
  const fn = { code: 'sales.point-of-sale', module: 'sales', slug: 'point-of-sale', name: 'Point of sale' } as FunctionInfo;
  const meta = { modules: [{ code: 'sales', name: 'Sales', functions: [fn] }] } as unknown as Meta;
  const kpi = { key: 'sales.point-of-sale:net', label: 'Point of sale: Net sales' } as Kpi;
  it('gives each function the first of its own figures', () => {
    const other = { key: 'sales.point-of-sale-returns:net', label: 'x' } as Kpi;
    expect(navigatorOf(meta, [other, kpi])[0]?.entries[0]?.kpi).toBe(kpi);
    expect(navigatorOf(meta, [other])[0]?.entries[0]?.kpi).toBeUndefined();
    expect(navigatorOf(undefined, [kpi])).toEqual([]);
  });
  it('does not repeat the name of the function', () => expect(shortLabel(kpi, fn)).toBe('Net sales'));
});

describe('the analytics hub', () => {
  const fn = { module: 'sales', slug: 'point-of-sale', name: 'Point of sale' } as HubFunction;
  const period = { from: '2026-01-01', to: '2026-04-01' };
  it('leads to an analysis of the same days, and to a forecast that chooses its own', () => {
    expect(analysisPath(fn, 'trend', 'net', period, 'HQ')).toBe(
      '/sales/point-of-sale/analytics?view=trend&measure=net&from=2026-01-01&to=2026-04-01&branch=HQ',
    );
    expect(analysisPath(fn, 'forecast', 'net', period)).toBe('/sales/point-of-sale/analytics?view=forecast&measure=net');
    expect(analysisPath(fn, 'heatmap', 'net', period)).toContain('of=measure');
  });
  it('tells the latest first, and of one day what is furthest from the usual', () => {
    const odd = (date: string, score: number) => ({ date, score, reason: '', value: '1' });
    const functions = [
      {
        ...fn,
        measures: [
          { key: 'a', anomalies: [odd('2026-03-01', 4)] },
          { key: 'b', anomalies: [odd('2026-03-01', -9), odd('2026-03-05', 4)] },
        ],
      },
    ] as unknown as HubFunction[];
    expect(stoodOut(functions).map((one) => `${one.measure.key}${one.odd.date.slice(8)}`)).toEqual(['b05', 'b01', 'a01']);
  });
  it('finds measures by all words typed', () => {
    expect(fitsMeasure(fn, { label: 'Net sales' }, 'net point')).toBe(true);
    expect(fitsMeasure(fn, { label: 'Net sales' }, 'net stock')).toBe(false);
    expect(fitsMeasure(fn, { label: 'Net sales' }, '')).toBe(true);
  });
});
