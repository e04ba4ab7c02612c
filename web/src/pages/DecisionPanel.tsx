import { Button, Group, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { Link } from 'react-router';
import { thresholdText } from '@/admin/approvalRules';
import { type Approval, type ApprovalStep, operations } from '@/api';
import { InstantText, MoneyText } from '@/kit/cells';
import { ReasonDialog } from '@/kit/dialogs';
import { formatInstant, humanise, nameOf } from '@/kit/format';
import { documentPath, functionName } from '@/kit/paths';
import { StatusBadge } from '@/kit/StatusBadge';
import { useMeta } from '@/kit/session';
import { toastDone } from '@/kit/toast';
import { pageText } from '@/messages';
import classes from './DocumentPage.module.css';

const text = pageText.approvals;

type Decision = 'approve' | 'reject' | 'send-back';

const asked: Record<Decision, { title: (number: string) => string; label: string; hint: string; done: (number: string) => string }> = {
  approve: { title: text.approveTitle, label: text.approve, hint: text.approveText, done: text.approved },
  reject: { title: text.rejectTitle, label: text.reject, hint: text.rejectText, done: text.rejected },
  'send-back': { title: text.sendBackTitle, label: text.sendBack, hint: text.sendBackText, done: text.sentBack },
};

/** What is asked, on which way, and the decision. */
export function DecisionPanel({ approval, onDone }: { approval: Approval; onDone: () => void }) {
  const meta = useMeta().data;
  const [decision, setDecision] = useState<Decision>();
  const number = numberOf(approval);
  const fn = meta?.modules.flatMap((module) => module.functions).find((one) => one.code === approval.document.function);
  const run = useMutation({
    mutationFn: (body: { reason?: string; text?: string }) => operations.decide(approval.id, decision ?? 'reject', body, approval.version),
    onSuccess: () => {
      if (decision) toastDone(asked[decision].done(number), { to: documentPath(approval.document.function, approval.document.id) });
      onDone();
    },
  });
  const facts: [string, React.ReactNode][] = [
    [
      text.document,
      <Link key="document" to={documentPath(approval.document.function, approval.document.id)}>
        {number}
      </Link>,
    ],
    ['', functionName(meta, approval.document.function) ?? humanise(approval.document.kind)],
    [text.amount, <MoneyText key="amount" value={approval.document.total} currency={approval.document.currency} sign />],
    [text.action, humanise(approval.action)],
    [text.rule, ruleText(approval.rule)],
    [text.requestedBy, nameOf(approval.requestedBy)],
    [text.age, <InstantText key="age" value={approval.requestedAt} ago />],
  ];
  return (
    <Stack gap="md">
      <dl className={classes.fields} style={{ padding: 0 }}>
        {facts.map(([label, value], index) => (
          <Fact key={`${label}${index}`} label={label} value={value} />
        ))}
      </dl>
      <section aria-label={text.path}>
        <h3 className="small dim" style={{ margin: '0 0 0.25rem' }}>
          {text.path}
        </h3>
        <ol style={{ margin: 0, paddingInlineStart: '1.25rem' }}>
          {approval.path.map((step) => (
            <PathStep key={`${step.level}${step.role}`} step={step} approval={approval} />
          ))}
        </ol>
      </section>
      <Button component={Link} to={documentPath(approval.document.function, approval.document.id)} variant="default">
        {text.openDocument}
      </Button>
      {approval.state !== 'open' ? null : approval.mayDecide === false ? (
        <p className="dim">{text.mayNot}</p>
      ) : (
        <Group grow>
          <Button variant="default" c="var(--p-danger)" onClick={() => setDecision('reject')}>
            {text.reject}
          </Button>
          {approval.maySendBack ? (
            <Button variant="default" onClick={() => setDecision('send-back')}>
              {text.sendBack}
            </Button>
          ) : null}
          <Button onClick={() => setDecision('approve')}>{text.approve}</Button>
        </Group>
      )}
      {decision ? (
        <ReasonDialog
          opened
          title={asked[decision].title(number)}
          confirmLabel={asked[decision].label}
          danger={decision === 'reject'}
          required={decision !== 'approve'}
          reasons={decision === 'reject' ? fn?.reasons?.reject : undefined}
          busy={run.isPending}
          error={run.error}
          onClose={() => {
            setDecision(undefined);
            run.reset();
          }}
          onConfirm={(answer) => run.mutate(answer)}
        >
          {asked[decision].hint}
        </ReasonDialog>
      ) : null}
    </Stack>
  );
}

/** One level and role of the way: decided by whom, or waiting until when and then for whom as well. */
function PathStep({ step, approval }: { step: ApprovalStep; approval: Approval }) {
  const waits = approval.state === 'open' && step.level === approval.level && !step.decision;
  return (
    <li>
      <span className="strong">{humanise(step.role)}</span>{' '}
      {step.decision ? (
        <span>
          {text.pathDecided(
            text.decisions[step.decision] ?? humanise(step.decision),
            step.decidedBy ?? '',
            formatInstant(step.decidedAt ?? ''),
          )}
          {step.text ? `: ${step.text}` : ''}
        </span>
      ) : waits ? (
        <>
          <StatusBadge status={approval.late ? 'late' : 'waiting'} label={approval.late ? text.late : text.pathWaits} />{' '}
          {step.chain.map((turn) => (
            <span key={turn.role} className="dim" style={{ display: 'block' }}>
              {turn.told
                ? text.pathPassedOn(humanise(turn.role), formatInstant(turn.from ?? ''))
                : turn.from
                  ? text.pathUntil(formatInstant(turn.from), humanise(turn.role))
                  : null}
            </span>
          ))}
        </>
      ) : approval.state === 'open' && step.level > approval.level ? (
        <span className="dim">{text.pathLater}</span>
      ) : null}
    </li>
  );
}

function Fact({ label, value }: { label: string; value: React.ReactNode }) {
  return (
    <Fragment>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </Fragment>
  );
}

/** A document has no number before it is posted; until then it is known by its kind. */
export function numberOf(approval: Approval): string {
  return approval.document.number ?? humanise(approval.document.kind);
}

/** `variance over 1000` names the figure in its smallest unit; people read money, or per cent of a rate. */
export function ruleText(rule: unknown): string {
  if (!rule) return '–';
  const [, figure, over] = /^(.+) over (-?\d+)$/.exec(String(rule)) ?? [];
  return figure === undefined ? humanise(String(rule)) : text.over(humanise(figure), String(thresholdText(figure, over)));
}
