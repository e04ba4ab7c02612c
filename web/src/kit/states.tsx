import { Button, Skeleton, Stack } from '@mantine/core';
import { IconCloudOff, IconInbox, IconLock, IconMoodConfuzed, IconRefresh } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { asProblem } from '@/api';
import { commonText } from '@/messages';
import classes from './states.module.css';

/** The five things a page can be instead of its content. None of them is ever blank. */

function Notice({
  icon,
  title,
  children,
  action,
  role,
}: {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  role?: 'alert' | 'status';
}) {
  return (
    <div className={classes.notice} role={role}>
      <div className={classes.icon} aria-hidden="true">
        {icon}
      </div>
      <p className={classes.title}>{title}</p>
      {children ? <div className={classes.text}>{children}</div> : null}
      {action ? <div className={classes.action}>{action}</div> : null}
    </div>
  );
}

export function LoadingState({ rows = 6 }: { rows?: number }) {
  return (
    <Stack gap="sm" p="md" aria-busy="true" aria-label={commonText.loading} role="status">
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} height={16} width={`${94 - ((index * 17) % 40)}%`} />
      ))}
    </Stack>
  );
}

export function EmptyState({
  title = commonText.empty.title,
  children,
  action,
}: {
  title?: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <Notice icon={<IconInbox stroke={1.5} />} title={title} action={action}>
      {children}
    </Notice>
  );
}

export function ErrorState({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = asProblem(error);
  if (problem.status === 403) return <ForbiddenState permission={problem.permission} />;
  const again = retry ? (
    <Button variant="default" leftSection={<IconRefresh size={16} />} onClick={retry}>
      {commonText.retry}
    </Button>
  ) : undefined;
  if (problem.offline)
    return (
      <Notice icon={<IconCloudOff stroke={1.5} />} title={commonText.offline.title} action={again} role="alert">
        {commonText.offline.hint}
      </Notice>
    );
  return (
    <Notice
      icon={<IconMoodConfuzed stroke={1.5} />}
      title={problem.status === 404 ? problem.title : commonText.error.title}
      action={again}
      role="alert"
    >
      {problem.detail ?? commonText.error.hint}
      <span className="mono small"> {problem.incident ? commonText.error.incident(problem.incident) : problem.code}</span>
    </Notice>
  );
}

export function ForbiddenState({ permission }: { permission?: string | undefined }) {
  return (
    <Notice icon={<IconLock stroke={1.5} />} title={commonText.forbidden.title} role="alert">
      {permission ? commonText.forbidden.hint(permission) : commonText.forbidden.hintPlain}
    </Notice>
  );
}

/** Shows a query's content, or whichever state it is in. Data once shown stays while it is loaded again. */
export function QueryState<T>({
  query,
  children,
  rows,
  loading,
}: {
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
  rows?: number;
  loading?: ReactNode;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  return loading ?? <LoadingState rows={rows ?? 6} />;
}
