import { Button, FileButton } from '@mantine/core';
import { IconPaperclip } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { attachments, type DocumentDetail, type FunctionInfo, fetchFile, type Row } from '@/api';
import { DataTable } from '@/kit/DataTable';
import { saveFile } from '@/kit/file';
import { formatNumber } from '@/kit/format';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { EmptyState, QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { bookText } from '@/messages';

const text = bookText.files;
const types = '.pdf,.png,.jpg,.jpeg,.xlsx,.csv,.txt';

/** The files beside a document: seen by who sees it, added by who may make such documents, taken away while it is a draft. */
export function FilesView({ fn, document }: { fn: FunctionInfo; document: DocumentDetail }) {
  const client = useQueryClient();
  const key = [fn.code, 'attachments', document.id];
  const files = useQuery({ queryKey: key, queryFn: () => attachments.list(fn.route, document.id) });
  const settle = () => void client.invalidateQueries({ queryKey: key });
  const add = useMutation({
    mutationFn: (file: File) => attachments.add(fn.route, document.id, file),
    onSuccess: (_, file) => {
      toastDone(text.done(file.name));
      settle();
    },
  });
  const remove = useMutation({ mutationFn: (id: string) => attachments.remove(fn.route, document.id, id), onSuccess: settle });
  const download = useMutation({
    mutationFn: (row: Row) => fetchFile(attachments.path(fn.route, document.id, String(row.id)), {}),
    onSuccess: ({ blob }, row) => saveFile(String(row.name), blob),
  });
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.tab}</h2>
        {files.data?.mayChange ? (
          <FileButton accept={types} onChange={(file) => file && add.mutate(file)}>
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconPaperclip size={16} />} loading={add.isPending}>
                {text.add}
              </Button>
            )}
          </FileButton>
        ) : null}
      </div>
      <ProblemNotice error={add.error ?? remove.error ?? download.error} />
      <QueryState query={files} rows={3}>
        {(data) => (
          <DataTable
            label={text.tab}
            rows={data.items as unknown as Row[]}
            columns={[
              { key: 'name', label: text.name, type: 'text' },
              { key: 'size', label: text.size, type: 'integer', render: (row) => text.bytes(formatNumber(Number(row.size))) },
              { key: 'addedAt', label: text.added, type: 'instant' },
              {
                key: 'sha256',
                label: text.hash,
                type: 'text',
                render: (row) => <code className="small">{String(row.sha256).slice(0, 16)}…</code>,
              },
            ]}
            actions={(row) => [
              { code: 'download', label: text.download(String(row.name)), run: () => download.mutate(row) },
              ...(data.mayChange && document.status === 'draft'
                ? [{ code: 'remove', label: text.remove, danger: true, run: () => remove.mutate(String(row.id)) }]
                : []),
            ]}
            empty={<EmptyState title={text.none}>{text.hint}</EmptyState>}
          />
        )}
      </QueryState>
    </section>
  );
}
