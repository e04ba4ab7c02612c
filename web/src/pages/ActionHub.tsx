import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { operations, type Waiting } from '@/api';
import { InstantText } from '@/kit/cells';
import { formatMoney, humanise, nameOf } from '@/kit/format';
import { StatusBadge } from '@/kit/StatusBadge';
import { branchName, useSession } from '@/kit/session';
import { EmptyState, QueryState } from '@/kit/states';
import { centreText, pageText } from '@/messages';
import classes from './Centre.module.css';
import rows from './DashboardView.module.css';

const text = centreText.hub;

/** What waits for this person, of all functions: to decide, to look after, to read, to finish. */
export function ActionHub() {
  const waiting = useQuery({
    queryKey: ['operations', 'waiting'],
    queryFn: operations.waiting,
    refetchInterval: 60_000,
    retry: false,
  });
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.title}</h2>
      </div>
      <QueryState query={waiting} rows={4}>
        {(data) =>
          [data.approvals, data.exceptions, data.notices, data.drafts].every((pile) => pile.items.length === 0) ? (
            <EmptyState title={text.quiet}>{text.empty}</EmptyState>
          ) : (
            <Piles data={data} />
          )
        }
      </QueryState>
    </section>
  );
}

function Piles({ data }: { data: Waiting }) {
  const { session } = useSession();
  return (
    <>
      <Pile label={text.approvals} pile={data.approvals} all="/approvals">
        {(item) => (
          <Row key={item.id} to="/approvals" end={<InstantText value={item.requestedAt} ago />}>
            {item.late ? <StatusBadge status="late" label={text.late} /> : null}
            <span className="strong">{item.document.number} </span>
            {pageText.dashboard.toApprove(humanise(item.action))}
            <span className="dim small"> {text.asked(nameOf(item.requestedBy))}</span>
          </Row>
        )}
      </Pile>
      <Pile label={text.exceptions} pile={data.exceptions} all="/exceptions?owner=me">
        {(item) => (
          <Row key={item.id} to={`/exceptions?open=${item.id}`} end={<InstantText value={item.raisedAt} ago />}>
            <StatusBadge status={item.severity} /> {item.message}
            <span className="dim small"> {branchName(session, item.branch)}</span>
          </Row>
        )}
      </Pile>
      <Pile label={text.notices} pile={data.notices} all="/notices">
        {(item) => (
          <Row key={item.id} to={item.link || '/notices'} end={<InstantText value={item.createdAt} ago />}>
            {item.title}
          </Row>
        )}
      </Pile>
      <Pile label={text.drafts} pile={data.drafts}>
        {(item) => (
          <Row key={item.id} to={item.page} end={<InstantText value={item.at} ago />}>
            <span className="strong">{item.number || item.kindName}</span>{' '}
            <span className="num">{formatMoney(item.amount, { currency: item.currency, sign: true })}</span>
            <span className="dim small"> {branchName(session, item.branch)}</span>
          </Row>
        )}
      </Pile>
    </>
  );
}

function Pile<T>({
  label,
  pile,
  all,
  children,
}: {
  label: string;
  pile: { count: number | string; more: boolean; items: T[] };
  all?: string;
  children: (item: T) => ReactNode;
}) {
  if (pile.items.length === 0) return null;
  return (
    <>
      <h3 className={classes.group}>
        <span>
          {label} <span className="num">{pile.more ? text.more(Number(pile.count)) : pile.count}</span>
        </span>
        {all ? (
          <Link to={all} aria-label={`${text.all}: ${label}`}>
            {text.all}
          </Link>
        ) : null}
      </h3>
      <ul className={rows.rows}>{pile.items.map(children)}</ul>
    </>
  );
}

function Row({ to, end, children }: { to: string; end: ReactNode; children: ReactNode }) {
  return (
    <li>
      <Link to={to} className={`plain ${rows.row}`}>
        <span className={rows.rowMain}>{children}</span>
        <span className={`${rows.rowEnd} dim small`}>{end}</span>
      </Link>
    </li>
  );
}
