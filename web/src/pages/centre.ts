import type { DemandSeries, FunctionInfo, HubFunction, HubMeasure, Kpi, Meta } from '@/api';
import { withQuery } from '@/kit/address';
import { functionPath } from '@/kit/paths';

/** What the operations dashboard and the analytics hub work out of what the server told. */

/** The hours worth drawing: from the first to the last in which something happens, today or usually, and an hour either side. */
export function busyHours(series: DemandSeries): DemandSeries['hours'] {
  const busy = series.hours.filter((hour) => Number(hour.value ?? 0) !== 0 || Number(hour.usual) !== 0).map((hour) => hour.hour);
  if (busy.length === 0) return [];
  const [first, last] = [Math.min(...busy) - 1, Math.max(...busy) + 1];
  return series.hours.filter((hour) => hour.hour >= first && hour.hour <= last);
}

/** `9` to `09:00`. */
export function hourText(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}

export interface NavigatorEntry {
  fn: FunctionInfo;
  kpi: Kpi | undefined;
}

/** Each module's functions with the first of their figures; keys of the summary begin with the function's code. */
export function navigatorOf(meta: Meta | undefined, kpis: Kpi[]) {
  return (meta?.modules ?? []).map((module) => ({
    code: module.code,
    name: module.name,
    entries: module.functions.map((fn): NavigatorEntry => ({ fn, kpi: kpis.find((kpi) => kpi.key.startsWith(`${fn.code}:`)) })),
  }));
}

/** The label of a figure without the name of its function before it. */
export function shortLabel(kpi: Kpi, fn: FunctionInfo): string {
  return kpi.label.startsWith(`${fn.name}: `) ? kpi.label.slice(fn.name.length + 2) : kpi.label;
}

export type HubView = 'trend' | 'variance' | 'heatmap' | 'forecast';

/** Where an analysis of a measure is, over the days that the hub looked at, so that it marks the same days. */
export function analysisPath(
  fn: Pick<HubFunction, 'module' | 'slug'>,
  view: HubView,
  measure: string,
  period: { from: string; to: string },
  branch?: string,
): string {
  const days = view === 'forecast' ? {} : period;
  const heatmap = view === 'heatmap' ? { of: 'measure' } : {};
  return withQuery(`${functionPath(fn)}/analytics`, { view, measure, ...days, ...heatmap, branch });
}

/** What stood out in any measure, the latest first and of one day the strongest. */
export function stoodOut(functions: HubFunction[]) {
  return functions
    .flatMap((fn) => fn.measures.flatMap((measure) => measure.anomalies.map((odd) => ({ fn, measure, odd }))))
    .sort((a, b) => b.odd.date.localeCompare(a.odd.date) || Math.abs(b.odd.score) - Math.abs(a.odd.score));
}

/** Whether every word is in the name of a measure or of its function. */
export function fitsMeasure(fn: Pick<HubFunction, 'name'>, measure: Pick<HubMeasure, 'label'>, words: string): boolean {
  const text = `${fn.name} ${measure.label}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
