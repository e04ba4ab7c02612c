import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Dashboard, FunctionInfo } from '@/api';
import { InstantText } from '@/kit/cells';
import { formatDate, formatMinutes, humanise, nameOf } from '@/kit/format';
import { KpiGrid } from '@/kit/KpiGrid';
import { documentPath, pagePath } from '@/kit/paths';
import { StatusBadge } from '@/kit/StatusBadge';
import { branchName, useSession } from '@/kit/session';
import { EmptyState } from '@/kit/states';
import { pageText } from '@/messages';
import classes from './DashboardView.module.css';

const text = pageText.dashboard;

/** The widgets of every dashboard: of a function, of a module, of the whole. */
export function DashboardView({
  data,
  fn,
  lead,
  waiting,
}: {
  data: Dashboard;
  fn?: FunctionInfo;
  /** What comes before the exceptions. */
  lead?: ReactNode;
  /** What stands in the place of the queue. */
  waiting?: ReactNode;
}) {
  const { can } = useSession();
  const actions = (data.quickActions ?? fn?.quickActions ?? []).filter((action) => !action.permission || can(action.permission));
  return (
    <>
      {data.period ? <p className={classes.period}>{text.period(formatDate(data.period.from), formatDate(data.period.to))}</p> : null}
      <KpiGrid kpis={data.kpis} fn={fn} />
      <div className={classes.columns}>
        <div className={classes.main}>
          {lead}
          <ExceptionsPanel data={data} fn={fn} />
          <RecentPanel data={data} fn={fn} />
        </div>
        <div className={classes.side}>
          {waiting ?? <QueuePanel data={data} fn={fn} />}
          {actions.length > 0 ? (
            <section className="panel">
              <div className="panel-head">
                <h2>{text.quick}</h2>
              </div>
              <div className={classes.actions}>
                {actions.map((action) => (
                  <Button
                    key={`${action.permission}:${action.code}`}
                    component={Link}
                    to={pagePath(action.page, fn)}
                    variant="default"
                    className={classes.quick ?? ''}
                  >
                    {action.label}
                  </Button>
                ))}
              </div>
            </section>
          ) : null}
        </div>
      </div>
    </>
  );
}

function QueuePanel({ data, fn }: { data: Dashboard; fn: FunctionInfo | undefined }) {
  const queue = data.queue ?? [];
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.queue}</h2>
        {queue.length > 0 ? <span className="dim num">{queue.length}</span> : null}
      </div>
      {queue.length === 0 ? (
        <p className={classes.quiet}>{text.queueEmpty}</p>
      ) : (
        <ul className={classes.rows}>
          {queue.map((item) => (
            <li key={item.id}>
              <Link
                to={item.page ? pagePath(item.page, fn) : fn ? documentPath(fn.code, item.id) : '/approvals'}
                className={`plain ${classes.row}`}
              >
                <span className={classes.rowMain}>
                  {item.number ? <span className="strong">{item.number} </span> : null}
                  <span className="dim">{waitingFor(item.what)}</span>
                </span>
                <span className={classes.rowEnd}>
                  {item.ageMinutes === undefined ? null : <span className="dim small">{text.age(formatMinutes(item.ageMinutes))}</span>}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** `approve submit` is a submission that waits for approval. */
function waitingFor(what: string): string {
  const step = /^approve (.+)$/.exec(what)?.[1];
  return step === undefined ? humanise(what) : text.toApprove(humanise(step));
}

function ExceptionsPanel({ data, fn }: { data: Dashboard; fn: FunctionInfo | undefined }) {
  const { session } = useSession();
  const exceptions = data.exceptions;
  if (exceptions === undefined) return null;
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.exceptions}</h2>
        <span className={classes.counts}>
          {(['critical', 'high', 'medium', 'low'] as const).map((severity) =>
            exceptions[severity] > 0 ? (
              <Link key={severity} to={`/exceptions?severity=${severity}${fn ? `&function=${fn.code}` : ''}`} className="plain">
                <StatusBadge status={severity} label={`${text.severity[severity]} ${exceptions[severity]}`} />
              </Link>
            ) : null,
          )}
        </span>
      </div>
      {exceptions.top.length === 0 ? (
        <p className={classes.quiet}>{text.exceptionsEmpty}</p>
      ) : (
        <ul className={classes.rows}>
          {exceptions.top.map((item) => (
            <li key={item.id}>
              <Link to={`/exceptions?open=${item.id}`} className={`plain ${classes.row}`}>
                <StatusBadge status={item.severity} />
                <span className={classes.rowMain}>
                  {item.message}
                  <span className="dim small"> {branchName(session, item.branch)}</span>
                </span>
                <span className={`${classes.rowEnd} dim small`}>
                  <InstantText value={item.raisedAt} ago />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function RecentPanel({ data, fn }: { data: Dashboard; fn: FunctionInfo | undefined }) {
  const timeline = data.timeline;
  if (timeline === undefined) return null;
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.recent}</h2>
        <Link to={fn ? `/activity?function=${fn.code}` : '/activity'}>{pageText.activity.title}</Link>
      </div>
      {timeline.length === 0 ? (
        <EmptyState title={text.recentEmpty} />
      ) : (
        <ul className={classes.rows}>
          {timeline.map((item, index) => (
            <ActivityRow key={item.id ?? `${item.at}${index}`} item={item} fn={fn} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** One thing that happened, leading to its document when it has one. */
export function ActivityRow({ item, fn }: { item: NonNullable<Dashboard['timeline']>[number]; fn?: FunctionInfo | undefined }) {
  const { session } = useSession();
  const document = item.document;
  const to = item.page ? pagePath(item.page, fn) : document ? documentPath(document.function, document.id) : undefined;
  const number = document?.number;
  const content = (
    <>
      <span className={classes.rowMain}>
        {number ? <span className="strong">{number} </span> : null}
        {humanise(number ? item.action : item.what || item.action)}
        <span className="dim small">
          {' '}
          {[nameOf(item.user), item.branch ? branchName(session, item.branch) : ''].filter(Boolean).join(' · ')}
        </span>
      </span>
      <span className={classes.rowEnd}>
        <span className="dim small">
          <InstantText value={item.at} ago />
        </span>
      </span>
    </>
  );
  return (
    <li>
      {to ? (
        <Link to={to} className={`plain ${classes.row}`}>
          {content}
        </Link>
      ) : (
        <div className={classes.row}>{content}</div>
      )}
    </li>
  );
}
