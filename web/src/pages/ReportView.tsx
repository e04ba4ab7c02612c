import { Anchor, Button, Select } from '@mantine/core';
import { useMemo } from 'react';
import { Link } from 'react-router';
import type { Column, FunctionInfo, Report, Row } from '@/api';
import { useAddress, withQuery } from '@/kit/address';
import { CellValue } from '@/kit/cells';
import { BarChart } from '@/kit/charts';
import { DataTable, type DataTableColumn } from '@/kit/DataTable';
import { formatCell, formatDate, isNumericType, nameOf } from '@/kit/format';
import { documentPath, functionPath } from '@/kit/paths';
import { EmptyState } from '@/kit/states';
import { commonText, pageText } from '@/messages';
import classes from './FunctionReports.module.css';

const text = pageText.reports;

/** What a row is made of: its document, what a rule raised, the next finer bucket of the same figures, or its documents. */
export function drillPath(fn: Pick<FunctionInfo, 'code' | 'module' | 'slug'>, drill: Record<string, string>): string {
  const { document, rule, period, report, ...filters } = drill;
  if (document) return documentPath(fn.code, document);
  if (rule) return withQuery('/exceptions', { rule, function: fn.code });
  if (period) return withQuery(`${functionPath(fn)}/reports/${period === 'week' ? 'weekly' : 'daily'}`, filters);
  return withQuery(`${functionPath(fn)}/${report ? `reports/${report}` : 'list'}`, filters);
}

/** A line of the table: a row of the report with what it is compared with. */
type Line = Row & { level: number; before?: Row; difference?: Row; changeRate?: Row; beforeDrill?: Record<string, string> };

const isFigure = (column: Column) => isNumericType(column.type) && column.key !== 'hour';

/** The rows of a report with a chart of the first figure; beside a comparison one figure has its change in columns of their own. */
export function ReportView({
  fn,
  report,
  busy,
  onMore,
}: {
  fn: FunctionInfo;
  report: Report;
  busy: boolean;
  onMore: (() => void) | undefined;
}) {
  const { get, set } = useAddress();
  const lines = report.rows.map((row, index): Line => {
    const other = report.compare?.rows[index];
    return {
      id: row.key ?? String(index),
      drill: row.drill,
      level: row.level ?? 0,
      ...(other
        ? {
            before: other.cells,
            difference: other.difference,
            changeRate: other.changeRate,
            ...(other.drill ? { beforeDrill: other.drill } : {}),
          }
        : {}),
      ...row.cells,
    };
  });
  // An id is for programs; people have the name beside it.
  const told = report.columns.filter((column) => column.type !== 'id');
  const figures = told.filter(isFigure);
  const named = told.find((column) => !isFigure(column));
  const second = told.filter((column) => !isFigure(column))[1];
  const charted = told.find((column) => column.type === 'money') ?? figures[0];
  const compared = figures.find((column) => column.key === get('measure')) ?? charted;
  const columns = told.flatMap((column): DataTableColumn[] => {
    const plain = {
      ...column,
      sortable: false,
      render: (row: Row) => <Cell line={row as Line} column={column} first={named} second={second} />,
    };
    if (report.compare === undefined || column !== compared) return [plain];
    return [
      { ...plain, render: (row) => <Bold line={row as Line} value={row[column.key]} type={column.type} /> },
      {
        key: `${column.key}Before`,
        label: text.beforeOf(column.label),
        type: column.type,
        sortable: false,
        render: (row) => <Before fn={fn} line={row as Line} column={column} />,
      },
      {
        key: `${column.key}Change`,
        label: text.difference,
        type: column.type,
        sortable: false,
        render: (row) => <Bold line={row as Line} value={(row as Line).difference?.[column.key]} type={column.type} />,
      },
      {
        key: `${column.key}ChangeRate`,
        label: text.changeRate,
        type: 'rate',
        sortable: false,
        render: (row) => <Bold line={row as Line} value={(row as Line).changeRate?.[column.key]} type="rate" />,
      },
    ];
  });
  const totals = useMemo(() => {
    if (report.totals === undefined || report.compare === undefined || compared === undefined) return report.totals;
    const { key } = compared;
    return {
      ...report.totals,
      [`${key}Before`]: report.compare.totals[key],
      [`${key}Change`]: report.compare.difference[key],
      [`${key}ChangeRate`]: report.compare.changeRate[key],
    };
  }, [report, compared]);
  const chart = useMemo(() => {
    const take = report.rows.filter((row) => (row.level ?? 0) === 0).slice(0, 60);
    return {
      labels: take.map((row) => (named ? nameOf(row.cells[named.key]) : (row.key ?? ''))),
      series: charted ? [{ name: charted.label, values: take.map((row) => Number(row.cells[charted.key] ?? 0)) }] : [],
    };
  }, [report, charted, named]);
  if (lines.length === 0) return <EmptyState title={text.empty}>{commonText.empty.filteredHint}</EmptyState>;
  return (
    <>
      {charted && lines.length > 1 ? (
        <BarChart title={text.chart(charted.label)} type={charted.type} labels={chart.labels} series={chart.series} height={200} />
      ) : null}
      <section className="panel">
        <div className="panel-head">
          <h2>{report.title}</h2>
          {report.compare ? (
            <span className="dim">{pageText.dashboard.period(formatDate(report.compare.from), formatDate(report.compare.to))}</span>
          ) : null}
          <span style={{ flex: 1 }} />
          {report.compare && figures.length > 1 ? (
            <Select
              className="no-print"
              size="xs"
              aria-label={text.measures}
              allowDeselect={false}
              value={compared?.key ?? null}
              onChange={(value) => set({ measure: value }, true)}
              data={figures.map((column) => ({ value: column.key, label: column.label }))}
            />
          ) : null}
          {report.totalsDrill ? (
            <Anchor component={Link} to={drillPath(fn, report.totalsDrill)} size="sm" className="no-print">
              {text.drill}
            </Anchor>
          ) : null}
        </div>
        <DataTable
          label={report.title}
          columns={columns}
          rows={lines}
          totals={totals}
          busy={busy}
          density="compact"
          href={(row) => (row.drill ? drillPath(fn, row.drill as Record<string, string>) : undefined)}
        />
        {onMore ? (
          <div className={classes.more}>
            <Button variant="default" onClick={onMore}>
              {text.next}
            </Button>
          </div>
        ) : null}
      </section>
    </>
  );
}

function Cell({ line, column, first, second }: { line: Line; column: Column; first: Column | undefined; second: Column | undefined }) {
  if (line.level > 0 && column === second) return <span className="strong">{text.subtotal}</span>;
  // Days of the other period that have none here to stand against.
  if (column === first && column.type === 'date' && line[column.key] === undefined) return <span className="dim">{text.beyond}</span>;
  const cell = <Bold line={line} value={line[column.key]} type={column.type} />;
  const earlier = line.before?.[column.key];
  if (earlier === undefined || !isFigure(column)) return cell;
  return (
    <>
      {cell}
      <span className={classes.before}>{formatCell(earlier, column.type)}</span>
    </>
  );
}

function Bold({ line, value, type }: { line: Line; value: unknown; type: Column['type'] }) {
  const cell = <CellValue value={value} type={type} />;
  return line.level > 0 ? <span className="strong">{cell}</span> : cell;
}

/** The figure compared with, which leads to rows of its own. */
function Before({ fn, line, column }: { fn: FunctionInfo; line: Line; column: Column }) {
  const cell = <Bold line={line} value={line.before?.[column.key]} type={column.type} />;
  return line.beforeDrill ? (
    <Anchor component={Link} to={drillPath(fn, line.beforeDrill)} inherit c="inherit" onClick={(event) => event.stopPropagation()}>
      {cell}
    </Anchor>
  ) : (
    cell
  );
}
