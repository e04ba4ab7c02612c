import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { type Dashboard, operations } from '@/api';
import { formatAgo, formatInstant } from '@/kit/format';
import { functionPathOf } from '@/kit/paths';
import { StatusBadge, type Tone } from '@/kit/StatusBadge';
import { useConnection } from '@/kit/shell/useShell';
import { ErrorState } from '@/kit/states';
import { centreText } from '@/messages';
import { extensionOf } from '@/modules/extensions';
import classes from './Centre.module.css';

const text = centreText.status;

/** One line of how things stand: the server, shifts, exceptions, the books, the seals, the jobs; what may not be seen is left out. */
export function StatusStrip({ branch, exceptions }: { branch: string | undefined; exceptions: Dashboard['exceptions'] }) {
  const online = useConnection();
  const status = useQuery({
    queryKey: ['operations', 'status', branch],
    queryFn: () => operations.status({ branch }),
    refetchInterval: 60_000,
    retry: false,
    placeholderData: (before) => before,
  });
  if (status.isPending) return <Skeleton height={62} radius="lg" aria-busy="true" />;
  if (status.data === undefined)
    return (
      <section className="panel" aria-label={text.title}>
        <ErrorState error={status.error} retry={() => void status.refetch()} />
      </section>
    );
  const { sessions, period, seal, jobs } = status.data;
  const open = sessions.reduce((sum, one) => sum + Number(one.count), 0);
  const oldest = sessions.map((one) => one.since).sort()[0];
  const severities = exceptions ? ([exceptions.critical, exceptions.high, exceptions.medium, exceptions.low] as const).map(Number) : [];
  const raised = severities.reduce((sum, count) => sum + count, 0);
  const unsealed = seal ? Number(seal.waitingEvents) + Number(seal.waitingTransactions) : 0;
  return (
    <section className={`panel ${classes.strip}`} aria-label={text.title}>
      <Stand label={text.server} tone={online ? 'success' : 'danger'} state={online ? text.online : text.offline}>
        {formatInstant(status.data.at)}
      </Stand>
      <Stand
        label={text.sessions}
        to={sessionsPath(sessions[0])}
        tone={open > 0 ? 'info' : 'neutral'}
        state={open > 0 ? String(open) : text.noSessions}
      >
        {oldest ? text.since(formatAgo(oldest)) : null}
      </Stand>
      {exceptions ? (
        <Stand
          label={text.exceptions}
          to="/exceptions"
          tone={severities[0] || severities[1] ? 'danger' : raised > 0 ? 'warning' : 'success'}
          state={raised > 0 ? String(raised) : text.noExceptions}
        >
          {raised > 0 ? text.counts(severities[0] ?? 0, severities[1] ?? 0) : null}
        </Stand>
      ) : null}
      {period ? (
        <Stand label={text.period} to="/admin/periods" tone={period.state === 'open' ? 'success' : 'warning'} state={period.id}>
          {text.periods[period.state]}
        </Stand>
      ) : null}
      {seal ? (
        <Stand
          label={text.seal}
          to="/audit"
          tone={seal.last ? 'success' : 'warning'}
          state={seal.last ? text.block(seal.last.number) : text.unsealed}
        >
          {text.waiting(unsealed)}
        </Stand>
      ) : null}
      {jobs ? (
        <Stand
          label={text.jobs}
          to="/admin/jobs"
          tone={jobs.failing.length > 0 ? 'danger' : 'success'}
          state={jobs.failing.length > 0 ? text.jobsFailing(jobs.failing.length) : text.jobsWell(Number(jobs.all))}
        >
          {jobs.failing.join(', ')}
        </Stand>
      ) : null}
    </section>
  );
}

/** Shifts have a page of their own where the function has a tab of them. */
function sessionsPath(session: { function: string; kind: string } | undefined): string | undefined {
  if (session === undefined) return undefined;
  const tab = extensionOf(session.function)?.tabs?.find((one) => one.slug === `${session.kind}s`);
  return tab ? `${functionPathOf(session.function)}/${tab.slug}` : functionPathOf(session.function);
}

function Stand({
  label,
  state,
  tone,
  to,
  children,
}: {
  label: string;
  state: string;
  tone: Tone;
  to?: string | undefined;
  children: ReactNode;
}) {
  const content = (
    <>
      <span className="dim small">{label}</span>
      <span className={classes.state}>
        <StatusBadge status={label} label={state} tone={tone} />
      </span>
      {children ? <span className="dim small">{children}</span> : null}
    </>
  );
  return to ? (
    <Link to={to} className={`plain ${classes.stand}`}>
      {content}
    </Link>
  ) : (
    <div className={classes.stand}>{content}</div>
  );
}
