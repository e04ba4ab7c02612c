import { Button, ColorInput, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { asProblem, type CellType, type DocumentDetail, functions, type SegmentMeasure, type SegmentRequest, segments, uuid7 } from '@/api';
import { formatCell, formatDate, formatNumber, humanise } from '@/kit/format';
import { Page } from '@/kit/Page';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { useSession } from '@/kit/session';
import { EmptyState, ForbiddenState, LoadingState, QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { segmentText } from '@/messages';
import { RuleRows } from './RuleRows';
import { definitionOf, emptyGroup, type GroupPart, partsOf, pointersOf } from './rule';
import classes from './segments.module.css';

const text = segmentText.editor;
const route = '/api/v1/customers/segments';
const crumbs = [
  { label: segmentText.module, to: '/customers' },
  { label: segmentText.segments, to: '/customers/segments' },
];
const choices = (labels: Record<string, string>) => Object.entries(labels).map(([value, label]) => ({ value, label }));

interface Draft {
  code: string;
  name: string;
  type: string;
  refresh: string;
  colour: string;
  rule: GroupPart;
}

/** Enters a segment, changes a draft of one, or begins the next version of what is in force. */
export function Component() {
  const { id } = useParams();
  const { can } = useSession();
  const stored = useQuery({
    queryKey: ['customers.segments', 'document', id],
    queryFn: () => functions.detail(route, id ?? ''),
    enabled: id !== undefined,
  });
  const measures = useQuery({ queryKey: ['segments', 'measures'], queryFn: segments.measures, staleTime: 5 * 60_000 });
  return (
    <Page title={id === undefined ? text.create : text.edit} crumbs={crumbs}>
      {!can('customers.segments.create') ? (
        <ForbiddenState permission="customers.segments.create" />
      ) : (
        <QueryState query={measures} loading={<LoadingState rows={6} />}>
          {(known) =>
            id === undefined ? (
              <Editor
                initial={{ code: '', name: '', type: 'rule', refresh: 'daily', colour: '#0b6e69', rule: emptyGroup() }}
                measures={known.items}
              />
            ) : (
              <QueryState query={stored} loading={<LoadingState rows={6} />}>
                {(document) => <Editor initial={draftOf(document)} measures={known.items} stored={document} />}
              </QueryState>
            )
          }
        </QueryState>
      )}
    </Page>
  );
}

function draftOf(document: DocumentDetail): Draft {
  const data = document.data as unknown as SegmentRequest & { colour: string };
  return { code: data.code, name: data.name, type: data.type, refresh: data.refresh, colour: data.colour, rule: partsOf(data.definition) };
}

function Editor({ initial, measures, stored }: { initial: Draft; measures: SegmentMeasure[]; stored?: DocumentDetail }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { can } = useSession();
  const [draft, setDraft] = useState(initial);
  const [kept, setKept] = useState(
    stored && ['draft', 'rejected'].includes(stored.status) ? { id: stored.id, version: stored.version } : undefined,
  );
  const set = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const definition = definitionOf(draft.rule);
  const save = useMutation({
    mutationFn: async (handIn: boolean) => {
      const { rule: _, ...fields } = draft;
      const body = { ...fields, definition: definition ?? null } as unknown as SegmentRequest;
      const answer = kept ? await segments.change(kept.id, body, kept.version) : await segments.enter(body, uuid7());
      setKept({ id: answer.id, version: answer.version });
      const outcome = handIn ? await functions.act(route, answer.id, 'submit', {}, answer.version, uuid7()) : undefined;
      return { id: answer.id, outcome };
    },
    onSuccess: ({ id, outcome }) => {
      void client.invalidateQueries({ queryKey: ['customers.segments'] });
      toastDone(
        outcome?.waitsFor ? text.waits(humanise(outcome.waitsFor)) : outcome ? text.handedIn(outcome.number ?? draft.code) : text.saved,
      );
      navigate(`/customers/segments/${id}`);
    },
  });
  const problem = save.error ? asProblem(save.error) : undefined;
  const pointers = useMemo(() => pointersOf(draft.rule), [draft.rule]);
  const wrong = (pointer: string) => problem?.errors.find((error) => error.pointer === pointer)?.detail;
  // What is wrong inside a row is told at the row, whichever of its three fields it is.
  const wrongPart = (key: string) =>
    problem?.errors.find((error) => error.pointer?.replace(/\/(measure|op|value)$/, '') === pointers.get(key))?.detail;
  const ready = definition !== undefined;
  const mayHandIn = can('customers.segments.submit');
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && event.ctrlKey && ready) {
      event.preventDefault();
      save.mutate(mayHandIn);
    }
  };
  const field = (key: 'code' | 'name', label: string, disabled = false) => (
    <TextInput
      label={label}
      required
      withAsterisk={false}
      autoComplete="off"
      autoFocus={key === 'code' && !disabled}
      disabled={disabled}
      maxLength={key === 'code' ? 40 : 100}
      value={draft[key]}
      error={wrong(`/${key}`)}
      onChange={(event) => set({ [key]: key === 'code' ? event.currentTarget.value.toUpperCase() : event.currentTarget.value })}
    />
  );
  return (
    <form className={classes.columns} onKeyDown={keys} onSubmit={(event) => event.preventDefault()}>
      <section className="panel">
        <div className="panel-head">
          <h2>{text.about}</h2>
        </div>
        <div className={classes.fields}>
          {field('code', text.code, stored !== undefined)}
          {field('name', text.name)}
          <Select
            label={text.type}
            data={choices(text.types)}
            allowDeselect={false}
            value={draft.type}
            error={wrong('/type')}
            onChange={(type) => type && set({ type })}
          />
          <Select
            label={text.refresh}
            data={choices(text.refreshes)}
            allowDeselect={false}
            value={draft.refresh}
            error={wrong('/refresh')}
            onChange={(refresh) => refresh && set({ refresh })}
          />
          <ColorInput
            label={text.colour}
            format="hex"
            withEyeDropper={false}
            value={draft.colour}
            error={wrong('/colour')}
            onChange={(colour) => set({ colour })}
          />
        </div>
        <div className="panel-head">
          <h2>{text.rule}</h2>
        </div>
        <div className={classes.rule}>
          <RuleRows rule={draft.rule} measures={measures} onChange={(rule) => set({ rule })} wrong={wrongPart} />
        </div>
        <ProblemNotice error={save.error} />
        <div className={classes.bar}>
          <span className="dim small">{text.keys}</span>
          <span className={classes.spring} />
          <Button variant="default" disabled={!ready} loading={save.isPending} onClick={() => save.mutate(false)}>
            {text.save}
          </Button>
          {mayHandIn ? (
            <Button disabled={!ready} loading={save.isPending} onClick={() => save.mutate(true)}>
              {text.submit}
            </Button>
          ) : null}
        </div>
      </section>
      <Found definition={definition} measures={measures} />
    </form>
  );
}

/** Whom the rule finds now; asked when nothing was typed for a moment. */
function Found({ definition, measures }: { definition: unknown; measures: SegmentMeasure[] }) {
  const [asked] = useDebouncedValue(definition === undefined ? '' : JSON.stringify(definition), 400);
  const found = useQuery({
    queryKey: ['segments', 'preview', asked],
    queryFn: ({ signal }) => segments.preview(JSON.parse(asked), signal),
    enabled: asked !== '',
    retry: false,
    placeholderData: (before) => before,
  });
  const shown = (key: string, value: unknown) => {
    const measure = measures.find((one) => one.key === key);
    return formatCell(value, (measure?.type ?? 'text') as CellType);
  };
  return (
    <section className="panel" aria-live="polite">
      <div className="panel-head">
        <h2>{text.preview}</h2>
      </div>
      {asked === '' ? (
        <EmptyState title={text.unfinished} />
      ) : found.error ? (
        <ProblemNotice error={found.error} />
      ) : found.data === undefined ? (
        <LoadingState rows={4} />
      ) : (
        <div className={classes.found} aria-busy={found.isPlaceholderData}>
          <div className={classes.count}>{text.count(formatNumber(found.data.count))}</div>
          <div className="dim">{text.asOf(formatDate(found.data.asOf))}</div>
          {found.data.examples.length === 0 ? (
            <p>{text.none}</p>
          ) : (
            <ul style={{ paddingInlineStart: '1.1rem' }}>
              {found.data.examples.map((example) => (
                <li key={example.partyId}>
                  <Link to={`/customers/directory/${example.partyId}`}>{example.name}</Link>{' '}
                  <span className="dim small">
                    {Object.entries(example.figures)
                      .map(([key, value]) => `${measures.find((one) => one.key === key)?.label ?? key} ${shown(key, value)}`)
                      .join(', ')}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </section>
  );
}
