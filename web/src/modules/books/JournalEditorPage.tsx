import { Button, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { asProblem, books, type DocumentDetail, functions, type JournalData, type JournalRequest, uuid7 } from '@/api';
import { useAddress } from '@/kit/address';
import { humanise } from '@/kit/format';
import { Page } from '@/kit/Page';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { dayText } from '@/kit/period';
import { useSession, useToday } from '@/kit/session';
import { ForbiddenState, LoadingState, QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { bookText } from '@/messages';
import classes from './books.module.css';
import { JournalLines } from './JournalLines';
import { emptyLine, fromData, fromPaste, type TypedLine, toRequest } from './lines';

const text = bookText.editor;
const route = '/api/v1/books/journals';
const crumbs = [
  { label: bookText.module, to: '/books' },
  { label: bookText.journals, to: '/books/journals' },
];

/** Enters a journal, or changes a draft, by keyboard alone. */
export function Component() {
  const { id } = useParams();
  const { can } = useSession();
  // A recurring journal that runs is not changed: another begins from what it says.
  const { get } = useAddress();
  const from = id === undefined ? get('from') : undefined;
  const shown = id ?? from;
  const detail = useQuery({
    queryKey: ['books.journals', 'detail', shown],
    queryFn: () => functions.detail(route, shown ?? ''),
    enabled: shown !== undefined,
  });
  return (
    <Page title={id === undefined ? text.create : text.edit} crumbs={crumbs}>
      {!can('books.journals.create') ? (
        <ForbiddenState permission="books.journals.create" />
      ) : shown === undefined ? (
        <Editor kind={get('kind')} />
      ) : from !== undefined ? (
        <QueryState query={detail} loading={<LoadingState rows={8} />}>
          {(document) => (
            <>
              <p className="dim">{bookText.recurring.replaces(document.number ?? '')}</p>
              <Editor copied={document.data as JournalData} />
            </>
          )}
        </QueryState>
      ) : (
        <QueryState query={detail} loading={<LoadingState rows={8} />}>
          {(document) => <Editor document={document} />}
        </QueryState>
      )}
    </Page>
  );
}

interface Head {
  kind: string;
  date: string;
  text: string;
  reverseOn: string;
  every: number;
  unit: string;
  endsOn: string;
  times: string;
}

function headOf(data: JournalData | undefined, today: Date): Head {
  return {
    kind: data?.kind ?? 'journal',
    date: data?.date ?? dayText(today),
    text: data?.text ?? '',
    reverseOn: data?.reverseOn ?? '',
    every: Number(data?.recurrence?.every ?? 1),
    unit: data?.recurrence?.unit ?? 'month',
    endsOn: data?.recurrence?.endsOn ?? '',
    times: String(data?.recurrence?.times ?? ''),
  };
}

function requestOf(head: Head, lines: TypedLine[]): JournalRequest {
  return {
    kind: head.kind,
    date: head.date,
    text: head.text.trim(),
    lines: toRequest(lines),
    ...(head.kind === 'journal' && head.reverseOn ? { reverseOn: head.reverseOn } : {}),
    ...(head.kind === 'recurring'
      ? {
          recurrence: {
            every: head.every,
            unit: head.unit,
            ...(head.endsOn ? { endsOn: head.endsOn } : {}),
            ...(head.times ? { times: Number(head.times) } : {}),
          },
        }
      : {}),
  };
}

function Editor({ document, copied, kind }: { document?: DocumentDetail; copied?: JournalData; kind?: string | undefined }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { branch } = useSession();
  const data = (document?.data as JournalData | undefined) ?? copied;
  const today = useToday();
  const [head, setHead] = useState(() => ({
    ...headOf(data, today),
    ...(copied?.nextOn ? { date: copied.nextOn } : {}),
    ...(kind && kind in text.kinds ? { kind } : {}),
  }));
  const [lines, setLines] = useState<TypedLine[]>(() => (data ? fromData(data, branch.code) : [emptyLine(), emptyLine()]));
  const [pasted, setPasted] = useState<string>();
  const [stored, setStored] = useState(document ? { id: document.id, version: document.version } : undefined);
  const accounts = useQuery({ queryKey: ['books.journals', 'accounts'], queryFn: books.accounts, staleTime: 60_000 });
  const change = (part: Partial<Head>) => setHead((before) => ({ ...before, ...part }));

  const save = useMutation({
    mutationFn: async (handIn: boolean) => {
      const body = requestOf(head, lines);
      const kept = stored ? await books.change(stored.id, body, stored.version) : await books.enter(body, uuid7());
      setStored({ id: kept.id, version: kept.version });
      return { id: kept.id, outcome: handIn ? await functions.act(route, kept.id, 'submit', {}, kept.version, uuid7()) : undefined };
    },
    onSuccess: ({ id, outcome }) => {
      void client.invalidateQueries({ queryKey: ['books.journals'] });
      void client.invalidateQueries({ queryKey: ['statements'] });
      toastDone(
        outcome === undefined
          ? text.saved
          : outcome.waitsFor
            ? text.waits(humanise(outcome.waitsFor))
            : text.submitted(outcome.number ?? ''),
      );
      navigate(`/books/journals/${id}`);
    },
  });
  const problem = save.error ? asProblem(save.error) : undefined;
  const wrong = (pointer: string) => problem?.errors.find((error) => error.pointer === pointer)?.detail;
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && event.ctrlKey) {
      event.preventDefault();
      save.mutate(true);
    }
  };
  return (
    <form className="panel" onKeyDown={keys} onSubmit={(event) => event.preventDefault()}>
      <HeadFields head={head} change={change} wrong={wrong} fixedKind={document !== undefined || stored !== undefined} />
      <div className="panel-head">
        <h2>{text.lines}</h2>
        <span className="dim small">{text.keys}</span>
      </div>
      <JournalLines lines={lines} onChange={setLines} accounts={accounts.data?.items ?? []} wrong={wrong} />
      {pasted === undefined ? null : (
        <div className={classes.head}>
          <Textarea
            label={text.paste}
            description={text.pasteHint}
            rows={5}
            value={pasted}
            onChange={(event) => setPasted(event.currentTarget.value)}
          />
          <Button
            variant="default"
            onClick={() => {
              setLines([
                ...lines.filter((line) => line.account || line.debit || line.credit),
                ...fromPaste(pasted, accounts.data?.items ?? []),
              ]);
              setPasted(undefined);
            }}
          >
            {text.pasteDone}
          </Button>
        </div>
      )}
      <ProblemNotice error={save.error} />
      <div className={classes.bar}>
        <Button variant="default" onClick={() => setPasted(pasted === undefined ? '' : undefined)}>
          {text.paste}
        </Button>
        <span className={classes.spring} />
        <Button variant="default" onClick={() => save.mutate(false)} loading={save.isPending}>
          {text.save}
        </Button>
        <Button onClick={() => save.mutate(true)} loading={save.isPending}>
          {text.submit}
        </Button>
      </div>
    </form>
  );
}

function HeadFields({
  head,
  change,
  wrong,
  fixedKind,
}: {
  head: Head;
  change: (part: Partial<Head>) => void;
  wrong: (pointer: string) => string | undefined;
  fixedKind: boolean;
}) {
  return (
    <div className={classes.head}>
      <Select
        label={text.kind}
        data={Object.entries(text.kinds).map(([value, label]) => ({ value, label }))}
        value={head.kind}
        onChange={(kind) => change({ kind: kind ?? 'journal' })}
        allowDeselect={false}
        disabled={fixedKind}
      />
      <TextInput
        type="date"
        label={head.kind === 'recurring' ? text.firstDate : text.date}
        value={head.date}
        error={wrong('/date') ?? wrong('/businessDate')}
        onChange={(event) => change({ date: event.currentTarget.value })}
      />
      <TextInput
        label={text.text}
        value={head.text}
        error={wrong('/text')}
        maxLength={200}
        onChange={(event) => change({ text: event.currentTarget.value })}
        data-autofocus
      />
      {head.kind === 'journal' ? (
        <TextInput
          type="date"
          label={text.reverseOn}
          value={head.reverseOn}
          error={wrong('/reverseOn')}
          onChange={(event) => change({ reverseOn: event.currentTarget.value })}
        />
      ) : null}
      {head.kind === 'recurring' ? (
        <>
          <NumberInput
            label={text.every}
            min={1}
            max={120}
            value={head.every}
            error={wrong('/recurrence/every')}
            onChange={(every) => change({ every: Number(every) || 1 })}
          />
          <Select
            label={text.unit}
            data={Object.entries(text.units).map(([value, label]) => ({ value, label }))}
            value={head.unit}
            onChange={(unit) => change({ unit: unit ?? 'month' })}
            allowDeselect={false}
          />
          <TextInput
            type="date"
            label={text.endsOn}
            value={head.endsOn}
            error={wrong('/recurrence/endsOn')}
            onChange={(event) => change({ endsOn: event.currentTarget.value })}
          />
          <TextInput
            label={text.times}
            inputMode="numeric"
            value={head.times}
            error={wrong('/recurrence/times')}
            onChange={(event) => change({ times: event.currentTarget.value.replace(/\D/g, '') })}
          />
        </>
      ) : null}
    </div>
  );
}
