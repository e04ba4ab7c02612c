import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { masterData, type Row } from '@/api';
import { DataTable } from '@/kit/DataTable';
import { ConfirmDialog, ReasonDialog } from '@/kit/dialogs';
import { nameOf } from '@/kit/format';
import { Page } from '@/kit/Page';
import { EmptyState, QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { adminText } from '@/messages';
import { adminCrumb } from './pages';

const text = adminText.periods;
const label = adminText.fields;
const path = '/ledger/periods';

/** Accounting periods: closed ones take no posting. */
export function Component() {
  const client = useQueryClient();
  const [asked, setAsked] = useState<{ row: Row; step: 'close' | 'reopen' }>();
  const periods = useQuery({ queryKey: ['master', path], queryFn: ({ signal }) => masterData.list(path, { limit: 100 }, signal) });
  const run = useMutation({
    mutationFn: (answer: { reason?: string; text?: string }) =>
      masterData.act(path, String(asked?.row.id ?? asked?.row.code), asked?.step ?? 'close', answer),
    onSuccess: () => {
      toastDone((asked?.step === 'reopen' ? text.reopened : text.closed)(nameOf(asked?.row)));
      setAsked(undefined);
      void client.invalidateQueries({ queryKey: ['master', path] });
    },
  });
  const shape = { busy: run.isPending, error: run.error, onClose: () => setAsked(undefined) };
  return (
    <Page title={text.title} crumbs={[adminCrumb]}>
      <section className="panel">
        <QueryState query={periods}>
          {(data) => (
            <DataTable
              label={text.title}
              rows={data.items}
              columns={[
                { key: 'name', label: label.period, type: 'text', render: (row) => nameOf(row) },
                { key: 'from', label: label.from, type: 'date' },
                { key: 'to', label: label.to, type: 'date' },
                { key: 'state', label: label.state, type: 'status' },
              ]}
              actions={(row) =>
                row.state === 'closed'
                  ? [{ code: 'reopen', label: text.reopen, run: () => setAsked({ row, step: 'reopen' }) }]
                  : [{ code: 'close', label: text.close, run: () => setAsked({ row, step: 'close' }) }]
              }
              empty={<EmptyState title={adminText.empty(text.title)} />}
            />
          )}
        </QueryState>
      </section>
      <ConfirmDialog
        {...shape}
        opened={asked?.step === 'close'}
        title={text.closeTitle(nameOf(asked?.row))}
        confirmLabel={text.close}
        onConfirm={() => run.mutate({})}
      >
        {text.closeText}
      </ConfirmDialog>
      <ReasonDialog
        {...shape}
        opened={asked?.step === 'reopen'}
        title={text.reopen}
        confirmLabel={text.reopen}
        onConfirm={(answer) => run.mutate(answer)}
      >
        {text.reopenText}
      </ReasonDialog>
    </Page>
  );
}
