import { useCallback } from 'react';
import type { CellType } from '@/api';
import { pageText } from '@/messages';
import { formatCell, formatDate } from '../format';
import { ChartFrame } from './ChartFrame';
import type { ChartColours } from './EChart';

export interface Series {
  name: string;
  values: (number | null)[];
  dashed?: boolean;
  area?: boolean;
}

export interface ChartShape {
  title: string;
  sentence?: string | undefined;
  type: CellType;
  labels: string[];
  series: Series[];
  /** Points that stand out, with the reason they are marked. */
  marks?: { index: number; reason: string }[];
  height?: number;
  tools?: React.ReactNode;
  onPoint?: (index: number) => void;
}

export function axes(colours: ChartColours, labels: string[], type: CellType) {
  return {
    grid: { left: 8, right: 16, top: 16, bottom: 4, containLabel: true },
    xAxis: {
      type: 'category',
      data: labels.map((label) => (/^\d{4}-\d\d-\d\d/.test(label) ? formatDate(label, true) : label)),
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { show: false },
      axisLabel: { color: colours.dim, fontSize: 11, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      axisLabel: { color: colours.dim, fontSize: 11, formatter: (value: number) => formatCell(value, type, { compact: true }) },
      splitLine: { lineStyle: { color: colours.line } },
      splitNumber: 4,
    },
    tooltip: {
      trigger: 'axis',
      backgroundColor: colours.surface,
      borderColor: colours.line,
      padding: [6, 10],
      textStyle: { color: colours.ink, fontSize: 12 },
      valueFormatter: (value: unknown) =>
        Array.isArray(value) || value === null || value === undefined ? '–' : formatCell(Number(value), type),
    },
  };
}

function tableOf({ labels, series, type }: Pick<ChartShape, 'labels' | 'series' | 'type'>) {
  return {
    columns: [pageText.chart.when, ...series.map((item) => item.name)],
    rows: labels.map((label, index) => [
      /^\d{4}-\d\d-\d\d/.test(label) ? formatDate(label) : label,
      ...series.map((item) => formatCell(item.values[index] ?? null, type)),
    ]),
  };
}

const seriesColour = (index: number) => `var(--p-series-${(index % 5) + 1})`;

/** One or more lines over time; a dashed one is for comparison. */
export function LineChart({ title, sentence, type, labels, series, marks = [], height = 260, tools, onPoint }: ChartShape) {
  const option = useCallback(
    (colours: ChartColours) => ({
      ...axes(colours, labels, type),
      series: series.map((item, index) => ({
        type: 'line',
        name: item.name,
        data: item.values,
        showSymbol: item.values.length < 2,
        symbolSize: 6,
        smooth: 0.15,
        lineStyle: { width: item.dashed ? 1.5 : 2, type: item.dashed ? 'dashed' : 'solid' },
        color: colours.series[index % 5],
        ...(item.area ? { areaStyle: { opacity: 0.08 } } : {}),
        ...(index === 0 && marks.length > 0
          ? {
              markPoint: {
                symbol: 'circle',
                symbolSize: 11,
                itemStyle: { color: 'transparent', borderColor: colours.danger, borderWidth: 2 },
                label: { show: false },
                data: marks.map((mark) => ({ name: mark.reason, coord: [mark.index, item.values[mark.index] ?? 0] })),
                tooltip: { trigger: 'item', formatter: (point: { name: string }) => point.name },
              },
            }
          : {}),
      })),
    }),
    [labels, series, type, marks],
  );
  return (
    <ChartFrame
      title={title}
      sentence={sentence}
      option={option}
      table={tableOf({ labels, series, type })}
      height={height}
      tools={tools}
      {...(onPoint ? { onPoint } : {})}
      legend={series.map((item, index) => ({ label: item.name, colour: seriesColour(index), dashed: item.dashed ?? false }))}
    />
  );
}

export function BarChart({ title, sentence, type, labels, series, height = 260, tools, onPoint }: ChartShape) {
  const option = useCallback(
    (colours: ChartColours) => ({
      ...axes(colours, labels, type),
      series: series.map((item, index) => ({
        type: 'bar',
        name: item.name,
        data: item.values,
        color: colours.series[index % 5],
        barMaxWidth: 28,
        itemStyle: { borderRadius: [3, 3, 0, 0] },
      })),
    }),
    [labels, series, type],
  );
  return (
    <ChartFrame
      title={title}
      sentence={sentence}
      option={option}
      table={tableOf({ labels, series, type })}
      height={height}
      tools={tools}
      {...(onPoint ? { onPoint } : {})}
      legend={series.map((item, index) => ({ label: item.name, colour: seriesColour(index) }))}
    />
  );
}

/** Counts or amounts in a grid of two dimensions; darker is more, and each cell of the table says how much. */
export function Heatmap({
  title,
  sentence,
  type,
  rows,
  columns,
  cells,
  tools,
}: {
  title: string;
  sentence?: string | undefined;
  type: CellType;
  rows: string[];
  columns: string[];
  cells: number[][];
  tools?: React.ReactNode;
}) {
  const option = useCallback(
    (colours: ChartColours) => {
      const base = axes(colours, columns, type);
      const most = Math.max(1, ...cells.flat());
      return {
        ...base,
        grid: { ...base.grid, top: 4, bottom: 4 },
        yAxis: {
          type: 'category',
          data: rows,
          inverse: true,
          axisLine: { show: false },
          axisTick: { show: false },
          axisLabel: { color: colours.dim, fontSize: 11 },
        },
        visualMap: { show: false, min: 0, max: most, inRange: { color: [colours.accentSoft, colours.series[0]] } },
        tooltip: {
          ...base.tooltip,
          trigger: 'item',
          formatter: (point: { value: [number, number, number] }) =>
            `${rows[point.value[1]]} · ${columns[point.value[0]]}<br><b>${formatCell(point.value[2], type)}</b>`,
        },
        series: [
          {
            type: 'heatmap',
            data: cells.flatMap((line, row) => line.map((value, column) => [column, row, value])),
            itemStyle: { borderColor: colours.surface, borderWidth: 2, borderRadius: 4 },
            emphasis: { itemStyle: { borderColor: colours.ink } },
          },
        ],
      };
    },
    [rows, columns, cells, type],
  );
  return (
    <ChartFrame
      title={title}
      sentence={sentence}
      option={option}
      tools={tools}
      height={Math.max(160, rows.length * 34 + 40)}
      table={{
        columns: ['', ...columns],
        rows: rows.map((row, index) => [row, ...(cells[index] ?? []).map((value) => formatCell(value, type))]),
      }}
    />
  );
}

export interface ForecastPoint {
  date: string;
  value: number;
  low80?: number | undefined;
  high80?: number | undefined;
  low95?: number | undefined;
  high95?: number | undefined;
}

/** What was, what is expected, and how sure that is: the inner band holds 80 of 100, the outer 95. */
export function ForecastChart({
  title,
  sentence,
  type,
  history,
  points,
  tools,
  foot,
}: {
  title: string;
  sentence?: string | undefined;
  type: CellType;
  history: { date: string; value: number }[];
  points: ForecastPoint[];
  tools?: React.ReactNode;
  foot?: React.ReactNode;
}) {
  const option = useCallback(
    (colours: ChartColours) => {
      const labels = [...history.map((point) => point.date), ...points.map((point) => point.date)];
      const gap = Math.max(0, history.length - 1);
      const last = history.at(-1)?.value ?? null;
      const ahead = (pick: (point: ForecastPoint) => number | null) => [...Array<null>(gap).fill(null), last, ...points.map(pick)];
      const band = (
        name: string,
        low: (point: ForecastPoint) => number | undefined,
        high: (point: ForecastPoint) => number | undefined,
        opacity: number,
      ) => {
        const lows = points.map((point) => low(point) ?? point.value);
        const spans = points.map((point, index) => (high(point) ?? point.value) - lows[index]!);
        const quiet = { type: 'line', stack: name, symbol: 'none', lineStyle: { opacity: 0 }, tooltip: { show: false }, silent: true };
        return [
          { ...quiet, name: `${name}-low`, data: [...Array<null>(gap).fill(null), last, ...lows] },
          { ...quiet, name, data: [...Array<null>(gap).fill(null), 0, ...spans], areaStyle: { color: colours.series[0], opacity } },
        ];
      };
      return {
        ...axes(colours, labels, type),
        series: [
          ...band(
            '95',
            (point) => point.low95,
            (point) => point.high95,
            0.1,
          ),
          ...band(
            '80',
            (point) => point.low80,
            (point) => point.high80,
            0.16,
          ),
          {
            type: 'line',
            name: pageText.analytics.history,
            data: history.map((point) => point.value),
            symbol: 'none',
            color: colours.series[1],
            lineStyle: { width: 1.8 },
          },
          {
            type: 'line',
            name: pageText.analytics.forecast,
            data: ahead((point) => point.value),
            symbol: 'none',
            color: colours.series[0],
            lineStyle: { width: 2.2 },
          },
        ],
        tooltip: {
          ...axes(colours, labels, type).tooltip,
          formatter: (items: { dataIndex: number; axisValueLabel: string }[]) => {
            const index = items[0]?.dataIndex ?? 0;
            const point = points[index - history.length];
            if (!point) return `${items[0]?.axisValueLabel}<br><b>${formatCell(history[index]?.value ?? null, type)}</b>`;
            const range = point.low80 === undefined ? '' : `<br>80 %: ${formatCell(point.low80, type)} – ${formatCell(point.high80, type)}`;
            const wide = point.low95 === undefined ? '' : `<br>95 %: ${formatCell(point.low95, type)} – ${formatCell(point.high95, type)}`;
            return `${items[0]?.axisValueLabel}<br><b>${formatCell(point.value, type)}</b>${range}${wide}`;
          },
        },
      };
    },
    [history, points, type],
  );
  const column = pageText.analytics;
  return (
    <>
      <ChartFrame
        title={title}
        sentence={sentence}
        option={option}
        height={300}
        tools={tools}
        legend={[
          { label: column.history, colour: seriesColour(1) },
          { label: column.forecast, colour: seriesColour(0) },
        ]}
        table={{
          columns: [pageText.chart.when, column.forecast, column.low80, column.high80, column.low95, column.high95],
          rows: points.map((point) => [
            formatDate(point.date),
            ...[point.value, point.low80, point.high80, point.low95, point.high95].map((value) => formatCell(value ?? null, type)),
          ]),
        }}
      />
      {foot}
    </>
  );
}
