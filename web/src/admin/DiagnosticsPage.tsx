import { Button } from '@mantine/core';
import { IconFileZip } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type Diagnostics, diagnostics, fetchFile, type Row } from '@/api';
import { InstantText } from '@/kit/cells';
import { DataTable } from '@/kit/DataTable';
import { saveFile } from '@/kit/file';
import { Page } from '@/kit/Page';
import { StatusBadge, type Tone } from '@/kit/StatusBadge';
import { EmptyState, QueryState } from '@/kit/states';
import { toastProblem } from '@/kit/toast';
import { adminText } from '@/messages';
import classes from './admin.module.css';
import { bytesText } from './bytes';
import { adminCrumb } from './pages';

const text = adminText.diagnostics;
const tones: Record<string, Tone> = { good: 'success', look: 'warning', bad: 'danger' };

/** How the server is: what to look at first, then the figures behind it. */
export function Component() {
  const query = useQuery({ queryKey: ['diagnostics'], queryFn: diagnostics.read, refetchInterval: 30_000 });
  const bundle = useMutation({
    mutationFn: async () => {
      const { blob, name } = await fetchFile(diagnostics.bundlePath, {});
      saveFile(name, blob);
    },
    onError: toastProblem,
  });
  return (
    <Page
      title={text.title}
      sub={query.data ? <Mark state={query.data.state} label={text.states[query.data.state]} /> : text.sub}
      crumbs={[adminCrumb]}
      actions={
        <Button variant="default" leftSection={<IconFileZip size={16} />} loading={bundle.isPending} onClick={() => bundle.mutate()}>
          {text.bundle}
        </Button>
      }
    >
      <QueryState query={query}>
        {(data) => (
          <>
            <p className="dim small" style={{ margin: 0 }}>
              {text.bundleHint}
            </p>
            <div className={classes.halves}>
              <Checks data={data} />
              <About data={data} />
            </div>
            <Errors data={data} />
            <Requests data={data} />
            <Sizes data={data} />
          </>
        )}
      </QueryState>
    </Page>
  );
}

function Mark({ state, label }: { state: string; label?: string | undefined }) {
  return <StatusBadge status={state} label={label ?? text.marks[state] ?? state} tone={tones[state] ?? 'neutral'} />;
}

function Panel({ title, hint, children }: { title: string; hint?: string; children: React.ReactNode }) {
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{title}</h2>
      </div>
      {hint ? (
        <p className="dim small" style={{ margin: 0, padding: '0.5rem 1rem' }}>
          {hint}
        </p>
      ) : null}
      {children}
    </section>
  );
}

function Checks({ data }: { data: Diagnostics }) {
  return (
    <Panel title={text.checks}>
      <ul className={classes.checks}>
        {data.checks.map((check) => (
          <li key={check.code}>
            <Mark state={check.state} />
            <div>
              <strong>{text.names[check.code] ?? check.code}</strong>
              <p>{check.text}</p>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function About({ data: { about, sizes } }: { data: Diagnostics }) {
  const rows: [string, React.ReactNode][] = [
    [text.version, about.version],
    [text.engine, `${about.engine} ${about.engineVersion}`],
    [text.runtime, about.runtime],
    [text.system, `${about.system}, ${text.processors(about.processors)}`],
    [text.node, about.node],
    [text.started, <InstantText key="started" value={about.startedAt} />],
    [text.memory, bytesText(about.memoryBytes)],
    [text.schema, about.lastMigration.join(', ')],
    [text.database, bytesText(sizes.databaseBytes)],
    ...(sizes.logBytes ? [[text.log, bytesText(sizes.logBytes)] as [string, React.ReactNode]] : []),
    [text.free, bytesText(sizes.diskFreeBytes)],
  ];
  return (
    <Panel title={text.about}>
      <dl className={classes.facts}>
        {rows.map(([label, value]) => (
          <div key={label} style={{ display: 'contents' }}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function Errors({ data }: { data: Diagnostics }) {
  return (
    <>
      <Panel title={text.errors} hint={text.errorsHint}>
        <DataTable
          label={text.errors}
          density="compact"
          rows={data.incidents.map((item) => ({ ...item, id: item.number })) as unknown as Row[]}
          columns={[
            { key: 'at', label: text.at, type: 'instant' },
            { key: 'number', label: text.number, type: 'text' },
            { key: 'route', label: text.route, type: 'text' },
            { key: 'kind', label: text.kind, type: 'text' },
            { key: 'message', label: text.message, type: 'text' },
            { key: 'trace', label: text.trace, type: 'text', render: (row) => String((row.trace as string[])[0] ?? '') },
          ]}
          empty={<EmptyState title={text.noErrors} />}
        />
      </Panel>
      <Panel title={text.failedRuns}>
        <DataTable
          label={text.failedRuns}
          density="compact"
          rows={data.failedRuns.map((run) => ({ ...run, id: `${run.job}${run.startedAt}` })) as unknown as Row[]}
          columns={[
            { key: 'startedAt', label: text.at, type: 'instant' },
            { key: 'job', label: text.job, type: 'text' },
            { key: 'error', label: text.message, type: 'text' },
          ]}
          empty={<EmptyState title={text.noFailedRuns} />}
        />
      </Panel>
    </>
  );
}

function Requests({ data }: { data: Diagnostics }) {
  return (
    <>
      <Panel title={text.routes}>
        <DataTable
          label={text.routes}
          density="compact"
          maxHeight="24rem"
          rows={data.routes.map((row) => ({ ...row, id: row.route })) as unknown as Row[]}
          columns={[
            { key: 'route', label: text.route, type: 'text' },
            { key: 'count', label: text.count, type: 'integer' },
            { key: 'p50', label: text.p50, type: 'number' },
            { key: 'p95', label: text.p95, type: 'number' },
            { key: 'max', label: text.max, type: 'number' },
            { key: 'errors', label: text.failed, type: 'integer' },
          ]}
        />
      </Panel>
      <Panel title={text.slow}>
        <DataTable
          label={text.slow}
          density="compact"
          maxHeight="20rem"
          rows={data.slow.map((row, at) => ({ ...row, id: `${at}` })) as unknown as Row[]}
          columns={[
            { key: 'at', label: text.at, type: 'instant' },
            { key: 'route', label: text.route, type: 'text' },
            { key: 'status', label: text.status, type: 'integer' },
            { key: 'milliseconds', label: text.took, type: 'number' },
          ]}
          empty={<EmptyState title={text.noSlow} />}
        />
      </Panel>
    </>
  );
}

function Sizes({ data }: { data: Diagnostics }) {
  return (
    <Panel title={text.sizes}>
      <DataTable
        label={text.sizes}
        density="compact"
        maxHeight="24rem"
        rows={data.sizes.tables.map((table) => ({ ...table, id: table.name })) as unknown as Row[]}
        columns={[
          { key: 'name', label: text.table, type: 'text' },
          { key: 'rows', label: text.rows, type: 'integer' },
          { key: 'bytes', label: text.bytes, type: 'text', render: (row) => bytesText(row.bytes as number | undefined) },
        ]}
      />
    </Panel>
  );
}
