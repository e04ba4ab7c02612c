import { Button, Select, Switch, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { books, type Statement } from '@/api';
import { useAddress } from '@/kit/address';
import { ExportMenu } from '@/kit/ExportMenu';
import { formatDate, formatMoney } from '@/kit/format';
import { Page } from '@/kit/Page';
import { PeriodPicker } from '@/kit/PeriodPicker';
import { dayText, periodOf } from '@/kit/period';
import { useSession, useToday } from '@/kit/session';
import { EmptyState, ForbiddenState, QueryState } from '@/kit/states';
import { bookText } from '@/messages';
import classes from './books.module.css';
import { entriesPath } from './statement';

const compared = ['income', 'balance-sheet'];

/** The statements by period and branch; each figure leads to its entries. */
export function Component() {
  const { statement = 'income' } = useParams();
  const { can } = useSession();
  const today = useToday();
  const { all, get, params } = useAddress();
  const asOf = statement === 'balance-sheet' || statement === 'trial-balance';
  const period = asOf
    ? { to: get('to') ?? dayText(today) }
    : get('from') || get('to')
      ? { from: get('from'), to: get('to') }
      : periodOf('year', today);
  const { from: _from, to: _to, ...rest } = all;
  const query = { ...rest, ...period };
  const data = useQuery({
    queryKey: ['statements', statement, query],
    queryFn: ({ signal }) => books.statement(statement, query, signal),
    placeholderData: (before) => (before?.statement === statement ? before : undefined),
    enabled: can('books.journals.statements'),
  });
  const search = params.toString();
  const crumbs = [{ label: bookText.module, to: '/books' }];
  if (!can('books.journals.statements'))
    return (
      <Page title={bookText.statements} crumbs={crumbs}>
        <ForbiddenState permission="books.journals.statements" />
      </Page>
    );
  return (
    <Page
      title={bookText.kinds[statement] ?? bookText.statements}
      crumbs={crumbs}
      tabs={Object.entries(bookText.kinds).map(([code, label]) => ({
        label,
        to: `/books/statements/${code}${search ? `?${search}` : ''}`,
      }))}
      actions={
        <>
          {can('kernel.ledger.view') ? (
            <>
              <Button component={Link} to="/admin/accounts" variant="subtle" color="gray">
                {bookText.accounts}
              </Button>
              <Button component={Link} to="/admin/periods" variant="subtle" color="gray">
                {bookText.periods}
              </Button>
            </>
          ) : null}
          {can('books.journals.export') ? <ExportMenu path={books.statementPath(statement)} query={query} /> : null}
        </>
      }
    >
      <section className="panel">
        <Tools statement={statement} asOf={asOf} day={period.to} />
        <QueryState query={data} rows={14}>
          {(answer) =>
            answer.lines.some((line) => line.accounts.length > 0) ? (
              <Figures statement={answer} />
            ) : (
              <EmptyState title={bookText.noFigures} />
            )
          }
        </QueryState>
      </section>
    </Page>
  );
}

function Tools({ statement, asOf, day }: { statement: string; asOf: boolean; day: string | undefined }) {
  const { get, set } = useAddress();
  const { session } = useSession();
  const sideBySide = get('byBranch') === 'true';
  return (
    <div className={`${classes.tools} no-print`}>
      {asOf ? (
        <TextInput type="date" label={bookText.date} value={day ?? ''} onChange={(event) => set({ to: event.currentTarget.value })} />
      ) : (
        <PeriodPicker allowAny={false} fallback="year" />
      )}
      {session.branches.length > 1 ? (
        <Select
          label={bookText.branch}
          data={[
            { value: '', label: bookText.allBranches },
            ...session.branches.map((branch) => ({ value: branch.code, label: branch.name })),
          ]}
          value={get('branch') ?? ''}
          onChange={(branch) => set({ branch })}
          allowDeselect={false}
        />
      ) : null}
      {compared.includes(statement) ? (
        <>
          <Select
            label={bookText.compare}
            data={Object.entries(bookText.compares).map(([value, label]) => ({ value, label }))}
            value={get('compare') ?? 'none'}
            onChange={(compare) => set({ compare: compare === 'none' ? undefined : compare, byBranch: undefined })}
            allowDeselect={false}
          />
          {session.branches.length > 1 ? (
            <Switch
              mb={8}
              label={bookText.byBranch}
              checked={sideBySide}
              onChange={(event) => set({ byBranch: event.currentTarget.checked ? 'true' : undefined, compare: undefined })}
            />
          ) : null}
        </>
      ) : null}
    </div>
  );
}

function Figures({ statement }: { statement: Statement }) {
  const { get } = useAddress();
  return (
    <>
      <div className={classes.scroll}>
        <table className={classes.statement} aria-label={statement.title}>
          <thead>
            <tr>
              <th scope="col">
                {bookText.line}, {statement.currency}
              </th>
              {statement.columns.map((column) => (
                <th key={column.key} scope="col" title={`${column.from ? formatDate(column.from) : '…'} – ${formatDate(column.to)}`}>
                  {column.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {statement.lines.map((line) => (
              <tr key={line.key} data-kind={line.kind} data-level={line.level}>
                <th scope="row">{line.label}</th>
                {statement.columns.map((column, at) => {
                  const amount = line.amounts[at] ?? '';
                  const to = amount === '' ? undefined : entriesPath(statement, line, column, get('branch'));
                  const shown = amount === '' ? '' : formatMoney(amount, { currency: statement.currency });
                  return (
                    <td key={column.key} className="num">
                      {to ? <Link to={to}>{shown}</Link> : shown}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ul className={classes.checks}>
        {statement.checks.map((check) => (
          <li key={check.code} data-holds={check.holds}>
            {check.holds ? <IconCircleCheck size={16} aria-hidden /> : <IconAlertTriangle size={16} aria-hidden />}
            {check.holds
              ? bookText.holds(check.label, formatMoney(check.left, { currency: statement.currency }))
              : bookText.broken(check.label, formatMoney(check.left), formatMoney(check.right))}
          </li>
        ))}
      </ul>
    </>
  );
}
