import { Button, PasswordInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { asProblem, Problem, pointerToPath, type SetupChoices, type SetupState, setup } from '@/api';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { useSignIn } from '@/kit/session';
import { Brand } from '@/kit/shell/Brand';
import { setupText } from '@/messages';
import { type Draft, firstDraft, requestOf, type Step, stepOf, steps } from './draft';
import { FunctionsStep } from './FunctionsStep';
import { PeopleStep } from './PeopleStep';
import classes from './Setup.module.css';
import { BranchStep, CompanyStep, TaxesStep } from './steps';

export interface StepProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  choices: SetupChoices;
  /** What the API said of a field, by its path. */
  errors: Record<string, string>;
}

const parts = { company: CompanyStep, branch: BranchStep, taxes: TaxesStep, people: PeopleStep, functions: FunctionsStep };

/** The first visit to an empty database: step by step by keyboard, made in one call, signed in at the end. */
export default function SetupWizard({ state }: { state: SetupState & { choices: SetupChoices } }) {
  const [draft, setDraft] = useState(() => firstDraft(state.choices, navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone));
  const [step, setStep] = useState<Step>('company');
  const [problem, setProblem] = useState<Problem>();
  const head = useRef<HTMLHeadingElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const signIn = useSignIn();
  const client = useQueryClient();
  const at = steps.indexOf(step);
  const Part = parts[step];
  // biome-ignore lint/correctness/useExhaustiveDependencies: the first field of each new step
  useEffect(() => {
    form.current
      ?.querySelector<HTMLElement>('input[type=radio]:checked, input:not([type=hidden], [type=radio]), button[type=submit]')
      ?.focus();
    document.title = `${setupText.title} · Plug1`;
  }, [step]);

  const create = useMutation({
    mutationFn: async () => {
      if (draft.administrator.password !== draft.administrator.repeat) throw mismatch;
      await setup.run(requestOf(draft, state.choices), draft.code);
      // The application opens where one goes on from here.
      window.history.replaceState(null, '', '/start');
      await signIn({ userName: draft.administrator.userName.trim(), password: draft.administrator.password });
    },
    onError: (error) => {
      const caught = asProblem(error);
      setProblem(caught);
      const back = caught.code === 'SETUP_CODE_REQUIRED' ? 'company' : stepOf(caught.errors[0]?.pointer);
      if (back) setStep(back);
    },
  });
  const errors = Object.fromEntries((problem?.errors ?? []).map((item) => [pointerToPath(item.pointer ?? ''), item.detail ?? item.code]));
  const go = (next: Step | undefined) => {
    if (next === undefined) return;
    setStep(next);
    head.current?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <Brand large />
        <h1 className={classes.title} ref={head}>
          {setupText.title}
        </h1>
        <p className={classes.sub}>{setupText.sub}</p>
        <ol className={classes.steps}>
          {steps.map((name, index) => (
            <li key={name} aria-current={name === step ? 'step' : undefined} data-done={index < at}>
              {setupText.steps[name]}
            </li>
          ))}
        </ol>
        <form
          ref={form}
          onSubmit={(event) => {
            event.preventDefault();
            setProblem(undefined);
            if (step === 'people' && draft.administrator.password !== draft.administrator.repeat) setProblem(mismatch);
            else if (at < steps.length - 1) go(steps[at + 1]);
            else create.mutate();
          }}
        >
          <h2 className={classes.stepTitle}>
            {setupText.steps[step]} <span className="dim small">{setupText.step(at + 1, steps.length)}</span>
          </h2>
          <Part
            draft={draft}
            change={(part) => {
              setDraft((before) => ({ ...before, ...part }));
              if (problem) setProblem(undefined);
            }}
            choices={state.choices}
            errors={errors}
          />
          {step === 'company' && state.codeRequired ? (
            <PasswordInput
              mt="md"
              label={setupText.code}
              description={setupText.codeHint}
              autoComplete="off"
              required
              withAsterisk={false}
              value={draft.code}
              onChange={(event) => setDraft({ ...draft, code: event.currentTarget.value })}
            />
          ) : null}
          <div className={classes.notice}>
            <ProblemNotice error={problem} />
            {problem?.code === 'SETUP_DONE' ? (
              <Button variant="default" onClick={() => client.setQueryData(['setup'], { needed: false })}>
                {setupText.signIn}
              </Button>
            ) : null}
          </div>
          <div className={classes.buttons}>
            {at > 0 ? (
              <Button variant="default" onClick={() => go(steps[at - 1])}>
                {setupText.back}
              </Button>
            ) : (
              <span />
            )}
            <Button type="submit" loading={create.isPending}>
              {at < steps.length - 1 ? setupText.next : setupText.finish}
            </Button>
          </div>
        </form>
      </div>
    </main>
  );
}

const mismatch = new Problem(422, {
  title: setupText.people.mismatch,
  detail: setupText.people.mismatch,
  code: 'MISMATCH',
  errors: [{ pointer: '/administrator/repeat', code: 'MISMATCH', detail: setupText.people.mismatch }],
});
