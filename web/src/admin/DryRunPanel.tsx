import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { type ExceptionRule, type ExceptionTrial, operations, type Row } from '@/api';
import { DataTable } from '@/kit/DataTable';
import { formatCell, formatMinutes, formatNumber, formatRate, localised } from '@/kit/format';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { documentPath } from '@/kit/paths';
import { dayText } from '@/kit/period';
import { branchName, useSession, useToday } from '@/kit/session';
import { EmptyState } from '@/kit/states';
import { adminText } from '@/messages';
import { parametersOf } from './exceptionRules';

const text = adminText.exceptionRules;

/** What the rule would have caught on some days with the figures in the form, and where each of them leads. */
export function DryRunPanel({
  rule,
  branch,
  typed,
  types,
}: {
  rule: ExceptionRule;
  branch: string | undefined;
  typed: Record<string, string>;
  types: Record<string, string>;
}) {
  const today = useToday();
  const [from, setFrom] = useState(() => monthAgo(today));
  const [to, setTo] = useState(() => dayText(today));
  const run = useMutation({
    mutationFn: () => operations.tryExceptionRule(rule.code, { from, to, branch, ...parametersOf(typed, types) }),
  });
  if (!rule.canTry) return <p className="dim">{text.cannotTry}</p>;
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.try}</h2>
      </div>
      <form
        className="panel-body"
        onSubmit={(event) => {
          event.preventDefault();
          run.mutate();
        }}
      >
        <Stack gap="sm">
          <p className="dim" style={{ margin: 0 }}>
            {text.tryHint}
          </p>
          <Group align="end">
            <TextInput
              type="date"
              label={text.from}
              value={from}
              onChange={(event) => setFrom(event.currentTarget.value)}
              required
              withAsterisk={false}
            />
            <TextInput
              type="date"
              label={text.to}
              value={to}
              onChange={(event) => setTo(event.currentTarget.value)}
              required
              withAsterisk={false}
            />
            <Button type="submit" variant="default" loading={run.isPending}>
              {text.run}
            </Button>
          </Group>
          <ProblemNotice error={run.error} />
          {run.data ? <Answer answer={run.data} /> : null}
        </Stack>
      </form>
    </section>
  );
}

function Answer({ answer }: { answer: ExceptionTrial }) {
  const { session } = useSession();
  return (
    <div aria-live="polite">
      <p style={{ margin: '0 0 0.5rem', fontWeight: 550 }}>
        {answer.rate
          ? text.caught(formatNumber(answer.caught), formatNumber(answer.documents), formatRate(answer.rate))
          : text.caughtAlone(formatNumber(answer.caught))}{' '}
        <span className="dim">{text.raised(formatNumber(answer.raised))}</span>
      </p>
      <DataTable
        label={text.latest}
        density="compact"
        rows={answer.rows.map((row, index) => ({ ...row, id: row.document?.id ?? row.session ?? String(index) })) as unknown as Row[]}
        rowName={(row) => String(row.label)}
        columns={[
          {
            key: 'label',
            label: text.document,
            type: 'text',
            render: (row) => <Found row={row as unknown as ExceptionTrial['rows'][number]} />,
          },
          { key: 'date', label: text.date, type: 'date' },
          { key: 'branch', label: text.branch, type: 'text', render: (row) => branchName(session, row.branch) },
          { key: 'figure', label: text.figure, type: 'number', render: (row) => figureText(answer.figureType, String(row.figure)) },
        ]}
        empty={<EmptyState title={text.nothing} />}
      />
    </div>
  );
}

function Found({ row }: { row: ExceptionTrial['rows'][number] }) {
  return row.document ? <Link to={documentPath(row.document.function, row.document.id)}>{row.label}</Link> : row.label;
}

/** Seconds are read as a length of time, everything else by its type. */
export function figureText(type: string, figure: string): string {
  if (type === 'seconds') return formatMinutes(Math.floor(Number(figure) / 60));
  return type === 'money' || type === 'quantity' || type === 'price' ? formatCell(figure, type) : localised(figure);
}

function monthAgo(now: Date): string {
  const at = new Date(now);
  at.setDate(at.getDate() - 29);
  return dayText(at);
}
