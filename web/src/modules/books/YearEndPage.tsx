import { Button, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { books, type Row, uuid7, type YearEndPreview } from '@/api';
import { useAddress } from '@/kit/address';
import { MoneyText } from '@/kit/cells';
import { DataTable } from '@/kit/DataTable';
import { formatDate, formatMoney } from '@/kit/format';
import { Page } from '@/kit/Page';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { dayText } from '@/kit/period';
import { useSession, useToday } from '@/kit/session';
import { ForbiddenState, QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { bookText } from '@/messages';
import classes from './books.module.css';

const text = bookText.year;

/** What closing a year would book, what must hold before, and the step itself. */
export function Component() {
  const { get, set } = useAddress();
  const { can } = useSession();
  const today = useToday();
  const lastDay = get('lastDay') ?? `${today.getFullYear() - 1}-12-31`;
  const preview = useQuery({ queryKey: ['books.year-end', 'preview', lastDay], queryFn: () => books.yearPreview(lastDay), retry: false });
  return (
    <Page
      title={text.title}
      crumbs={[
        { label: bookText.module, to: '/books' },
        { label: bookText.yearEnd, to: '/books/year-end' },
      ]}
    >
      <section className="panel">
        <div className={classes.tools}>
          <TextInput
            type="date"
            label={text.lastDay}
            max={dayText(today)}
            value={lastDay}
            onChange={(event) => set({ lastDay: event.currentTarget.value })}
          />
        </div>
        {!can('books.year-end.view') ? (
          <ForbiddenState permission="books.year-end.view" />
        ) : (
          <QueryState query={preview} rows={8}>
            {(data) => <Preview data={data} mayClose={can('books.year-end.create')} />}
          </QueryState>
        )}
      </section>
    </Page>
  );
}

function Preview({ data, mayClose }: { data: YearEndPreview; mayClose: boolean }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [remark, setRemark] = useState('');
  const close = useMutation({
    mutationFn: () => books.closeYear({ lastDay: data.lastDay, ...(remark.trim() ? { text: remark.trim() } : {}) }, uuid7()),
    onSuccess: (done) => {
      void client.invalidateQueries({ queryKey: ['books.year-end'] });
      toastDone(done.waitsFor ? text.done : text.posted(done.number ?? ''));
      navigate(`/books/year-end/${done.id}`);
    },
  });
  return (
    <>
      <div className="panel-head">
        <h2>{text.first(formatDate(data.firstDay), formatDate(data.lastDay))}</h2>
        <span className={classes.difference} data-balanced={data.ready}>
          {data.ready ? text.ready : text.notReady}
        </span>
      </div>
      <div className={classes.figures}>
        {(['income', 'expenses', 'result'] as const).map((figure) => (
          <div key={figure}>
            <span className="dim">{text[figure]}</span>
            <MoneyText value={data[figure]} currency={data.currency} sign />
          </div>
        ))}
      </div>
      <ul className={classes.checks} aria-label={text.checks}>
        {data.checks.map((check) => (
          <li key={check.code} data-holds={check.holds}>
            {check.holds ? <IconCircleCheck size={16} aria-hidden /> : <IconAlertTriangle size={16} aria-hidden />}
            {check.text}
          </li>
        ))}
      </ul>
      <DataTable
        label={text.lines}
        density="compact"
        rows={data.lines as unknown as Row[]}
        rowKey={(row) => `${row.branch}/${row.account}`}
        columns={[
          { key: 'branch', label: bookText.branch, type: 'text' },
          { key: 'account', label: bookText.account, type: 'text', render: (row) => `${row.account} ${row.name}` },
          { key: 'debit', label: bookText.debit, type: 'money', render: (row) => formatMoney(row.debit as string | undefined) },
          { key: 'credit', label: bookText.credit, type: 'money', render: (row) => formatMoney(row.credit as string | undefined) },
        ]}
      />
      <ProblemNotice error={close.error} />
      {mayClose ? (
        <div className={classes.bar}>
          <TextInput
            aria-label={text.text}
            placeholder={text.text}
            value={remark}
            maxLength={200}
            onChange={(event) => setRemark(event.currentTarget.value)}
          />
          <span className={classes.spring} />
          <Button onClick={() => close.mutate()} loading={close.isPending} disabled={!data.ready}>
            {text.close}
          </Button>
        </div>
      ) : null}
    </>
  );
}
