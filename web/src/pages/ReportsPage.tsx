import { Button, Group, Modal, TextInput } from '@mantine/core';
import { IconDownload, IconReport, IconSearch } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { type FunctionReports, fetchFile, type Row, reports, type SavedView, type Schedule, type ScheduleRun } from '@/api';
import { useAddress } from '@/kit/address';
import { InstantText } from '@/kit/cells';
import { DataTable } from '@/kit/DataTable';
import { ConfirmDialog } from '@/kit/dialogs';
import { saveFile } from '@/kit/file';
import { formatDate, formatNumber } from '@/kit/format';
import { Page } from '@/kit/Page';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { functionPath } from '@/kit/paths';
import { ScheduleDialog } from '@/kit/ScheduleDialog';
import { useMeta } from '@/kit/session';
import { EmptyState, QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { reportText } from '@/messages';
import classes from './ReportsPage.module.css';

const text = reportText.hub;
const names = reportText.schedule;

/** Every report that somebody may run, what is made at set times, and what was made. */
export function Component() {
  const { get, set } = useAddress();
  const word = (get('q') ?? '').trim().toLowerCase();
  const fits = (...words: (string | undefined)[]) => word === '' || words.some((one) => one?.toLowerCase().includes(word));
  return (
    <Page title={text.title} sub={text.sub}>
      <TextInput
        type="search"
        className={classes.search ?? ''}
        leftSection={<IconSearch size={16} />}
        aria-label={text.search}
        placeholder={text.search}
        value={get('q') ?? ''}
        onChange={(event) => set({ q: event.currentTarget.value }, true)}
      />
      <div className={classes.columns}>
        <div className={classes.wide}>
          <AllReports fits={fits} />
          <Schedules fits={fits} />
          <Files fits={fits} />
        </div>
        <div className={classes.side}>
          <Views fits={fits} />
          <Recents />
        </div>
      </div>
    </Page>
  );
}

type Fits = (...words: (string | undefined)[]) => boolean;

function AllReports({ fits }: { fits: Fits }) {
  const all = useQuery({ queryKey: ['reports'], queryFn: reports.all });
  const modules = useMeta().data?.modules ?? [];
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.reports}</h2>
      </div>
      <QueryState query={all} rows={6}>
        {(data) => {
          const found = data.functions
            .map((fn) => ({ ...fn, reports: fn.reports.filter((report) => fits(report.name, fn.name)) }))
            .filter((fn) => fn.reports.length > 0);
          if (found.length === 0) return <EmptyState title={text.nothing} />;
          return (
            <div className={classes.functions}>
              {found.map((fn) => (
                <FunctionGroup key={fn.code} fn={fn} module={modules.find((module) => module.code === fn.module)?.name} />
              ))}
            </div>
          );
        }}
      </QueryState>
    </section>
  );
}

function FunctionGroup({ fn, module }: { fn: FunctionReports; module: string | undefined }) {
  return (
    <div>
      <h3 className={classes.function}>
        {module ? <span className="dim">{module} · </span> : null}
        {fn.name}
      </h3>
      <ul className={classes.list}>
        {fn.reports.map((report) => (
          <li key={report.code}>
            <Link to={`${functionPath(fn)}/reports/${report.code}`}>
              <IconReport size={15} aria-hidden />
              {report.name}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

function whenOf(schedule: Schedule): string {
  const day =
    schedule.every === 'weekly' ? `, ${names.weekdays[schedule.onDay - 1]}` : schedule.every === 'monthly' ? `, ${schedule.onDay}.` : '';
  return `${names.everyNames[schedule.every]}${day}, ${schedule.at}`;
}

function Schedules({ fits }: { fits: Fits }) {
  const { set } = useAddress();
  const client = useQueryClient();
  const [removing, setRemoving] = useState<Schedule>();
  const [editing, setEditing] = useState<Schedule>();
  const schedules = useQuery({ queryKey: ['schedules'], queryFn: reports.schedules, refetchInterval: 30_000 });
  const refresh = () => {
    void client.invalidateQueries({ queryKey: ['schedules'] });
    void client.invalidateQueries({ queryKey: ['runs'] });
  };
  const run = useMutation({
    mutationFn: (schedule: Schedule) => reports.runSchedule(schedule.id),
    onSuccess: (_, schedule) => {
      toastDone(text.asked(schedule.name));
      setTimeout(refresh, 2_000);
    },
  });
  const turn = useMutation({
    mutationFn: (schedule: Schedule) => reports.switchSchedule(schedule.id, !schedule.active),
    onSuccess: refresh,
  });
  const remove = useMutation({
    mutationFn: (schedule: Schedule) => reports.deleteSchedule(schedule.id),
    onSuccess: (gone) => {
      toastDone(text.removed(gone.name));
      setRemoving(undefined);
      refresh();
    },
  });
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.schedules}</h2>
      </div>
      <ProblemNotice error={run.error ?? turn.error} />
      <QueryState query={schedules} rows={3}>
        {(data) => (
          <DataTable
            label={text.schedules}
            density="compact"
            rows={data.items.filter((one) => fits(one.name, one.owner)) as unknown as Row[]}
            href={(row) => `${row.page}${row.query ? `?${row.query}` : ''}`}
            columns={[
              { key: 'name', label: text.name, type: 'text' },
              { key: 'every', label: text.when, type: 'text', render: (row) => whenOf(row as unknown as Schedule) },
              { key: 'period', label: text.period, type: 'text', render: (row) => names.periods[String(row.period)] ?? '' },
              { key: 'format', label: names.format, type: 'text', render: (row) => names.formats[String(row.format)] ?? '' },
              {
                key: 'nextAt',
                label: text.next,
                type: 'instant',
                render: (row) => (row.nextAt ? <InstantText value={String(row.nextAt)} /> : <span className="dim">{text.stopped}</span>),
              },
              { key: 'last', label: text.last, type: 'text', render: (row) => <LastRun of={row as unknown as Schedule} /> },
              { key: 'owner', label: text.owner, type: 'text' },
            ]}
            actions={(row) => {
              const schedule = row as unknown as Schedule;
              const history = { code: 'history', label: text.history, run: () => set({ schedule: schedule.id }) };
              if (!schedule.mine) return [history];
              return [
                { code: 'run', label: text.runNow, run: () => run.mutate(schedule) },
                { code: 'edit', label: text.edit, run: () => setEditing(schedule) },
                { code: 'turn', label: schedule.active ? text.stop : text.start, run: () => turn.mutate(schedule) },
                history,
                { code: 'remove', label: text.remove, danger: true, run: () => setRemoving(schedule) },
              ];
            }}
            empty={<EmptyState title={text.noSchedules}>{text.noSchedulesHint}</EmptyState>}
          />
        )}
      </QueryState>
      {editing ? (
        <ScheduleDialog
          page={editing.page}
          query={editing.query}
          viewId={editing.viewId}
          schedule={editing}
          onClose={() => setEditing(undefined)}
        />
      ) : null}
      {removing ? (
        <ConfirmDialog
          opened
          danger
          title={text.removeTitle(removing.name)}
          confirmLabel={text.remove}
          busy={remove.isPending}
          error={remove.error}
          onClose={() => setRemoving(undefined)}
          onConfirm={() => remove.mutate(removing)}
        >
          {text.removeText}
        </ConfirmDialog>
      ) : null}
    </section>
  );
}

function LastRun({ of: schedule }: { of: Schedule }) {
  const { last } = schedule;
  if (!last) return <span className="dim">{text.never}</span>;
  return (
    <>
      {text.states[last.state]} {last.endedAt ? <InstantText value={last.endedAt} /> : null}
      {last.message ? <span className={classes.why}>{last.message}</span> : null}
    </>
  );
}

function Files({ fits }: { fits: Fits }) {
  const { get, set } = useAddress();
  const [schedule, after] = [get('schedule'), get('after')];
  const runs = useQuery({
    queryKey: ['runs', schedule, after],
    queryFn: () => reports.runs({ limit: 20, schedule, after }),
    refetchInterval: 30_000,
    placeholderData: (before) => before,
  });
  const fetched = useMutation({
    mutationFn: (run: ScheduleRun) => fetchFile(`/reports/runs/${run.id}/file`, {}),
    onSuccess: ({ blob, name }) => saveFile(name, blob),
  });
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.files}</h2>
        {schedule ? (
          <Button size="compact-sm" variant="subtle" color="gray" onClick={() => set({ schedule: undefined })}>
            {text.all}
          </Button>
        ) : null}
      </div>
      <QueryState query={runs} rows={4}>
        {(data) => (
          <>
            <DataTable
              label={text.files}
              density="compact"
              rows={data.items.filter((one) => fits(one.title, one.fileName)) as unknown as Row[]}
              columns={[
                { key: 'title', label: text.name, type: 'text' },
                { key: 'dueAt', label: text.due, type: 'instant' },
                { key: 'days', label: text.days, type: 'text', render: (row) => daysOf(row as unknown as ScheduleRun) },
                { key: 'rows', label: text.rows, type: 'integer' },
                {
                  key: 'bytes',
                  label: text.size,
                  type: 'integer',
                  render: (row) => (row.bytes ? text.kilobytes(formatNumber(Math.ceil(Number(row.bytes) / 1024))) : ''),
                },
                {
                  key: 'state',
                  label: text.state,
                  type: 'text',
                  render: (row) => (
                    <>
                      {text.states[String(row.state)]}
                      {row.message ? <span className={classes.why}>{String(row.message)}</span> : null}
                    </>
                  ),
                },
                {
                  key: 'file',
                  label: text.file,
                  type: 'text',
                  render: (row) => {
                    const run = row as unknown as ScheduleRun;
                    if (run.state !== 'done') return null;
                    if (!run.expiresAt) return <span className="dim">{text.expired}</span>;
                    return (
                      <Button
                        size="compact-xs"
                        variant={run.id === get('run') ? 'filled' : 'default'}
                        leftSection={<IconDownload size={14} />}
                        aria-label={text.download(run.fileName ?? '')}
                        title={`${text.keptUntil(formatDate(run.expiresAt.slice(0, 10)))} · SHA-256 ${run.sha256 ?? ''}`}
                        loading={fetched.isPending && fetched.variables?.id === run.id}
                        onClick={() => fetched.mutate(run)}
                      >
                        {run.fileName?.split('.').pop()?.toUpperCase()}
                      </Button>
                    );
                  },
                },
              ]}
              empty={<EmptyState title={text.noFiles} />}
            />
            {data.next ? (
              <Group p="sm">
                <Button variant="default" size="xs" onClick={() => set({ after: data.next })}>
                  {text.history}
                </Button>
              </Group>
            ) : null}
          </>
        )}
      </QueryState>
      <Modal opened={fetched.isError} onClose={() => fetched.reset()} title={text.failed}>
        <ProblemNotice error={fetched.error} />
      </Modal>
    </section>
  );
}

function daysOf(run: ScheduleRun): string {
  if (!run.from || !run.to) return '';
  return run.from === run.to ? formatDate(run.from) : `${formatDate(run.from)} – ${formatDate(run.to)}`;
}

function Views({ fits }: { fits: Fits }) {
  const views = useQuery({ queryKey: ['views'], queryFn: () => reports.views() });
  const { data } = useMeta();
  const functionName = (view: SavedView) =>
    data?.modules.flatMap((module) => module.functions).find((fn) => fn.code === view.function)?.name ?? view.function;
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.views}</h2>
      </div>
      <QueryState query={views} rows={3}>
        {(found) => {
          const shown = found.items.filter((view) => fits(view.name, view.owner, functionName(view)));
          if (shown.length === 0) return <EmptyState title={text.noViews} />;
          return (
            <ul className={`${classes.list} ${classes.padded}`}>
              {shown.map((view) => (
                <li key={view.id}>
                  <Link to={`${view.page}?${view.query}`}>{view.name}</Link>
                  <span className={classes.hint}>
                    {functionName(view)}
                    {view.mine
                      ? view.role
                        ? ` · ${reportText.views.sharedWith(view.role)}`
                        : ''
                      : ` · ${reportText.views.by(view.owner)}`}
                  </span>
                </li>
              ))}
            </ul>
          );
        }}
      </QueryState>
    </section>
  );
}

function Recents() {
  const recents = useQuery({ queryKey: ['recents'], queryFn: reports.recents });
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.recent}</h2>
      </div>
      <QueryState query={recents} rows={3}>
        {(data) =>
          data.items.length === 0 ? (
            <p className={`${classes.padded} dim`}>{text.noRecent}</p>
          ) : (
            <ul className={`${classes.list} ${classes.padded}`}>
              {data.items.map((one) => (
                <li key={one.page}>
                  <Link to={one.page}>{one.title}</Link>
                  <span className={classes.hint}>
                    <InstantText value={one.visitedAt} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </QueryState>
    </section>
  );
}
