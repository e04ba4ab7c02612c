import { Button, Drawer } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { books, functions, type RecurringJournal, type Row, uuid7 } from '@/api';
import { useAddress } from '@/kit/address';
import { DataTable } from '@/kit/DataTable';
import { ConfirmDialog } from '@/kit/dialogs';
import { formatDate, formatMoney } from '@/kit/format';
import { Page } from '@/kit/Page';
import { StatusBadge } from '@/kit/StatusBadge';
import { branchName, useSession } from '@/kit/session';
import { EmptyState, ForbiddenState, QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { bookText } from '@/messages';

const text = bookText.recurring;
const route = '/api/v1/books/journals';

/** How a recurring journal stands, in a word: what its status and its next day say together. */
export function standingOf(item: Pick<RecurringJournal, 'status' | 'nextOn' | 'stuckOn'>): string {
  if (item.status === 'posted') return item.stuckOn ? 'stuck' : item.nextOn ? 'running' : 'ended';
  return item.status === 'closed' ? 'paused' : item.status;
}

/** Journals that come again: when next, what they have made, paused and resumed. */
export function Component() {
  const { can } = useSession();
  return (
    <Page
      title={text.title}
      sub={text.sub}
      crumbs={[
        { label: bookText.module, to: '/books' },
        { label: bookText.journals, to: '/books/journals' },
      ]}
      actions={
        can('books.journals.create') ? (
          <Button component={Link} to="/books/journals/new?kind=recurring" leftSection={<IconPlus size={16} />}>
            {text.create}
          </Button>
        ) : undefined
      }
    >
      {can('books.journals.view') ? <Recurring /> : <ForbiddenState permission="books.journals.view" />}
    </Page>
  );
}

function Recurring() {
  const { get, set } = useAddress();
  const { session, can } = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<{ item: RecurringJournal; step: 'close' | 'reopen' }>();
  const all = useQuery({ queryKey: ['books.journals', 'recurring'], queryFn: books.recurring });
  const move = useMutation({
    mutationFn: (to: { item: RecurringJournal; step: 'close' | 'reopen' }) =>
      functions.act(route, to.item.id, to.step, {}, to.item.version, uuid7()),
    onSuccess: (_, to) => {
      toastDone((to.step === 'close' ? text.paused : text.resumed)(to.item.number ?? to.item.text));
      setAsked(undefined);
      void client.invalidateQueries({ queryKey: ['books.journals'] });
    },
  });
  const opened = all.data?.items.find((item) => item.id === get('open'));
  return (
    <section className="panel">
      <QueryState query={all} rows={6}>
        {(data) => (
          <DataTable
            label={text.title}
            rows={data.items as unknown as Row[]}
            rowName={(row) => String(row.number ?? row.text)}
            href={(row) => `?open=${row.id}`}
            columns={[
              { key: 'number', label: text.number, type: 'text', render: (row) => String(row.number ?? '–') },
              { key: 'text', label: text.text, type: 'text' },
              { key: 'every', label: text.every, type: 'text', render: (row) => text.comes(Number(row.every), String(row.unit)) },
              { key: 'amount', label: text.amount, type: 'money', render: (row) => formatMoney(String(row.amount)) },
              { key: 'branch', label: bookText.branch, type: 'text', render: (row) => branchName(session, String(row.branch)) },
              { key: 'nextOn', label: text.next, type: 'date', render: (row) => (row.nextOn ? formatDate(String(row.nextOn)) : '–') },
              {
                key: 'made',
                label: text.made,
                type: 'integer',
                render: (row) => (row.times ? text.madeOf(Number(row.made), Number(row.times)) : String(row.made)),
              },
              {
                key: 'status',
                label: text.state,
                type: 'status',
                render: (row) => {
                  const standing = standingOf(row as unknown as RecurringJournal);
                  return <StatusBadge status={standing} label={text.standing[standing]} />;
                },
              },
            ]}
            actions={(row) => {
              const item = row as unknown as RecurringJournal;
              const steps = [{ code: 'open', label: text.open, run: () => navigate(`/books/journals/${item.id}`) }];
              if (can('books.journals.create'))
                steps.push({
                  code: 'change',
                  label: text.change,
                  run: () =>
                    navigate(
                      item.status === 'draft' || item.status === 'rejected'
                        ? `/books/journals/${item.id}/edit`
                        : `/books/journals/new?from=${item.id}`,
                    ),
                });
              if (can('books.journals.close') && item.status === 'posted' && item.nextOn)
                steps.push({ code: 'pause', label: text.pause, run: () => setAsked({ item, step: 'close' }) });
              if (can('books.journals.close') && item.status === 'closed')
                steps.push({ code: 'resume', label: text.resume, run: () => setAsked({ item, step: 'reopen' }) });
              return steps;
            }}
            empty={<EmptyState title={text.empty}>{text.emptyHint}</EmptyState>}
          />
        )}
      </QueryState>
      {asked ? (
        <ConfirmDialog
          opened
          title={(asked.step === 'close' ? text.askPause : text.askResume)(asked.item.number ?? asked.item.text)}
          confirmLabel={asked.step === 'close' ? text.pause : text.resume}
          busy={move.isPending}
          error={move.error}
          onClose={() => setAsked(undefined)}
          onConfirm={() => move.mutate(asked)}
        >
          {asked.step === 'close' ? text.pauseText : text.resumeText}
        </ConfirmDialog>
      ) : null}
      <Drawer opened={opened !== undefined} onClose={() => set({ open: undefined }, true)} title={opened?.text ?? ''} size="lg">
        {opened ? <History item={opened} /> : null}
      </Drawer>
    </section>
  );
}

/** The next days of a recurring journal, and what it has made. */
function History({ item }: { item: RecurringJournal }) {
  const runs = useQuery({ queryKey: ['books.journals', 'recurring', item.id], queryFn: () => books.recurringRuns(item.id) });
  return (
    <>
      {item.stuckOn ? <p role="status">{text.stuck(formatDate(item.stuckOn))}</p> : null}
      <p>
        <span className="dim">{text.upcoming}</span>{' '}
        {item.upcoming.length > 0 ? item.upcoming.map((day) => formatDate(day)).join(' · ') : text.noUpcoming}
        {item.endsOn ? <span className="dim"> {text.until(formatDate(item.endsOn))}</span> : null}
      </p>
      <QueryState query={runs} rows={4}>
        {(data) => (
          <DataTable
            label={text.history}
            density="compact"
            rows={data.items as unknown as Row[]}
            href={(row) => `/books/journals/${row.id}`}
            columns={[
              { key: 'dueOn', label: text.day, type: 'date' },
              { key: 'number', label: text.number, type: 'text' },
              { key: 'status', label: text.state, type: 'status' },
              { key: 'amount', label: text.amount, type: 'money' },
            ]}
            empty={<EmptyState title={text.noRuns} />}
          />
        )}
      </QueryState>
    </>
  );
}
