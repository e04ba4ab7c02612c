import { Button, Group, Modal, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type CodeLabel, type ExceptionItem, type ExceptionSteps, type Meta, operations } from '@/api';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { findFunctionByCode, useMeta } from '@/kit/session';
import { toastDone } from '@/kit/toast';
import { commonText, pageText } from '@/messages';

const text = pageText.exceptions;

export type Step = ExceptionSteps['step'];

interface StepShape {
  step: Step | undefined;
  items: readonly ExceptionItem[];
  onClose: () => void;
  onDone: () => void;
}

/** One step with one or several exceptions, in one call; of those that were refused it says why. */
export function ExceptionStepDialog(props: StepShape) {
  return (
    <Modal
      opened={props.step !== undefined}
      onClose={props.onClose}
      title={props.step ? text.titles[props.step](props.items.length) : ''}
      size="lg"
    >
      {props.step ? <StepForm {...props} step={props.step} /> : null}
    </Modal>
  );
}

function StepForm({ step, items, onClose, onDone }: StepShape & { step: Step }) {
  const meta = useMeta().data;
  const reasons = commonReasons(meta, items);
  const [reason, setReason] = useState<string | null>(null);
  const [owner, setOwner] = useState<string | null>(null);
  const [until, setUntil] = useState('60');
  const [own, setOwn] = useState('');
  const [words, setWords] = useState('');
  const [touched, setTouched] = useState(false);
  const instant = step === 'snooze' ? instantOf(until, own, new Date()) : undefined;
  const missing =
    (step === 'resolve' && reason === null) || (step === 'assign' && owner === null) || (step === 'snooze' && instant === undefined);
  const run = useMutation({
    mutationFn: () =>
      operations.handleExceptions({
        step,
        items: items.map((item) => ({ id: item.id, version: item.version })),
        ...(words.trim() ? { text: words.trim() } : {}),
        ...(reason ? { reason } : {}),
        ...(instant ? { until: instant } : {}),
        ...(step === 'assign' ? { owner } : {}),
      }),
    onSuccess: (answer) => {
      if (answer.items.some((item) => !item.done)) return;
      toastDone(text.done(answer.items.length));
      onDone();
    },
  });
  const refused = run.data?.items.filter((item) => !item.done) ?? [];
  if (refused.length > 0)
    return (
      <Stack gap="md" role="alert">
        {refused.length < items.length ? <p style={{ margin: 0 }}>{text.done(items.length - refused.length)}</p> : null}
        <p style={{ margin: 0 }}>{text.refused(refused.length)}</p>
        <ul style={{ margin: 0 }}>
          {refused.map((item) => (
            <li key={item.id}>
              {items.find((other) => other.id === item.id)?.message}{' '}
              <span className="dim">{item.code === 'VERSION_CONFLICT' ? commonText.problem.conflict : item.message}</span>
            </li>
          ))}
        </ul>
        <Group justify="flex-end">
          <Button onClick={onDone} data-autofocus>
            {commonText.close}
          </Button>
        </Group>
      </Stack>
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setTouched(true);
        if (!missing) run.mutate();
      }}
    >
      <Stack gap="md">
        {items.length === 1 ? <div>{items[0]?.message}</div> : null}
        {step === 'resolve' ? (
          <Select
            label={commonText.reason}
            placeholder={commonText.reasonPlaceholder}
            data={reasons.map((item) => ({ value: item.code, label: item.label }))}
            value={reason}
            onChange={setReason}
            withAsterisk
            data-autofocus
            error={reasons.length === 0 ? text.mixed : touched && missing ? commonText.required : undefined}
          />
        ) : null}
        {step === 'assign' ? <PersonPicker value={owner} onChange={setOwner} error={touched && missing} /> : null}
        {step === 'snooze' ? (
          <>
            <Select
              label={text.until}
              data={Object.entries(text.untils).map(([value, label]) => ({ value, label }))}
              value={until}
              onChange={(value) => setUntil(value ?? '60')}
              allowDeselect={false}
              data-autofocus
            />
            {until === 'own' ? (
              <TextInput
                type="datetime-local"
                label={text.ownTime}
                value={own}
                onChange={(event) => setOwn(event.currentTarget.value)}
                error={touched && missing ? commonText.required : undefined}
              />
            ) : null}
          </>
        ) : null}
        <Textarea
          label={commonText.explanation}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          autosize
          minRows={2}
          maxLength={2000}
        />
        <ProblemNotice error={run.error} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose} disabled={run.isPending}>
            {commonText.cancel}
          </Button>
          <Button type="submit" loading={run.isPending}>
            {text[step]}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function PersonPicker({ value, onChange, error }: { value: string | null; onChange: (value: string | null) => void; error: boolean }) {
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), 200);
  const people = useQuery({
    queryKey: ['exceptions', 'people', q],
    queryFn: () => operations.exceptionPeople(q),
    placeholderData: (before) => before,
    staleTime: 60_000,
  });
  return (
    <>
      <Select
        label={text.person}
        description={text.personHint}
        data={(people.data?.items ?? []).map((person) => ({ value: person.id, label: `${person.name} (${person.userName})` }))}
        value={value}
        onChange={onChange}
        searchable
        onSearchChange={(next) => setTyped(next.replace(/ \([^)]*\)$/, ''))}
        filter={({ options }) => options}
        withAsterisk
        data-autofocus
        error={error ? commonText.required : undefined}
      />
      <ProblemNotice error={people.error} />
    </>
  );
}

/** The reasons that all functions of the chosen exceptions have: one code is sent for all. */
export function commonReasons(meta: Meta | undefined, items: readonly Pick<ExceptionItem, 'function'>[]): CodeLabel[] {
  const lists = [...new Set(items.map((item) => item.function))].map((code) => findFunctionByCode(meta, code)?.reasons?.exception ?? []);
  const [first = [], ...others] = lists;
  return first.filter((reason) => others.every((list) => list.some((other) => other.code === reason.code)));
}

/** The instant that a choice means, by the clock of the reader. */
export function instantOf(choice: string, own: string, now: Date): string | undefined {
  if (choice === 'own') {
    const chosen = new Date(own);
    return own === '' || Number.isNaN(chosen.getTime()) ? undefined : chosen.toISOString();
  }
  const at = new Date(now);
  if (choice === 'tomorrow') {
    at.setDate(at.getDate() + 1);
    at.setHours(8, 0, 0, 0);
  } else if (choice === 'week') {
    at.setDate(at.getDate() + 7);
  } else {
    at.setMinutes(at.getMinutes() + Number(choice));
  }
  return at.toISOString();
}
