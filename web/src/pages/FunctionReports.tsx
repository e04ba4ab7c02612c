import { NavLink as MantineNavLink, SegmentedControl, Select, TextInput } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from 'react-router';
import { type FunctionInfo, functions } from '@/api';
import { useAddress, withQuery } from '@/kit/address';
import { ExportMenu } from '@/kit/ExportMenu';
import { PeriodPicker } from '@/kit/PeriodPicker';
import { functionPath } from '@/kit/paths';
import { periodOf } from '@/kit/period';
import { SavedViews } from '@/kit/SavedViews';
import { useSession, useToday } from '@/kit/session';
import { EmptyState, QueryState } from '@/kit/states';
import { pageText } from '@/messages';
import { DimensionPickers } from './DrillChips';
import classes from './FunctionReports.module.css';
import { ReportView } from './ReportView';
import { FunctionPage } from './useFunction';

const text = pageText.reports;
const pickedKeys = ['user', 'shift', 'category', 'item', 'party'];
/** What else of an address is asked of the report; the rest is the page's own. */
const ownKeys = ['view', 'page', 'measure'];
const groupings = ['branch', 'user', 'shift', 'category', 'item', 'channel', 'party', 'status'];

export function Component() {
  return <FunctionPage>{(fn) => <FunctionReports fn={fn} />}</FunctionPage>;
}

function FunctionReports({ fn }: { fn: FunctionInfo }) {
  const { report: named } = useParams();
  const { session } = useSession();
  const today = useToday();
  const { all, get, set } = useAddress();
  const navigate = useNavigate();
  const code = named ?? fn.reports[0]?.code;
  const info = fn.reports.find((report) => report.code === code);
  const groups = (get('groupBy') ?? '').split(',').filter((key) => key !== '');
  const own = Object.fromEntries(Object.entries(all).filter(([key]) => !ownKeys.includes(key)));
  // Two groupings, or one within each day, week or month, have subtotals.
  const query = { ...periodOf('30d', today), ...own, subtotals: true };
  const group = (first: string | undefined, second: string | undefined) =>
    set({ groupBy: [first, second].filter((key) => key !== undefined && key !== '').join(',') });
  const report = useQuery({
    queryKey: [fn.code, 'report', code, query],
    queryFn: ({ signal }) => functions.report(fn.route, code ?? '', query, signal),
    enabled: code !== undefined,
    placeholderData: keepPreviousData,
  });
  const base = `${functionPath(fn)}/reports`;
  const kept = Object.fromEntries(
    Object.entries(all).filter(([key]) => ['from', 'to', 'branch', 'compare', 'compareFrom', 'compareTo', ...pickedKeys].includes(key)),
  );
  const offered = groupings.filter(
    (key) => ['branch', 'user', 'status'].includes(key) || fn.dimensions.some((dimension) => dimension.key === key),
  );
  if (code === undefined) return <EmptyState title={text.empty} />;
  const kinds = [
    { label: text.standard, reports: fn.reports.filter((item) => !item.named) },
    { label: text.named, reports: fn.reports.filter((item) => item.named) },
  ].filter((group) => group.reports.length > 0);
  return (
    <div className={classes.layout}>
      <nav className={`panel ${classes.reports} no-print`} aria-label={text.choose}>
        {kinds.map((kind) => (
          <div key={kind.label}>
            <p className={classes.groupLabel}>{kind.label}</p>
            {kind.reports.map((item) => (
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
              value={groups[0] ?? null}
              onChange={(value) => group(value ?? undefined, value === groups[1] ? undefined : groups[1])}
              data={offered.map((key) => ({ value: key, label: pageText.dimensions[key] ?? key }))}
            />
          )}
          {info?.named || groups.length === 0 ? null : (
            <Select
              aria-label={text.thenBy}
              placeholder={text.thenBy}
              clearable
              w={150}
              value={groups[1] ?? null}
              onChange={(value) => group(groups[0], value ?? undefined)}
              data={offered.filter((key) => key !== groups[0]).map((key) => ({ value: key, label: pageText.dimensions[key] ?? key }))}
            />
          )}
          <Select
            aria-label={text.compare}
            placeholder={text.noCompare}
            clearable
            w={190}
            value={get('compare') ?? null}
            onChange={(value) =>
              set({ compare: value, ...(value === 'chosen' ? chosenDays(query.from, query.to) : { compareFrom: null, compareTo: null }) })
            }
            data={[...Object.entries(text.compareWith), ['chosen', text.chosen] as const].map(([value, label]) => ({ value, label }))}
          />
          {get('compare') === 'chosen' ? (
            <>
              <TextInput
                type="date"
                aria-label={text.compareFrom}
                value={get('compareFrom') ?? ''}
                onChange={(event) => set({ compareFrom: event.currentTarget.value })}
              />
              <TextInput
                type="date"
                aria-label={text.compareTo}
                value={get('compareTo') ?? ''}
                onChange={(event) => set({ compareTo: event.currentTarget.value })}
              />
            </>
          ) : null}
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
          <SavedViews schedulable />
          {fn.actions.includes('export') ? (
            <ExportMenu path={`${fn.route}/reports/${code}`} query={{ ...query, after: undefined }} />
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

function periodOfReport(code: string): string {
  return /month/.test(code) ? 'month' : /week/.test(code) ? 'week' : 'day';
}

/** To begin with, the days a year before. */
function chosenDays(from: string | undefined, to: string | undefined) {
  const yearBefore = (day: string) => `${Number(day.slice(0, 4)) - 1}${day.slice(4) === '-02-29' ? '-02-28' : day.slice(4)}`;
  return { compareFrom: from ? yearBefore(from) : undefined, compareTo: to ? yearBefore(to) : undefined };
}
