import { Button, FileButton, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  type ImportAsk,
  type ImportItem,
  type ImportKind,
  type ImportReport,
  imports,
  type Row,
  type UndoReport,
  type UploadedFile,
} from '@/api';
import { useAddress } from '@/kit/address';
import { InstantText } from '@/kit/cells';
import { DataTable } from '@/kit/DataTable';
import { ConfirmDialog } from '@/kit/dialogs';
import { Page } from '@/kit/Page';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { useSession } from '@/kit/session';
import { EmptyState, QueryState } from '@/kit/states';
import { isOpen, useWork, WorkFiles, WorkProgress } from '@/kit/WorkList';
import { importText as text, workText } from '@/messages';
import { ColumnMapping } from './ColumnMapping';
import { adminCrumb } from './pages';

/** Files that bring data: sent, mapped, looked at, taken, and undone while nobody has touched what they brought. */
export function Component() {
  const { all, set } = useAddress();
  const kinds = useQuery({ queryKey: ['imports', 'kinds'], queryFn: imports.kinds, staleTime: 60_000 });
  const work = all.run ?? all.undo;
  return (
    <Page title={text.title} sub={text.sub} crumbs={[adminCrumb]}>
      {work ? (
        <section className="panel" style={{ padding: '1rem' }}>
          <Outcome id={work} heading={all.run ? text.resultOf : text.undoOf} />
          <Button variant="default" mt="sm" onClick={() => set({ run: undefined, undo: undefined })}>
            {text.again}
          </Button>
        </section>
      ) : (
        <section className="panel" style={{ padding: '1rem' }}>
          <QueryState query={kinds} rows={3}>
            {(data) => <NewImport kinds={data.items} mostBytes={data.mostBytes} onRun={(id) => set({ run: id })} />}
          </QueryState>
        </section>
      )}
      <History onUndo={(id) => set({ undo: id, run: undefined })} />
    </Page>
  );
}

function NewImport({ kinds, mostBytes, onRun }: { kinds: ImportKind[]; mostBytes: number; onRun: (id: string) => void }) {
  const [code, setCode] = useState('items');
  const [file, setFile] = useState<UploadedFile>();
  const [mapping, setMapping] = useState<ImportAsk['mapping']>();
  const [preview, setPreview] = useState<string>();
  const kind = kinds.find((one) => one.code === code);
  const columns = useQuery({
    queryKey: ['imports', 'columns', file?.id, code],
    queryFn: async () => {
      const found = await imports.columns(file?.id ?? '', code);
      setMapping((before) => before ?? found.mapping);
      return found;
    },
    enabled: file !== undefined,
    retry: false,
  });
  const upload = useMutation({
    mutationFn: (sent: File) => imports.upload(sent),
    onSuccess: (taken) => {
      setFile(taken);
      setPreview(undefined);
    },
  });
  const ask = (): ImportAsk => ({ kind: code, fileId: file?.id ?? '', mapping: mapping ?? { columns: {} } });
  const look = useMutation({ mutationFn: () => imports.preview(ask()), onSuccess: ({ id }) => setPreview(id) });
  const run = useMutation({ mutationFn: () => imports.run(ask()), onSuccess: ({ id }) => onRun(id) });
  const seen = useWork(preview);
  const report = seen.data?.state === 'done' ? (seen.data.result as ImportReport) : undefined;
  const rows = (report?.created ?? 0) + (report?.changed ?? 0) + (report?.unchanged ?? 0);
  const choose = (label: string) => (
    <FileButton accept=".csv,text/csv" onChange={(sent) => sent && upload.mutate(sent)} inputProps={{ 'aria-label': label }}>
      {(props) => (
        <Button {...props} variant="default" loading={upload.isPending}>
          {label}
        </Button>
      )}
    </FileButton>
  );
  return (
    <>
      <section
        aria-label={text.file}
        style={{ display: 'flex', gap: '1rem', flexWrap: 'wrap', alignItems: 'end' }}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          const sent = event.dataTransfer.files[0];
          if (sent) upload.mutate(sent);
        }}
      >
        <Select
          label={text.kind}
          w={280}
          allowDeselect={false}
          value={code}
          onChange={(value) => {
            setCode(value ?? 'items');
            setMapping(undefined);
            setPreview(undefined);
          }}
          data={kinds.map((one) => ({ value: one.code, label: one.name }))}
        />
        {choose(text.choose)}
        <span className="dim small" role="status">
          {upload.isPending ? text.uploading : file ? file.name : `${text.drop}, ${text.most(mostBytes)}`}
        </span>
      </section>
      <ProblemNotice error={upload.error ?? columns.error} />
      {file && kind && columns.data && mapping ? (
        <ColumnMapping
          fields={kind.fields}
          columns={columns.data}
          mapping={mapping}
          onChange={(next) => {
            setMapping(next);
            setPreview(undefined);
          }}
        />
      ) : null}
      {file && mapping ? (
        <Button mt="md" loading={look.isPending} onClick={() => look.mutate()}>
          {text.preview}
        </Button>
      ) : null}
      <ProblemNotice error={look.error ?? run.error} />
      {preview ? (
        <section aria-label={text.previewOf}>
          <Outcome id={preview} heading={text.previewOf} />
          {report ? (
            <div style={{ display: 'flex', gap: '0.5rem', flexWrap: 'wrap', alignItems: 'center' }}>
              {rows > 0 && kind?.mayRun ? (
                <Button loading={run.isPending} onClick={() => run.mutate()}>
                  {text.run(rows)}
                </Button>
              ) : null}
              {report.refused > 0 ? choose(text.mended) : null}
            </div>
          ) : null}
        </section>
      ) : null}
    </>
  );
}

/** How a preview, an import or an undo goes, and what came out. */
function Outcome({ id, heading }: { id: string; heading: string }) {
  const work = useWork(id);
  return (
    <QueryState query={work} rows={2}>
      {(data) => {
        const report = data.state === 'done' ? (data.result as Partial<ImportReport & UndoReport>) : undefined;
        const counts = report
          ? (['created', 'changed', 'unchanged', 'refused', 'takenAway', 'setBack', 'kept'] as const).filter(
              (key) => report[key] !== undefined,
            )
          : [];
        return (
          <>
            <h2 style={{ marginTop: '1rem' }}>{heading}</h2>
            {report ? (
              <div role="status">
                <dl style={{ display: 'flex', gap: '2rem', flexWrap: 'wrap', margin: '0.5rem 0' }}>
                  {counts.map((key) => (
                    <div key={key}>
                      <dt className="dim small">{text[key]}</dt>
                      <dd style={{ margin: 0 }} className="strong">
                        {report[key]}
                      </dd>
                    </div>
                  ))}
                </dl>
              </div>
            ) : (
              <WorkProgress work={data} />
            )}
            {report?.refusedRows && report.refusedRows.length > 0 ? (
              <>
                <DataTable
                  label={text.refusedRows}
                  density="compact"
                  rows={report.refusedRows.map((row, at) => ({ ...row, id: String(at) }))}
                  columns={[
                    { key: 'line', label: text.line, type: 'integer' },
                    { key: 'field', label: text.field, type: 'text' },
                    { key: 'reason', label: text.reason, type: 'text' },
                    { key: 'code', label: text.code, type: 'text' },
                  ]}
                />
                <p className="small">
                  <WorkFiles work={data} roles={['refused']} /> {text.mend}
                </p>
              </>
            ) : null}
            {report?.keptRecords && report.keptRecords.length > 0 ? (
              <DataTable
                label={text.keptRows}
                density="compact"
                rows={report.keptRecords.map((row, at) => ({ ...row, id: String(at) }))}
                columns={[
                  { key: 'name', label: text.record, type: 'text' },
                  { key: 'reason', label: text.reason, type: 'text' },
                  { key: 'code', label: text.code, type: 'text' },
                ]}
              />
            ) : null}
          </>
        );
      }}
    </QueryState>
  );
}

function History({ onUndo }: { onUndo: (id: string) => void }) {
  const { can } = useSession();
  const client = useQueryClient();
  const [asked, setAsked] = useState<ImportItem>();
  const list = useQuery({
    queryKey: ['imports', 'list'],
    queryFn: () => imports.list({ limit: 50 }),
    refetchInterval: (query) => (query.state.data?.items.some((item) => isOpen(item as never)) ? 1_500 : 15_000),
  });
  const undo = useMutation({
    mutationFn: (item: ImportItem) => imports.undo(item.id),
    onSuccess: ({ id }) => {
      setAsked(undefined);
      void client.invalidateQueries({ queryKey: ['imports'] });
      onUndo(id);
    },
  });
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.history}</h2>
      </div>
      <QueryState query={list} rows={4}>
        {(data) => (
          <DataTable
            label={text.history}
            rows={data.items as unknown as Row[]}
            columns={[
              { key: 'askedAt', label: workText.asked, type: 'instant', render: (row) => <InstantText value={String(row.askedAt)} /> },
              { key: 'fileName', label: text.file, type: 'text' },
              { key: 'kind', label: text.kind, type: 'text' },
              { key: 'asker', label: workText.asker, type: 'text' },
              { key: 'state', label: workText.progress, type: 'text', render: (row) => workText.states[String(row.state)] },
              { key: 'undoable', label: text.records, type: 'integer' },
            ]}
            actions={(row) =>
              can('kernel.imports.run') && Number(row.undoable) > 0
                ? [{ code: 'undo', label: text.undo, run: () => setAsked(row as unknown as ImportItem) }]
                : []
            }
            empty={<EmptyState title={text.noHistory} />}
          />
        )}
      </QueryState>
      <ConfirmDialog
        busy={undo.isPending}
        error={undo.error}
        onClose={() => setAsked(undefined)}
        opened={asked !== undefined}
        title={text.undoTitle(asked?.fileName ?? '')}
        confirmLabel={text.undo}
        onConfirm={() => asked && undo.mutate(asked)}
      >
        {text.undoText}
      </ConfirmDialog>
    </section>
  );
}
