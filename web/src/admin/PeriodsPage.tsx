import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { masterData, type Row } from '@/api';
import { DataTable } from '@/kit/DataTable';
import { ConfirmDialog, ReasonDialog } from '@/kit/dialogs';
import { formatDate, nameOf } from '@/kit/format';
import { Page } from '@/kit/Page';
import { dayBefore } from '@/kit/period';
import { EmptyState, QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { adminText } from '@/messages';
import { PeriodChecks, useChecks } from './PeriodChecks';
import { adminCrumb } from './pages';

const text = adminText.periods;
const label = adminText.fields;
const path = '/ledger/periods';
const steps = { close: text.close, 'soft-close': text.softClose, reopen: text.reopen };
const effect = { close: text.closeText, 'soft-close': text.softCloseText, reopen: text.reopenText };

/** Accounting periods: closed ones take no posting. */
export function Component() {
  const client = useQueryClient();
  const [asked, setAsked] = useState<{ row: Row; step: 'close' | 'soft-close' | 'reopen' }>();
  const periods = useQuery({ queryKey: ['master', path], queryFn: ({ signal }) => masterData.list(path, { limit: 100 }, signal) });
  const month = String(asked?.row.id ?? asked?.row.code ?? '');
  const closing = asked && asked.step !== 'reopen' ? asked.step : undefined;
  const checks = useChecks(month, closing);
  const run = useMutation({
    mutationFn: (reason?: string) => masterData.act(path, month, asked?.step ?? 'close', reason === undefined ? {} : { reason }),
    onSuccess: () => {
      toastDone((asked?.step === 'reopen' ? text.reopened : text.closed)(nameOf(asked?.row)));
      setAsked(undefined);
      void client.invalidateQueries({ queryKey: ['master', path] });
    },
  });
  const close = () => {
    setAsked(undefined);
    run.reset();
  };
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
                { key: 'to', label: label.to, type: 'date', render: (row) => formatDate(dayBefore(String(row.to))) },
                { key: 'state', label: label.state, type: 'status' },
              ]}
              actions={(row) => [
                ...(row.state === 'open'
                  ? [{ code: 'soft-close', label: text.softClose, run: () => setAsked({ row, step: 'soft-close' }) }]
                  : []),
                ...(row.state === 'closed' ? [] : [{ code: 'close', label: text.close, run: () => setAsked({ row, step: 'close' }) }]),
                ...(row.state === 'open' ? [] : [{ code: 'reopen', label: text.reopen, run: () => setAsked({ row, step: 'reopen' }) }]),
              ]}
              empty={<EmptyState title={adminText.empty(text.title)} />}
            />
          )}
        </QueryState>
      </section>
      <ConfirmDialog
        busy={run.isPending}
        blocked={!checks.data?.ready}
        error={run.error}
        onClose={close}
        opened={closing !== undefined}
        title={asked ? `${steps[asked.step]} ${nameOf(asked.row)}?` : ''}
        confirmLabel={asked ? steps[asked.step] : ''}
        onConfirm={() => run.mutate(undefined)}
      >
        <p style={{ marginBlockStart: 0 }}>{asked ? effect[asked.step] : ''}</p>
        <PeriodChecks query={checks} />
      </ConfirmDialog>
      <ReasonDialog
        busy={run.isPending}
        error={run.error}
        onClose={close}
        opened={asked?.step === 'reopen'}
        title={`${text.reopen} ${nameOf(asked?.row)}?`}
        confirmLabel={text.reopen}
        // The reason is one line of the audit trail.
        onConfirm={(answer) => run.mutate((answer.text ?? '').replace(/\s+/g, ' '))}
      >
        {text.reopenText}
      </ReasonDialog>
    </Page>
  );
}
