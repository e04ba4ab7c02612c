import { Button, NavLink as MantineNavLink, SegmentedControl, Select } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { type FunctionInfo, functions, type Report, type Row } from '@/api';
import { useAddress, withQuery } from '@/kit/address';
import { CellValue } from '@/kit/cells';
import { BarChart } from '@/kit/charts';
import { DataTable, type DataTableColumn } from '@/kit/DataTable';
import { ExportMenu } from '@/kit/ExportMenu';
import { formatCell, isNumericType, nameOf } from '@/kit/format';
import { PeriodPicker } from '@/kit/PeriodPicker';
import { documentPath, functionPath } from '@/kit/paths';
import { periodOf } from '@/kit/period';
import { useSession } from '@/kit/session';
import { EmptyState, QueryState } from '@/kit/states';
import { commonText, pageText } from '@/messages';
import { DimensionPickers } from './DrillChips';
import classes from './FunctionReports.module.css';
import { FunctionPage } from './useFunction';

const text = pageText.reports;
const pickedKeys = ['user', 'shift', 'category', 'item', 'party'];
const groupings = ['branch', 'user', 'shift', 'category', 'item', 'channel', 'party', 'status'];

export function Component() {
  return <FunctionPage>{(fn) => <FunctionReports fn={fn} />}</FunctionPage>;
}

function FunctionReports({ fn }: { fn: FunctionInfo }) {
  const { report: named } = useParams();
  const { session } = useSession();
  const { all, get, set } = useAddress();
  const navigate = useNavigate();
  const code = named ?? fn.reports[0]?.code;
  const info = fn.reports.find((report) => report.code === code);
  const query = { ...periodOf('30d'), ...all };
  const report = useQuery({
    queryKey: [fn.code, 'report', code, query],
    queryFn: ({ signal }) => functions.report(fn.route, code ?? '', query, signal),
    enabled: code !== undefined,
    placeholderData: keepPreviousData,
  });
  const base = `${functionPath(fn)}/reports`;
  const kept = Object.fromEntries(Object.entries(all).filter(([key]) => ['from', 'to', 'branch', 'compare', ...pickedKeys].includes(key)));
  const offered = groupings.filter(
    (key) => ['branch', 'user', 'status'].includes(key) || fn.dimensions.some((dimension) => dimension.key === key),
  );
  if (code === undefined) return <EmptyState title={text.empty} />;
  const groups = [
    { label: text.standard, reports: fn.reports.filter((item) => !item.named) },
    { label: text.named, reports: fn.reports.filter((item) => item.named) },
  ].filter((group) => group.reports.length > 0);
  return (
    <div className={classes.layout}>
      <nav className={`panel ${classes.reports} no-print`} aria-label={text.choose}>
        {groups.map((group) => (
          <div key={group.label}>
            <p className={classes.groupLabel}>{group.label}</p>
            {group.reports.map((item) => (
              <MantineNavLink
                key={item.code}
                component={Link}
                to={withQuery(`${base}/${item.code}`, kept)}
                label={item.name}
                active={item.code === code}
                aria-current={item.code === code ? 'page' : undefined}
                variant="light"
                className={classes.report ?? ''}
              />
            ))}
          </div>
        ))}
      </nav>
      <div className={classes.main}>
        <div className={`${classes.toolbar} no-print`}>
          <Select
            className={classes.choose}
            aria-label={text.choose}
            data={fn.reports.map((item) => ({ value: item.code, label: item.name }))}
            value={code}
            allowDeselect={false}
            onChange={(value) => value && navigate(withQuery(`${base}/${value}`, kept))}
          />
          <PeriodPicker fallback="30d" allowAny={false} />
          {info?.named ? null : (
            <SegmentedControl
              aria-label={text.period}
              value={get('period') ?? periodOfReport(code)}
              onChange={(period) => set({ period })}
              data={Object.entries(text.periods).map(([value, label]) => ({ value, label }))}
            />
          )}
          {info?.named ? null : (
            <Select
              aria-label={text.groupBy}
              placeholder={text.groupBy}
              clearable
              w={150}
              value={get('groupBy') ?? null}
              onChange={(value) => set({ groupBy: value })}
              data={offered.map((key) => ({ value: key, label: pageText.dimensions[key] ?? key }))}
            />
          )}
          <Select
            aria-label={text.compare}
            placeholder={text.noCompare}
            clearable
            w={190}
            value={get('compare') ?? null}
            onChange={(value) => set({ compare: value })}
            data={Object.entries(text.compareWith).map(([value, label]) => ({ value, label }))}
          />
          <Select
            aria-label={pageText.dimensions.branch}
            placeholder={pageText.dimensions.branch}
            clearable
            w={150}
            value={get('branch') ?? null}
            onChange={(value) => set({ branch: value })}
            data={session.branches.map((branch) => ({ value: branch.code, label: branch.name }))}
          />
          <DimensionPickers fn={fn} keys={pickedKeys} />
          <span style={{ flex: 1 }} />
          {fn.actions.includes('export') ? (
            <ExportMenu path={`${fn.route}/reports/${code}`} query={{ ...query, after: undefined, page: undefined }} />
          ) : null}
        </div>
        <div className={classes.result}>
          <QueryState query={report} rows={10}>
            {(data) => (
              <ReportView
                fn={fn}
                report={data}
                busy={report.isPlaceholderData}
                onMore={data.next ? () => set({ after: data.next }) : undefined}
              />
            )}
          </QueryState>
        </div>
      </div>
    </div>
  );
}

/**
 * What a row is made of: its document, what a rule raised, the next finer bucket of the same figures, or the documents themselves.
 */
export function drillPath(fn: Pick<FunctionInfo, 'code' | 'module' | 'slug'>, drill: Record<string, string>): string {
  const { document, rule, period, ...filters } = drill;
  if (document) return documentPath(fn.code, document);
  if (rule) return withQuery('/exceptions', { rule, function: fn.code });
  if (period) return withQuery(`${functionPath(fn)}/reports/${period === 'week' ? 'weekly' : 'daily'}`, filters);
  return withQuery(`${functionPath(fn)}/list`, filters);
}

function periodOfReport(code: string): string {
  return /month/.test(code) ? 'month' : /week/.test(code) ? 'week' : 'day';
}

function ReportView({ fn, report, busy, onMore }: { fn: FunctionInfo; report: Report; busy: boolean; onMore: (() => void) | undefined }) {
  const before = useMemo(() => new Map((report.compare?.rows ?? []).map((row, index) => [row.key ?? String(index), row.cells])), [report]);
  const rows: Row[] = report.rows.map((row, index) => ({
    id: row.key ?? String(index),
    drill: row.drill,
    before: before.get(row.key ?? String(index)),
    ...row.cells,
  }));
  // An id is for programs; people have the name beside it.
  const told = report.columns.filter((column) => column.type !== 'id');
  const columns: DataTableColumn[] = told.map((column) => ({
    ...column,
    sortable: false,
    render: (row) => {
      const cell = <CellValue value={row[column.key]} type={column.type} />;
      const earlier = (row.before as Row | undefined)?.[column.key];
      if (earlier === undefined || !isNumericType(column.type)) return cell;
      return (
        <>
          {cell}
          <span className={classes.before}>{formatCell(earlier, column.type)}</span>
        </>
      );
    },
  }));
  const charted = told.find((column) => column.type === 'money') ?? told.find((column) => isNumericType(column.type));
  const named = told.find((column) => !isNumericType(column.type));
  const chart = useMemo(() => {
    const take = report.rows.slice(0, 60);
    return {
      labels: take.map((row) => (named ? nameOf(row.cells[named.key]) : (row.key ?? ''))),
      series: charted ? [{ name: charted.label, values: take.map((row) => Number(row.cells[charted.key] ?? 0)) }] : [],
    };
  }, [report, charted, named]);
  if (rows.length === 0) return <EmptyState title={text.empty}>{commonText.empty.filteredHint}</EmptyState>;
  return (
    <>
      {charted && rows.length > 1 ? (
        <BarChart title={text.chart(charted.label)} type={charted.type} labels={chart.labels} series={chart.series} height={200} />
      ) : null}
      <section className="panel">
        <div className="panel-head">
          <h2>{report.title}</h2>
        </div>
        <DataTable
          label={report.title}
          columns={columns}
          rows={rows}
          totals={report.totals}
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
