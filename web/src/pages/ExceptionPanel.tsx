import { Button, Group, Stack } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { type ExceptionHistoryItem, type ExceptionItem, operations } from '@/api';
import { InstantText } from '@/kit/cells';
import timeline from '@/kit/DocumentTimeline.module.css';
import { formatInstant, formatMinutes, humanise } from '@/kit/format';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { documentPath, functionName } from '@/kit/paths';
import { StatusBadge, toneOf } from '@/kit/StatusBadge';
import { branchName, useMeta, useSession } from '@/kit/session';
import { QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { pageText } from '@/messages';
import classes from './DocumentPage.module.css';
import { ExceptionStepDialog, type Step } from './ExceptionStepDialog';

const text = pageText.exceptions;

/** One exception: what it is about, who looks after it and hears of it next, what was done, and what may be done now. */
export function ExceptionPanel({ id, onDone }: { id: string; onDone: () => void }) {
  const detail = useQuery({ queryKey: ['exceptions', 'one', id], queryFn: () => operations.exception(id) });
  return (
    <QueryState query={detail} rows={5}>
      {(data) => (
        <Stack gap="md">
          <Group gap="xs">
            <StatusBadge status={data.item.severity} />
            <StatusBadge status={data.item.state} label={text.states[data.item.state] ?? humanise(data.item.state)} />
            {data.item.count > 1 ? <span className="dim num">{text.timesOf(data.item.count)}</span> : null}
          </Group>
          <p style={{ margin: 0, fontWeight: 550 }}>{data.item.message}</p>
          <Facts item={data.item} rule={data.ruleName} />
          <Steps item={data.item} onDone={onDone} />
          <History steps={data.history} />
        </Stack>
      )}
    </QueryState>
  );
}

function Facts({ item, rule }: { item: ExceptionItem; rule: string }) {
  const meta = useMeta().data;
  const { session } = useSession();
  const facts: [string, React.ReactNode][] = [
    [text.rule, rule],
    [text.function, functionName(meta, item.function) ?? item.function],
    [text.branch, branchName(session, item.branch)],
    [text.raised, <InstantText key="raised" value={item.raisedAt} />],
  ];
  if (item.count > 1) facts.push([text.lastSeen, <InstantText key="seen" value={item.lastSeenAt} />]);
  if (item.document)
    facts.push([
      text.document,
      <Link key="document" to={documentPath(item.document.function, item.document.id)}>
        {item.document.number ?? text.document}
      </Link>,
    ]);
  facts.push([text.owner, item.owner ?? text.nobody]);
  if (item.ownerRole) facts.push([text.role, humanise(item.ownerRole)]);
  if (item.snoozedUntil) facts.push([text.snoozedUntil, <InstantText key="until" value={item.snoozedUntil} />]);
  facts.push([text.escalates, escalationOf(item)]);
  if (item.reason) facts.push([text.reason, item.text ? `${humanise(item.reason)}: ${item.text}` : humanise(item.reason)]);
  return (
    <dl className={classes.fields} style={{ padding: 0 }}>
      {facts.map(([label, value]) => (
        <Fact key={label} label={label} value={value} />
      ))}
    </dl>
  );
}

function Fact({ label, value }: { label: string; value: React.ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  );
}

function escalationOf(item: ExceptionItem): string {
  if (item.escalatesAt && item.escalateRole && item.state !== 'resolved')
    return [
      text.escalation(humanise(item.escalateRole), formatInstant(item.escalatesAt)),
      ...item.escalateThen.map((link) => text.escalatesThen(humanise(link.role), formatMinutes(Number(link.minutes)))),
    ].join(', ');
  if (item.escalatedAt && item.ownerRole) return text.escalated(humanise(item.ownerRole), formatInstant(item.escalatedAt));
  return text.noEscalation;
}

function Steps({ item, onDone }: { item: ExceptionItem; onDone: () => void }) {
  const { session, can } = useSession();
  const [step, setStep] = useState<Step>();
  const take = useMutation({
    mutationFn: async () => {
      const [outcome] = (
        await operations.handleExceptions({ step: 'assign', items: [{ id: item.id, version: item.version }], owner: session.user.id })
      ).items;
      if (outcome && !outcome.done) throw new Error(outcome.message ?? outcome.code ?? '');
    },
    onSuccess: () => {
      toastDone(text.done(1));
      onDone();
    },
  });
  if (item.state === 'resolved' || !can('kernel.exceptions.resolve')) return null;
  return (
    <>
      <Group gap="xs">
        {item.state === 'acknowledged' ? null : <Button onClick={() => setStep('acknowledge')}>{text.acknowledge}</Button>}
        <Button variant={item.state === 'acknowledged' ? 'filled' : 'default'} onClick={() => setStep('resolve')}>
          {text.resolve}
        </Button>
        {item.ownerId === session.user.id ? null : (
          <Button variant="default" loading={take.isPending} onClick={() => take.mutate()}>
            {text.take}
          </Button>
        )}
        <Button variant="default" onClick={() => setStep('assign')}>
          {text.assign}
        </Button>
        <Button variant="default" onClick={() => setStep('snooze')}>
          {text.snooze}
        </Button>
      </Group>
      <ProblemNotice error={take.error} />
      <ExceptionStepDialog step={step} items={[item]} onClose={() => setStep(undefined)} onDone={onDone} />
    </>
  );
}

function History({ steps }: { steps: readonly ExceptionHistoryItem[] }) {
  return (
    <section>
      <h3 style={{ fontSize: '0.875rem', margin: '0 0 0.5rem' }}>{text.history}</h3>
      <ol className={timeline.timeline} style={{ padding: 0 }}>
        {steps.map((step, index) => (
          <li key={`${step.at}${index}`} className={timeline.event} data-tone={toneOf(step.step)}>
            <div className={timeline.head}>
              <span className="strong">{text.steps[step.step] ?? humanise(step.step)}</span> <span>{whereTo(step)}</span>
            </div>
            <div className="dim">
              {step.user || pageText.timeline.system} · <InstantText value={step.at} />
            </div>
            {step.reason || step.text ? (
              <p className={timeline.reason}>
                {step.reason ? humanise(step.reason) : ''}
                {step.reason && step.text ? ': ' : ''}
                {step.text}
              </p>
            ) : null}
            {step.document ? <Link to={documentPath(step.document.function, step.document.id)}>{step.document.number}</Link> : null}
          </li>
        ))}
      </ol>
    </section>
  );
}

function whereTo(step: ExceptionHistoryItem): string {
  if (step.step === 'assigned') return text.stepTo.assigned(step.person ?? text.nobody);
  if (step.step === 'snoozed' && step.until) return text.stepTo.snoozed(formatInstant(step.until));
  if (step.step === 'escalated') return text.stepTo.escalated(humanise(step.fromRole || text.nobody), humanise(step.toRole ?? ''));
  return '';
}
