import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { operations, type Row } from '@/api';
import { useAddress } from '@/kit/address';
import { InstantText } from '@/kit/cells';
import { DataTable } from '@/kit/DataTable';
import { FilterBar } from '@/kit/FilterBar';
import { Page } from '@/kit/Page';
import { useSession } from '@/kit/session';
import { EmptyState, QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { WorkList } from '@/kit/WorkList';
import { adminText, workText } from '@/messages';
import { Pager } from '@/pages/FunctionList';
import { adminCrumb } from './pages';

const text = adminText.jobs;

/** What the server does beside the requests: how it stands now, and what it did. */
export function Component() {
  const { can } = useSession();
  const client = useQueryClient();
  const jobs = useQuery({ queryKey: ['jobs'], queryFn: operations.jobs, refetchInterval: 10_000 });
  const run = useMutation({
    mutationFn: (code: string) => operations.runJob(code),
    onSuccess: (_, code) => {
      toastDone(text.asked(nameOf(code)));
      void client.invalidateQueries({ queryKey: ['jobs'] });
    },
  });
  const nameOf = (code: string) => jobs.data?.items.find((job) => job.code === code)?.name ?? code;
  return (
    <Page title={text.title} sub={text.sub} crumbs={[adminCrumb]}>
      <section className="panel">
        <QueryState query={jobs} rows={4}>
          {(data) => (
            <DataTable
              label={text.title}
              rows={data.items.map((job) => ({ ...job, id: job.code })) as unknown as Row[]}
              columns={[
                { key: 'name', label: text.job, type: 'text' },
                { key: 'everySeconds', label: text.every, type: 'text', render: (row) => text.seconds(Number(row.everySeconds)) },
                { key: 'last', label: text.last, type: 'text', render: (row) => <LastRun of={row} /> },
                { key: 'dueAt', label: text.due, type: 'text', render: (row) => <Due of={row} /> },
                { key: 'runs', label: text.runs, type: 'integer' },
                { key: 'failures', label: text.failures, type: 'integer' },
              ]}
              actions={(row) =>
                can('kernel.jobs.run') ? [{ code: 'run', label: text.runNow, run: () => run.mutate(String(row.code)) }] : []
              }
              empty={<EmptyState title={text.none} />}
            />
          )}
        </QueryState>
      </section>
      <section className="panel">
        <div className="panel-head">
          <h2>{workText.all}</h2>
        </div>
        <WorkList all />
      </section>
      <History nameOf={nameOf} jobs={jobs.data?.items ?? []} />
    </Page>
  );
}

function History({ nameOf, jobs }: { nameOf: (code: string) => string; jobs: { code: string; name: string }[] }) {
  const { all } = useAddress();
  const { page: _, ...query } = all;
  const runs = useQuery({
    queryKey: ['jobs', 'runs', query],
    queryFn: () => operations.jobRuns({ limit: 50, ...query }),
    placeholderData: (before) => before,
    refetchInterval: 30_000,
  });
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.history}</h2>
      </div>
      <div style={{ padding: '0.75rem 1rem' }}>
        <FilterBar
          search={false}
          period={false}
          columns={[
            {
              key: 'job',
              label: text.job,
              type: 'text',
              filterable: true,
              options: jobs.map((job) => ({ value: job.code, label: job.name })),
            },
            { key: 'failed', label: text.outcome, type: 'text', filterable: true, options: [{ value: 'true', label: text.onlyFailed }] },
          ]}
        />
      </div>
      <QueryState query={runs} rows={6}>
        {(data) => (
          <>
            <DataTable
              label={text.history}
              density="compact"
              rows={data.items as unknown as Row[]}
              columns={[
                { key: 'startedAt', label: text.started, type: 'instant' },
                { key: 'job', label: text.job, type: 'text', render: (row) => nameOf(String(row.job)) },
                { key: 'took', label: text.took, type: 'text', render: (row) => text.milliseconds(tookOf(row)) },
                { key: 'done', label: text.done, type: 'integer' },
                { key: 'error', label: text.outcome, type: 'text', render: (row) => (row.error ? String(row.error) : text.fine) },
              ]}
              empty={<EmptyState title={text.nothing} />}
            />
            <Pager next={data.next} total={data.total} />
          </>
        )}
      </QueryState>
    </section>
  );
}

function LastRun({ of: job }: { of: Row }) {
  const last = job.last as { endedAt: string; done: number; error?: string | null } | null | undefined;
  if (!last) return <span className="dim">{text.never}</span>;
  return (
    <>
      <InstantText value={last.endedAt} /> ·{' '}
      {last.error ? <span style={{ color: 'var(--mantine-color-error)' }}>{last.error}</span> : text.did(last.done)}
    </>
  );
}

function Due({ of: job }: { of: Row }) {
  if (job.runningSince) return <span>{text.running}</span>;
  return job.dueAt ? <InstantText value={String(job.dueAt)} /> : null;
}

const tookOf = (row: Row) => new Date(String(row.endedAt)).getTime() - new Date(String(row.startedAt)).getTime();
