import { Button, Progress } from '@mantine/core';
import { IconDatabaseExport } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type Backups, backups, fetchFile, type Row } from '@/api';
import { useAddress } from '@/kit/address';
import { InstantText } from '@/kit/cells';
import { DataTable } from '@/kit/DataTable';
import { saveFile } from '@/kit/file';
import { Page } from '@/kit/Page';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { StatusBadge } from '@/kit/StatusBadge';
import { useSession } from '@/kit/session';
import { EmptyState, QueryState } from '@/kit/states';
import { toastDone, toastProblem } from '@/kit/toast';
import { adminText } from '@/messages';
import { Pager } from '@/pages/FunctionList';
import classes from './admin.module.css';
import { BackupPlanForm } from './BackupPlanForm';
import { bytesText } from './bytes';
import { adminCrumb } from './pages';

const text = adminText.backups;
const busy = (data: Backups | undefined) => data?.items.some((run) => run.state === 'waiting' || run.state === 'running') ?? false;

/** The last backup that was proved, the schedule, and all that were made. */
export function Component() {
  const { can } = useSession();
  const { get } = useAddress();
  const client = useQueryClient();
  const after = get('after');
  const query = useQuery({
    queryKey: ['backups', after],
    queryFn: () => backups.list({ limit: 50, after }),
    refetchInterval: (state) => (busy(state.state.data) ? 1000 : 30_000),
  });
  const run = useMutation({
    mutationFn: backups.run,
    onSuccess: () => {
      toastDone(text.asked);
      void client.invalidateQueries({ queryKey: ['backups'] });
    },
  });
  return (
    <Page
      title={text.title}
      sub={text.sub}
      crumbs={[adminCrumb]}
      actions={
        can('kernel.backups.run') ? (
          <Button
            leftSection={<IconDatabaseExport size={16} />}
            loading={run.isPending}
            disabled={busy(query.data)}
            onClick={() => run.mutate()}
          >
            {text.now}
          </Button>
        ) : undefined
      }
    >
      <ProblemNotice error={run.error} />
      <QueryState query={query}>
        {(data) => (
          <>
            {data.running ? (
              <section className="panel panel-body" role="status">
                <p style={{ margin: '0 0 0.5rem' }}>{text.running(data.running.step, data.running.done, data.running.steps)}</p>
                <Progress
                  value={(100 * data.running.done) / Math.max(1, data.running.steps)}
                  animated
                  aria-label={text.running(data.running.step, data.running.done, data.running.steps)}
                />
              </section>
            ) : null}
            <div className={classes.halves}>
              <LastVerified data={data} />
              <BackupPlanForm key={data.plan.version} data={data} mayChange={can('kernel.backups.configure')} />
            </div>
            <History data={data} />
          </>
        )}
      </QueryState>
    </Page>
  );
}

function LastVerified({ data: { last } }: { data: Backups }) {
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.last}</h2>
      </div>
      {last ? (
        <dl className={classes.facts}>
          <dt>{text.taken}</dt>
          <dd>
            <InstantText value={last.takenAt} />
          </dd>
          <dt>{text.verified}</dt>
          <dd>
            <InstantText value={last.verifiedAt} />
          </dd>
          <dt>{text.file}</dt>
          <dd>
            {last.file}, {bytesText(last.bytes)}, {last.encrypted ? text.encrypted : text.open}
          </dd>
          <dt>{text.holds}</dt>
          <dd>{text.counts(last.documents, last.entries, last.auditEvents)}</dd>
          <dt>{text.ledger}</dt>
          <dd>
            {last.ledger.length === 0
              ? text.noLedger
              : last.ledger.map((total) => text.debits(total.debits, total.currency, total.entries)).join(', ')}
          </dd>
          <dt>{text.digest}</dt>
          <dd className="mono small">{last.auditBlock > 0 ? text.sealed(last.auditBlock, last.auditDigest) : text.unsealed}</dd>
        </dl>
      ) : (
        <EmptyState title={text.none}>{text.noneHint}</EmptyState>
      )}
    </section>
  );
}

function History({ data }: { data: Backups }) {
  const { can } = useSession();
  const download = useMutation({
    mutationFn: async (id: string) => {
      const { blob, name } = await fetchFile(backups.filePath(id), {});
      saveFile(name, blob);
    },
    onError: toastProblem,
  });
  const here = (row: Row) => row.state === 'done' && !row.removedAt && row.node === data.node;
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.history}</h2>
      </div>
      <DataTable
        label={text.history}
        density="compact"
        rows={data.items as unknown as Row[]}
        columns={[
          { key: 'askedAt', label: text.when, type: 'instant' },
          { key: 'state', label: text.state, type: 'text', render: (row) => <Outcome row={row} /> },
          { key: 'askedBy', label: text.by, type: 'text', render: (row) => (row.due ? text.planned : String(row.askedBy)) },
          { key: 'bytes', label: text.size, type: 'text', render: (row) => bytesText(row.bytes as number | undefined) },
          { key: 'documents', label: text.holds, type: 'text', render: (row) => holds(row) },
          { key: 'file', label: text.file, type: 'text', render: (row) => <FileName row={row} node={data.node} /> },
        ]}
        actions={(row) =>
          can('kernel.backups.download') && here(row)
            ? [{ code: 'download', label: text.download, run: () => download.mutate(String(row.id)) }]
            : []
        }
        empty={<EmptyState title={text.empty} />}
      />
      <Pager next={data.next} total={undefined} />
    </section>
  );
}

function Outcome({ row }: { row: Row }) {
  const state = String(row.state);
  return (
    <>
      <StatusBadge status={state} label={text.states[state] ?? state} />
      {row.error ? <div className="small">{String(row.error)}</div> : null}
    </>
  );
}

function FileName({ row, node }: { row: Row; node: string }) {
  if (!row.file) return null;
  return (
    <span className="small">
      {String(row.file)}
      {row.removedAt ? <span className="dim"> ({text.removed})</span> : null}
      {row.node === node ? null : <span className="dim"> ({text.elsewhere(String(row.node))})</span>}
    </span>
  );
}

const holds = (row: Row) => (row.state === 'done' ? text.counts(Number(row.documents), Number(row.entries), Number(row.auditEvents)) : '');
