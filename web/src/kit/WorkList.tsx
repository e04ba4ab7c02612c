import { Button, Progress } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { fetchFile, operations, type Row, type WorkItem } from '@/api';
import { workText as text } from '@/messages';
import { InstantText } from './cells';
import { DataTable } from './DataTable';
import { saveFile } from './file';
import { ProblemNotice } from './ProblemNotice';
import { EmptyState, QueryState } from './states';
import { toastDone } from './toast';

export const isOpen = (work: Pick<WorkItem, 'state'>) => work.state === 'waiting' || work.state === 'running';

/** A piece of long work; asked for again while it waits or runs. */
export function useWork(id: string | undefined) {
  return useQuery({
    queryKey: ['work', id],
    queryFn: () => operations.workItem(id ?? ''),
    enabled: id !== undefined && id !== '',
    refetchInterval: (query) => (query.state.data && !isOpen(query.state.data) ? false : 700),
  });
}

/** How far work has come, with a way to stop it. */
export function WorkProgress({ work }: { work: WorkItem }) {
  const cancel = useCancel();
  const percent = work.total > 0 ? Math.min(100, Math.floor((100 * work.done) / work.total)) : work.state === 'done' ? 100 : 0;
  return (
    <div style={{ minWidth: '9rem' }}>
      <div className="small" role="status">
        {work.cancelAsked && isOpen(work) ? text.cancelling : isOpen(work) && work.stage ? work.stage : text.states[work.state]}{' '}
        <span className="dim">{isOpen(work) ? text.of(work.done, work.total) : ''}</span>
      </div>
      {isOpen(work) ? (
        <div style={{ display: 'flex', gap: '0.5rem', alignItems: 'center' }}>
          <Progress
            value={percent}
            animated={work.state === 'running' && work.total === 0}
            style={{ flex: 1 }}
            aria-label={work.title}
            aria-valuetext={`${percent} %`}
          />
          {work.mine && !work.cancelAsked ? (
            <Button size="compact-sm" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate(work)}>
              {text.cancel}
            </Button>
          ) : null}
        </div>
      ) : null}
      {work.error ? <div className="small">{work.error}</div> : null}
      <ProblemNotice error={cancel.error} />
    </div>
  );
}

/** The files of some work, each fetched so that a refusal can be told. */
export function WorkFiles({ work, roles }: { work: WorkItem; roles?: string[] }) {
  const load = useMutation({
    mutationFn: (role: string) => fetchFile(operations.workFilePath(work.id, role), {}),
    onSuccess: ({ blob }, role) => saveFile(work.files.find((file) => file.role === role)?.name ?? role, blob),
  });
  return (
    <>
      {work.files
        .filter((file) => roles === undefined || roles.includes(file.role))
        .map((file) => (
          <Button key={file.role} size="compact-sm" variant="subtle" loading={load.isPending} onClick={() => load.mutate(file.role)}>
            {text.file(file.role)}
          </Button>
        ))}
      <ProblemNotice error={load.error} />
    </>
  );
}

/** Long work, the latest first: one's own, or everybody's. */
export function WorkList({ all = false }: { all?: boolean }) {
  const works = useQuery({
    queryKey: ['work', 'list', all],
    queryFn: () => operations.work({ all, limit: 50 }),
    refetchInterval: (query) => (query.state.data?.items.some(isOpen) ? 1_000 : 10_000),
  });
  return (
    <QueryState query={works} rows={4}>
      {(data) => (
        <DataTable
          label={all ? text.all : text.title}
          rows={data.items as unknown as Row[]}
          columns={[
            { key: 'title', label: text.what, type: 'text', render: (row) => <Title of={row as unknown as WorkItem} /> },
            ...(all ? [{ key: 'asker', label: text.asker, type: 'text' as const }] : []),
            { key: 'askedAt', label: text.asked, type: 'instant', render: (row) => <InstantText value={String(row.askedAt)} /> },
            { key: 'state', label: text.progress, type: 'text', render: (row) => <WorkProgress work={row as unknown as WorkItem} /> },
            { key: 'files', label: '', type: 'text', render: (row) => <WorkFiles work={row as unknown as WorkItem} /> },
          ]}
          empty={<EmptyState title={all ? text.noneAtAll : text.none} />}
        />
      )}
    </QueryState>
  );
}

function Title({ of: work }: { of: WorkItem }) {
  return work.mine && work.link ? <Link to={work.link}>{work.title}</Link> : <span>{work.title}</span>;
}

function useCancel() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (work: WorkItem) => operations.cancelWork(work.id),
    onSuccess: (_, work) => {
      toastDone(text.cancelled(work.title));
      void client.invalidateQueries({ queryKey: ['work'] });
    },
  });
}
