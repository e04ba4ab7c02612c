import { useMutation } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { asProblem, type DocumentDetail, type FunctionInfo, functions, type LedgerEntry, uuid7 } from '@/api';
import { negate } from '@/kit/decimal';
import { ConfirmDialog, ReasonDialog } from '@/kit/dialogs';
import { humanise } from '@/kit/format';
import { documentPath } from '@/kit/paths';
import { LoadingState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { pageText, tillText } from '@/messages';
import { extensionOf } from '@/modules/extensions';
import { EntryTable, sidesOf, useEntries } from './EntriesView';

const text = pageText.detail;
const asksReason = new Set(['reverse', 'reject', 'cancel', 'reopen', 'send-back']);

/** The entries turned round: what a reversal will write. */
export function mirrored(entries: LedgerEntry[]): LedgerEntry[] {
  return entries.map((entry) => {
    const sides = sidesOf(entry);
    const { debit: _, credit: __, ...rest } = entry;
    return {
      ...rest,
      amount: negate(entry.amount),
      ...(sides.credit ? { debit: sides.credit } : {}),
      ...(sides.debit ? { credit: sides.debit } : {}),
    };
  });
}

/** Asks once before a step of the lifecycle, says what it will do, and asks a second person where the API wants one. */
export function ActionDialog({
  fn,
  document,
  action,
  onClose,
  onDone,
}: {
  fn: FunctionInfo;
  document: DocumentDetail;
  action: string;
  onClose: () => void;
  onDone: () => void;
}) {
  // One key for this dialog: pressing again after a lost answer cannot do it twice.
  const [key] = useState(uuid7);
  const [answer, setAnswer] = useState<{ reason?: string; text?: string }>({});
  const [secondPerson, setSecondPerson] = useState(false);
  const entries = useEntries(fn, document.id, action === 'reverse');
  const Authorise = extensionOf(fn.code)?.authorise;
  const run = useMutation({
    mutationFn: (body: { reason?: string; text?: string; approval?: { token: string } }) =>
      functions.act(fn.route, document.id, action, body, document.version, body.approval ? uuid7() : key),
    onSuccess: (outcome) => {
      const number = document.number ?? outcome.number ?? '';
      const done = text.done[action] ?? humanise(action);
      toastDone(outcome.waitsFor ? text.waits(number, humanise(outcome.waitsFor).toLowerCase()) : text.doneToast(number, done), {
        to: documentPath(fn.code, document.id),
      });
      onDone();
    },
    onError: (error) => {
      if (asProblem(error).code === 'APPROVAL_REQUIRED' && Authorise) setSecondPerson(true);
    },
  });
  const confirm = (given: { reason?: string; text?: string }) => {
    setAnswer(given);
    run.mutate(given);
  };
  const label = text.actions[action] ?? humanise(action);
  const shape = {
    opened: true,
    title: text.ask(label, document.number ?? humanise(document.kind).toLowerCase()),
    confirmLabel: label,
    danger: asksReason.has(action) && action !== 'reopen' && action !== 'send-back',
    busy: run.isPending,
    error: secondPerson ? undefined : run.error,
    onClose,
  };
  const body = (
    <>
      <p style={{ marginBlockStart: 0 }}>{text.what[action]}</p>
      {action === 'reverse' ? (
        entries.data ? (
          <EntryTable entries={mirrored(entries.data.transactions.filter((item) => !item.reversalOf).flatMap((item) => item.entries))} />
        ) : (
          <LoadingState rows={3} />
        )
      ) : null}
    </>
  );
  const terminal = terminalOf(document);
  return (
    <>
      {asksReason.has(action) ? (
        <ReasonDialog
          {...shape}
          reasons={fn.reasons?.[action]}
          onConfirm={confirm}
          secondary={
            Authorise && action === 'reverse'
              ? {
                  label: tillText.authorise.now,
                  onConfirm: (given) => {
                    setAnswer(given);
                    setSecondPerson(true);
                  },
                }
              : undefined
          }
        >
          {body}
        </ReasonDialog>
      ) : (
        <ConfirmDialog {...shape} onConfirm={() => confirm({})}>
          {body}
        </ConfirmDialog>
      )}
      {secondPerson && Authorise ? (
        <Suspense>
          <Authorise
            action={action}
            terminalId={terminal}
            roles={run.error ? (asProblem(run.error).more.roles as string[] | undefined) : undefined}
            reason={answer.reason}
            onClose={() => setSecondPerson(false)}
            onDone={(token) => {
              setSecondPerson(false);
              run.mutate({ ...answer, approval: { token } });
            }}
          />
        </Suspense>
      ) : null}
    </>
  );
}

function terminalOf(document: DocumentDetail): string {
  const data = document.data as { terminalId?: unknown; terminal?: unknown } | undefined;
  const terminal = data?.terminalId ?? data?.terminal;
  if (typeof terminal === 'string') return terminal;
  return String((terminal as { code?: unknown } | undefined)?.code ?? '');
}
