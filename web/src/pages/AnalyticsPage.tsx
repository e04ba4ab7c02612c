import { Button, Select, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { type AnalyticsHub, type HubFunction, type HubMeasure, operations } from '@/api';
import { useAddress } from '@/kit/address';
import { formatCell, formatDate, formatRate, localised } from '@/kit/format';
import { verdict } from '@/kit/KpiCard';
import { Page } from '@/kit/Page';
import { functionPath } from '@/kit/paths';
import { Sparkline } from '@/kit/Sparkline';
import { StatusBadge } from '@/kit/StatusBadge';
import { branchName, useSession } from '@/kit/session';
import { EmptyState, QueryState } from '@/kit/states';
import { centreText, commonText, pageText } from '@/messages';
import classes from './Centre.module.css';
import { analysisPath, fitsMeasure, type HubView, stoodOut } from './centre';
import rows from './DashboardView.module.css';

const text = centreText.analytics;
const views: HubView[] = ['trend', 'variance', 'heatmap', 'forecast'];
const fewest = 8;

/** All measures of all functions: how their weeks went, what stood out and why, which targets were missed. */
export function Component() {
  const { session } = useSession();
  const { get, set } = useAddress();
  const branch = get('branch');
  const hub = useQuery({
    queryKey: ['analytics', branch],
    queryFn: ({ signal }) => operations.analytics({ branch }, signal),
    placeholderData: (before) => before,
  });
  const period = hub.data?.period;
  return (
    <Page title={text.title} sub={period ? text.sub(formatDate(period.from), formatDate(period.to)) : undefined}>
      <div className={rows.drill}>
        <TextInput
          type="search"
          className={classes.search ?? ''}
          leftSection={<IconSearch size={16} />}
          aria-label={text.search}
          placeholder={text.search}
          value={get('q') ?? ''}
          onChange={(event) => set({ q: event.currentTarget.value }, true)}
        />
        <Select
          aria-label={pageText.dimensions.branch}
          placeholder={pageText.dimensions.branch}
          data={session.branches.map((one) => ({ value: one.code, label: one.name }))}
          value={branch ?? null}
          onChange={(value) => set({ branch: value })}
          clearable
          w={150}
          clearButtonProps={{ 'aria-label': `${commonText.clear} ${pageText.dimensions.branch}` }}
        />
      </div>
      <QueryState query={hub} rows={10}>
        {(data) =>
          data.functions.length === 0 ? (
            <EmptyState title={text.none} />
          ) : (
            <div className={rows.columns}>
              <div className={rows.main}>
                <Measures data={data} words={(get('q') ?? '').trim()} branch={branch} />
              </div>
              <div className={rows.side}>
                <Missed data={data} />
                <Anomalies data={data} branch={branch} />
              </div>
            </div>
          )
        }
      </QueryState>
    </Page>
  );
}

function Measures({ data, words, branch }: { data: AnalyticsHub; words: string; branch: string | undefined }) {
  const found = data.functions
    .map((fn) => ({ ...fn, measures: fn.measures.filter((measure) => fitsMeasure(fn, measure, words)) }))
    .filter((fn) => fn.measures.length > 0);
  if (found.length === 0) return <EmptyState title={text.nothing} />;
  return found.map((fn) => (
    <section key={fn.code} className="panel">
      <div className="panel-head">
        <h2>
          <Link to={functionPath(fn)} className="plain">
            {fn.name}
          </Link>
        </h2>
        <span className="dim small">{text.weeks}</span>
      </div>
      <ul className={classes.measures}>
        {fn.measures.map((measure) => (
          <MeasureRow key={measure.key} fn={fn} measure={measure} period={data.period} branch={branch} />
        ))}
      </ul>
    </section>
  ));
}

function MeasureRow({
  fn,
  measure,
  period,
  branch,
}: {
  fn: HubFunction;
  measure: HubMeasure;
  period: AnalyticsHub['period'];
  branch: string | undefined;
}) {
  const change = measure.changeRate === undefined ? undefined : Number(measure.changeRate);
  return (
    <li>
      <span className={classes.name}>
        <Link to={analysisPath(fn, 'trend', measure.key, period, branch)}>{measure.label}</Link>
        {measure.anomalies.length > 0 ? <span className="dim small">{text.days(measure.anomalies.length)}</span> : null}
      </span>
      <span className={classes.value}>
        <span className="num strong">{measure.value === undefined ? '–' : formatCell(measure.value, measure.type)}</span>
        {change === undefined ? null : (
          <span className={`${classes.change} num`} data-verdict={verdict(change, measure.better)}>
            {change > 0 ? '+' : ''}
            {formatRate(change, undefined, 1)}
          </span>
        )}
      </span>
      <Sparkline values={measure.weeks.map(Number)} width={120} height={30} />
      <span className={classes.views}>
        {views.slice(1).map((view) => (
          <Link
            key={view}
            to={analysisPath(fn, view, measure.key, period, branch)}
            aria-label={text.open(pageText.analytics[view], `${fn.name}, ${measure.label}`)}
          >
            {pageText.analytics[view]}
          </Link>
        ))}
      </span>
    </li>
  );
}

function Missed({ data }: { data: AnalyticsHub }) {
  const { session, can } = useSession();
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.missed}</h2>
        {can('kernel.targets.configure') ? <Link to="/admin/targets">{text.missedSet}</Link> : null}
      </div>
      {data.missed.length === 0 ? (
        <p className={rows.quiet}>{text.missedNone}</p>
      ) : (
        <ul className={rows.rows}>
          {data.missed.map((missed) => {
            const fn = data.functions.find((one) => one.code === missed.function);
            const to = fn ? analysisPath(fn, 'variance', missed.measure, missed.counted, missed.branch) : '/analytics';
            return (
              <li key={missed.id}>
                <Link to={to} className={`plain ${rows.row}`}>
                  <span className={rows.rowMain}>
                    <span className="strong">{missed.label}</span>{' '}
                    <span className="dim small">
                      {missed.functionName} · {missed.branch ? branchName(session, missed.branch) : text.company}
                    </span>
                    <br />
                    <span className="num">
                      {text.expected(formatCell(missed.actual, missed.type), formatCell(missed.expected, missed.type))}
                    </span>{' '}
                    <span className="dim small">
                      {pageText.dashboard.period(formatDate(missed.counted.from, true), formatDate(missed.counted.to, true))}
                    </span>
                  </span>
                  {missed.missedBy === undefined ? null : (
                    <StatusBadge
                      status="missed"
                      tone="danger"
                      label={text.off(formatRate(Math.abs(Number(missed.missedBy)), undefined, 1))}
                    />
                  )}
                </Link>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

function Anomalies({ data, branch }: { data: AnalyticsHub; branch: string | undefined }) {
  const [all, setAll] = useState(false);
  const found = stoodOut(data.functions);
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.anomalies}</h2>
        {found.length > 0 ? <span className="dim num">{found.length}</span> : null}
      </div>
      {found.length === 0 ? (
        <p className={rows.quiet}>{text.anomaliesNone}</p>
      ) : (
        <ul className={rows.rows}>
          {(all ? found : found.slice(0, fewest)).map(({ fn, measure, odd }) => (
            <li key={`${fn.code}:${measure.key}:${odd.date}`}>
              <Link to={analysisPath(fn, 'trend', measure.key, data.period, branch)} className={`plain ${rows.row}`}>
                <span className={rows.rowMain}>
                  <span className="strong">{measure.label}</span>{' '}
                  <span className="dim small">
                    {fn.name} · {formatDate(odd.date)}
                  </span>
                  <br />
                  <span className="dim">{localised(odd.reason)}</span>
                </span>
                <span className={`${rows.rowEnd} num`}>{formatCell(odd.value, measure.type)}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {!all && found.length > fewest ? (
        <div className={classes.foot}>
          <Button variant="subtle" size="compact-sm" onClick={() => setAll(true)}>
            {text.showAll(found.length)}
          </Button>
        </div>
      ) : null}
    </section>
  );
}
