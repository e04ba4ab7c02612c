import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { type PeriodChecks as Checks, periods } from '@/api';
import { QueryState } from '@/kit/states';
import { adminText } from '@/messages';
import classes from './admin.module.css';

const text = adminText.periods;
const icons: Record<string, typeof IconCircleCheck> = { ok: IconCircleCheck, warning: IconAlertTriangle, blocking: IconCircleX };

/** What is looked at before a month is closed; asked anew whenever the dialog opens. */
export function useChecks(month: string, step: 'close' | 'soft-close' | undefined) {
  return useQuery({
    queryKey: ['period-checks', month, step],
    queryFn: () => periods.checks(month, step ?? 'close'),
    enabled: step !== undefined,
    gcTime: 0,
    retry: false,
  });
}

/** The checks, each with what it found and the page that shows it. */
export function PeriodChecks({ query }: { query: UseQueryResult<Checks> }) {
  return (
    <>
      {query.isLoading ? <p className="dim small">{text.looking}</p> : null}
      <QueryState query={query} rows={6}>
        {(data) => (
          <>
            <p role="status" className={data.ready ? 'dim' : 'strong'}>
              {verdict(data)}
            </p>
            <ul className={classes.checks} aria-label={text.checks}>
              {data.items.map((check) => (
                <Check key={check.code} check={check} />
              ))}
            </ul>
          </>
        )}
      </QueryState>
    </>
  );
}

function Check({ check }: { check: Checks['items'][number] }) {
  const Icon = icons[check.state] ?? IconAlertTriangle;
  return (
    <li data-state={check.state}>
      <Icon size={16} role="img" aria-label={text.states[check.state] ?? check.state} />
      <span className={classes.checkText}>
        <span className="strong">
          {check.name}
          {Number(check.count) > 0 ? <span className="num"> {check.count}</span> : null}
        </span>
        {check.link ? <Link to={check.link}>{check.text}</Link> : <span className="dim">{check.text}</span>}
      </span>
    </li>
  );
}

function verdict(data: Checks) {
  const count = (state: string) => data.items.filter((check) => check.state === state).length;
  if (!data.ready) return text.blocked(count('blocking'));
  return count('warning') > 0 ? text.warned(count('warning')) : text.allWell;
}
