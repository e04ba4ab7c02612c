import { SegmentedControl, Select } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type CellType, type FunctionInfo, functions, type Query } from '@/api';
import { readAddress, useAddress } from '@/kit/address';
import { BarChart, ForecastChart, Heatmap, LineChart, type Series } from '@/kit/charts';
import { formatCell, formatDate, formatNumber, formatRate, localised } from '@/kit/format';
import { verdict } from '@/kit/KpiCard';
import { dayBefore, periodOf } from '@/kit/period';
import { SavedViews } from '@/kit/SavedViews';
import { useToday } from '@/kit/session';
import { EmptyState, QueryState } from '@/kit/states';
import { pageText } from '@/messages';
import { DrillChips, drillKeys } from './DrillChips';
import classes from './FunctionAnalytics.module.css';
import { FunctionPage } from './useFunction';

const text = pageText.analytics;
const views = ['trend', 'variance', 'heatmap', 'forecast'] as const;

export function Component() {
  return <FunctionPage>{(fn) => <FunctionAnalytics fn={fn} />}</FunctionPage>;
}

function FunctionAnalytics({ fn }: { fn: FunctionInfo }) {
  const today = useToday();
  const { params, get, set } = useAddress();
  const view = views.find((name) => name === get('view')) ?? 'trend';
  const measure = fn.measures.find((item) => item.key === get('measure')) ?? fn.measures[0];
  if (measure === undefined) return <EmptyState />;
  // Each analysis takes its own parameters; one that it does not know would be refused as a filter.
  const takes: Record<(typeof views)[number], string[]> = {
    trend: ['bucket', 'compare'],
    variance: [],
    heatmap: ['rows', 'columns'],
    forecast: ['bucket', 'horizon'],
  };
  // A day that is not over yet looks like a slump; it is left out unless somebody asks for it.
  const whole = periodOf('90d', today);
  const query: Query = {
    ...whole,
    ...(whole.to ? { to: dayBefore(whole.to) } : {}),
    ...readAddress(params, [...drillKeys, ...takes[view]]),
    measure: measure.key,
  };
  const buckets = Object.entries(text.buckets).map(([value, label]) => ({ value, label }));
  return (
    <>
      <div className={classes.toolbar}>
        <SegmentedControl
          aria-label={pageText.tabs.analytics}
          value={view}
          onChange={(value) => set({ view: value })}
          data={views.map((name) => ({ value: name, label: text[name] }))}
        />
        {view === 'variance' ? null : (
          <Select
            aria-label={text.measure}
            value={measure.key}
            onChange={(value) => set({ measure: value })}
            data={fn.measures.map((item) => ({ value: item.key, label: item.label }))}
            allowDeselect={false}
            w={190}
          />
        )}
        {view === 'trend' || view === 'forecast' ? (
          <SegmentedControl
            aria-label={text.bucket}
            value={get('bucket') ?? 'day'}
            onChange={(value) => set({ bucket: value })}
            data={buckets}
          />
        ) : null}
        {view === 'trend' ? (
          <Select
            aria-label={pageText.reports.compare}
            placeholder={pageText.reports.noCompare}
            clearable
            value={get('compare') ?? null}
            onChange={(value) => set({ compare: value })}
            data={Object.entries(pageText.reports.compareWith).map(([value, label]) => ({ value, label }))}
            w={200}
          />
        ) : null}
        <DrillChips fn={fn} period="90d" />
        <SavedViews />
      </div>
      {view === 'trend' ? <TrendView fn={fn} query={query} label={measure.label} /> : null}
      {view === 'variance' ? <VarianceView fn={fn} query={{ ...query, measure: undefined }} better={measure.better} /> : null}
      {view === 'heatmap' ? <HeatmapView fn={fn} query={query} type={measure.type} label={measure.label} /> : null}
      {view === 'forecast' ? <ForecastView fn={fn} query={query} label={measure.label} type={measure.type} /> : null}
    </>
  );
}

const number = (value: number | string | undefined): number | null => (value === undefined ? null : Number(value));

function TrendView({ fn, query, label }: { fn: FunctionInfo; query: Query; label: string }) {
  const trend = useQuery({
    queryKey: [fn.code, 'trend', query],
    queryFn: ({ signal }) => functions.trend(fn.route, query, signal),
    placeholderData: keepPreviousData,
  });
  const chart = useMemo(() => {
    const points = trend.data?.points ?? [];
    const series: Series[] = [{ name: label, values: points.map((point) => number(point.value)), area: true }];
    if (trend.data?.compare)
      series.push({ name: text.compare, values: trend.data.compare.map((point) => number(point.value)), dashed: true });
    if (points.some((point) => point.average !== undefined))
      series.push({ name: text.average, values: points.map((point) => number(point.average)) });
    return {
      labels: points.map((point) => point.date),
      series,
      marks: points.flatMap((point, index) => (point.anomaly ? [{ index, reason: point.anomaly.reason }] : [])),
    };
  }, [trend.data, label]);
  const weekday = useMemo(
    () => [{ name: text.weekday, values: (trend.data?.weekday ?? []).map((value) => Number(value) * (Number(value) < 10 ? 100 : 1)) }],
    [trend.data],
  );
  return (
    <QueryState query={trend} rows={10}>
      {(data) => (
        <div className={classes.columns}>
          <LineChart title={label} sentence={data.sentence} type={data.type} {...chart} height={320} />
          <div className={classes.side}>
            {data.weekday && data.weekday.length === 7 ? (
              <BarChart
                title={text.weekday}
                sentence={text.weekdayHint}
                type="integer"
                labels={text.weekdays}
                series={weekday}
                height={150}
              />
            ) : null}
            {chart.marks.length > 0 ? (
              <section className="panel">
                <div className="panel-head">
                  <h2>{text.anomalies}</h2>
                </div>
                <ul className={classes.marks}>
                  {chart.marks.map((mark) => (
                    <li key={mark.index}>
                      <span className="strong">{formatDate(chart.labels[mark.index])}</span>{' '}
                      <span className="num">{formatCell(data.points[mark.index]?.value, data.type)}</span>
                      <br />
                      <span className="dim">{localised(mark.reason)}</span>
                    </li>
                  ))}
                </ul>
              </section>
            ) : null}
          </div>
        </div>
      )}
    </QueryState>
  );
}

function VarianceView({ fn, query, better }: { fn: FunctionInfo; query: Query; better: 'up' | 'down' | 'none' | undefined }) {
  const variance = useQuery({
    queryKey: [fn.code, 'variance', query],
    queryFn: ({ signal }) => functions.variance(fn.route, query, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <QueryState query={variance}>
      {(data) =>
        data.cards.length === 0 ? (
          <EmptyState />
        ) : (
          <div className={classes.cards}>
            {data.cards.map((card) => {
              const direction = fn.measures.find((item) => item.key === card.key)?.better ?? better;
              const signed = (value: number | string) => plus(formatCell(value, card.type), Number(value));
              const effects = [
                [text.volume, card.volumeEffect],
                [text.price, card.priceEffect],
                [text.mix, card.mixEffect],
              ].filter((item): item is [string, string | number] => item[1] !== undefined);
              const most = Math.max(1e-9, ...effects.map(([, value]) => Math.abs(Number(value))));
              return (
                <section key={card.key} className={`panel ${classes.card}`}>
                  <h2 className={classes.cardTitle}>{card.label}</h2>
                  <span className={`${classes.actual} num`}>{formatCell(card.actual, card.type)}</span>
                  <dl className={classes.versus}>
                    {card.target === undefined ? null : (
                      <Versus
                        label={text.target}
                        value={formatCell(card.target, card.type)}
                        delta={card.varianceToTarget}
                        signed={signed}
                        tone={verdict(Number(card.varianceToTarget ?? 0), direction)}
                      />
                    )}
                    <Versus
                      label={text.baseline}
                      value={formatCell(card.baseline, card.type)}
                      delta={card.varianceToBaseline}
                      signed={signed}
                      tone={verdict(Number(card.varianceToBaseline ?? 0), direction)}
                    />
                  </dl>
                  {effects.length > 0 ? (
                    <>
                      <p className={classes.effectsTitle}>{text.effects}</p>
                      <ul className={classes.effects}>
                        {effects.map(([name, value]) => (
                          <li key={name}>
                            <span className="dim">{name}</span>
                            <span className={classes.track} aria-hidden="true">
                              <span
                                className={classes.bar}
                                data-negative={Number(value) < 0}
                                style={{ '--share': `${(Math.abs(Number(value)) / most) * 50}%` } as React.CSSProperties}
                              />
                            </span>
                            <span className="num end">{signed(value)}</span>
                          </li>
                        ))}
                      </ul>
                    </>
                  ) : null}
                </section>
              );
            })}
          </div>
        )
      }
    </QueryState>
  );
}

/** With a plus before what is more; what is shown as nothing has none. */
function plus(shown: string, value: number): string {
  return value > 0 && /[1-9]/.test(shown) ? `+${shown}` : shown;
}

function Versus({
  label,
  value,
  delta,
  signed,
  tone,
}: {
  label: string;
  value: string;
  delta: string | number | undefined;
  signed: (value: string | number) => string;
  tone: string;
}) {
  return (
    <>
      <dt>{label}</dt>
      <dd className="num">{value}</dd>
      <dd className={`num ${classes.delta}`} data-verdict={tone}>
        {delta === undefined ? '' : signed(delta)}
      </dd>
    </>
  );
}

function HeatmapView({ fn, query, type, label }: { fn: FunctionInfo; query: Query; type: CellType; label: string }) {
  const { get, set } = useAddress();
  const rows = get('rows') ?? 'weekday';
  const columns = get('columns') ?? 'hour';
  const of = get('of') ?? 'exceptions';
  const asked = { ...query, rows, columns, measure: of === 'exceptions' ? 'exceptions' : query.measure };
  const heatmap = useQuery({
    queryKey: [fn.code, 'heatmap', asked],
    queryFn: ({ signal }) => functions.heatmap(fn.route, asked, signal),
    placeholderData: keepPreviousData,
  });
  const cells = useMemo(() => (heatmap.data?.cells ?? []).map((line) => line.map(Number)), [heatmap.data]);
  const named = (keys: string[]) => keys.map((key) => ({ value: key, label: pageText.dimensions[key] ?? key }));
  return (
    <>
      <div className={classes.toolbar}>
        <SegmentedControl
          aria-label={text.measure}
          value={of}
          onChange={(value) => set({ of: value === 'exceptions' ? undefined : value })}
          data={[
            { value: 'exceptions', label: text.exceptions },
            { value: 'measure', label },
          ]}
        />
        <Select
          aria-label={text.rows}
          value={rows}
          onChange={(value) => set({ rows: value })}
          data={named(['weekday', 'branch', 'rule'])}
          allowDeselect={false}
          w={140}
        />
        <Select
          aria-label={text.columns}
          value={columns}
          onChange={(value) => set({ columns: value })}
          data={named(['hour', 'branch', 'rule'])}
          allowDeselect={false}
          w={140}
        />
      </div>
      <QueryState query={heatmap}>
        {(data) => (
          <>
            <Heatmap
              title={of === 'exceptions' ? text.exceptions : label}
              sentence={data.sentence}
              type={of === 'exceptions' ? 'integer' : type}
              rows={data.rows}
              columns={data.columns}
              cells={cells}
            />
            <div className={classes.facts}>
              {data.gini === undefined ? null : <Figure label={text.gini} value={formatNumber(data.gini)} />}
              {data.paretoShare === undefined ? null : <Figure label={text.pareto} value={formatRate(data.paretoShare, undefined, 0)} />}
            </div>
          </>
        )}
      </QueryState>
    </>
  );
}

function ForecastView({ fn, query, label, type }: { fn: FunctionInfo; query: Query; label: string; type: CellType }) {
  const { get, set } = useAddress();
  const horizon = get('horizon') ?? '14';
  const asked = { ...query, bucket: get('bucket') ?? 'day', horizon };
  const forecast = useQuery({
    queryKey: [fn.code, 'forecast', asked],
    queryFn: ({ signal }) => functions.forecast(fn.route, asked, signal),
    placeholderData: keepPreviousData,
  });
  const chart = useMemo(() => {
    const optional = (value: number | string | undefined) => (value === undefined ? undefined : Number(value));
    return {
      history: (forecast.data?.history ?? []).map((point) => ({ date: point.date, value: Number(point.value) })),
      points: (forecast.data?.points ?? []).map((point) => ({
        date: point.date,
        value: Number(point.value),
        low80: optional(point.low80),
        high80: optional(point.high80),
        low95: optional(point.low95),
        high95: optional(point.high95),
      })),
    };
  }, [forecast.data]);
  return (
    <QueryState query={forecast} rows={10}>
      {(data) => (
        <ForecastChart
          title={label}
          sentence={data.sentence}
          type={data.type ?? type}
          {...chart}
          tools={
            <SegmentedControl
              size="xs"
              aria-label={text.horizon}
              value={horizon}
              onChange={(value) => set({ horizon: value })}
              data={['7', '14', '28']}
            />
          }
          foot={
            <div className={classes.facts}>
              {data.model ? <Figure label={text.model} value={data.model} /> : null}
              {data.smape === undefined ? null : <Figure label={text.smape} value={formatRate(data.smape / 100, undefined, 1)} />}
              {data.mase === undefined ? null : <Figure label={text.mase} value={formatNumber(data.mase)} hint={text.maseHint} />}
            </div>
          }
        />
      )}
    </QueryState>
  );
}

function Figure({ label, value, hint }: { label: string; value: string; hint?: string }) {
  return (
    <div className={`panel ${classes.figure}`}>
      <span className="dim">{label}</span>
      <span className={`${classes.figureValue} num`}>{value}</span>
      {hint ? <span className="dim small">{hint}</span> : null}
    </div>
  );
}
