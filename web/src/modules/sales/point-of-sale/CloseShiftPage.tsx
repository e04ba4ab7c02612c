import { Button, Stepper, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { asProblem, type Outcome, pointOfSale, type Shift, uuid7 } from '@/api';
import { compare, negate, readDecimal, round, sum } from '@/kit/decimal';
import { ConfirmDialog } from '@/kit/dialogs';
import { formatMoney, humanise } from '@/kit/format';
import { Page } from '@/kit/Page';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { tillText } from '@/messages';
import AuthoriseDialog from './AuthoriseDialog';
import classes from './CloseShiftPage.module.css';
import { CountSheet, useCountSheet } from './countSheet';
import { ShiftPageFrame, shiftCrumbs, TenderTable, terminalCode } from './shiftParts';

const text = tillText.close;

/** Count, then compare, then close. The comparison is not on the page before the count is in. */
export function Component() {
  return <ShiftPageFrame title={text.title}>{(shift) => <CloseShift key={shift.id} shift={shift} />}</ShiftPageFrame>;
}

function CloseShift({ shift }: { shift: Shift }) {
  const client = useQueryClient();
  const register = useQuery({ queryKey: ['register', terminalCode(shift)], queryFn: () => pointOfSale.register(terminalCode(shift)) });
  const [result, setResult] = useState<Shift | undefined>(shift.state === 'counted' ? shift : undefined);
  const [closed, setClosed] = useState<Outcome | undefined>(shift.state === 'closed' ? { id: shift.id, status: 'closed' } : undefined);
  const step = closed ? 2 : result ? 1 : 0;
  return (
    <Page title={text.title} crumbs={shiftCrumbs(shift)} narrow>
      <Stepper active={step} size="sm" allowNextStepsSelect={false}>
        <Stepper.Step label={text.steps.count} />
        <Stepper.Step label={text.steps.compare} />
        <Stepper.Step label={text.steps.done} />
      </Stepper>
      {closed ? (
        <section className={`panel ${classes.done}`}>
          <IconCheck size={40} aria-hidden="true" color="var(--p-success)" />
          <h2 style={{ margin: 0 }}>
            {closed.waitsFor ? text.waiting(shift.number, humanise(closed.waitsFor).toLowerCase()) : text.closed(shift.number)}
          </h2>
          <Button component={Link} to={`/sales/point-of-sale/shifts/${shift.id}/report?kind=${closed.waitsFor ? 'x' : 'z'}`} h={44}>
            {closed.waitsFor ? tillText.shift.x : text.showZ}
          </Button>
        </section>
      ) : result ? (
        <Compare
          shift={shift}
          result={result}
          onClosed={(done) => {
            setClosed(done);
            for (const key of ['shift', 'shifts', 'register', 'terminals'])
              void client.invalidateQueries({ queryKey: [key], refetchType: key === 'shift' ? 'none' : 'active' });
          }}
        />
      ) : (
        <Count shift={shift} register={register} onCounted={setResult} />
      )}
    </Page>
  );
}

function Count({
  shift,
  register,
  onCounted,
}: {
  shift: Shift;
  register: { data?: Awaited<ReturnType<typeof pointOfSale.register>> | undefined };
  onCounted: (result: Shift) => void;
}) {
  const sheet = useCountSheet(register.data, shift);
  const [asked, setAsked] = useState(false);
  const count = useMutation({ mutationFn: () => pointOfSale.count(shift.id, sheet.request()), onSuccess: onCounted });
  return (
    <>
      <p className="dim" style={{ margin: 0 }}>
        {text.countText}
      </p>
      <CountSheet sheet={sheet} />
      <div className={classes.actions}>
        <Button h={44} onClick={() => setAsked(true)}>
          {text.submitCount}
        </Button>
      </div>
      <ConfirmDialog
        opened={asked}
        title={text.confirmCount}
        confirmLabel={text.submitCount}
        busy={count.isPending}
        error={count.error}
        onClose={() => setAsked(false)}
        onConfirm={() => count.mutate()}
      >
        {text.confirmCountText(formatMoney(sheet.counted, { sign: true, currency: sheet.currency }))}
      </ConfirmDialog>
    </>
  );
}

function Compare({ shift, result, onClosed }: { shift: Shift; result: Shift; onClosed: (outcome: Outcome) => void }) {
  const tenders = result.tenders ?? [];
  const variance = sum(tenders.map((tender) => tender.variance ?? '0'));
  const sign = compare(variance, '0');
  const [nextFloat, setNextFloat] = useState(shift.float ?? '');
  const [reason, setReason] = useState('');
  const [touched, setTouched] = useState(false);
  const [asking, setAsking] = useState(false);
  const [key] = useState(uuid7);
  const float = readDecimal(nextFloat);
  const close = useMutation({
    mutationFn: (approval?: { token: string }) => {
      const body = {
        nextFloat: round(float ?? '0', 2),
        ...(reason.trim() ? { text: reason.trim() } : {}),
        ...(approval ? { approval } : {}),
      };
      return pointOfSale.closeShift(
        shift.id,
        body,
        `${key}:${body.nextFloat}:${reason.trim().slice(0, 20)}:${approval ? 'a' : ''}`.slice(0, 100),
      );
    },
    onSuccess: onClosed,
    onError: (error) => {
      if (asProblem(error).code === 'APPROVAL_REQUIRED') setAsking(true);
    },
  });
  const amount = formatMoney(sign < 0 ? negate(variance) : variance, { sign: true });
  return (
    <>
      <div className={classes.verdict} data-exact={sign === 0} role="status">
        {sign === 0 ? <IconCheck aria-hidden="true" /> : <IconAlertTriangle aria-hidden="true" />}
        {sign === 0 ? text.exact : sign < 0 ? text.short(amount) : text.over(amount)}
      </div>
      <section className="panel">
        <div className="panel-head">
          <h2>{text.compareTitle}</h2>
        </div>
        <TenderTable tenders={tenders} />
      </section>
      <section className="panel">
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            setTouched(true);
            if (float !== undefined) close.mutate(undefined);
          }}
        >
          <TextInput
            label={text.nextFloat}
            description={text.nextFloatHint}
            size="md"
            inputMode="decimal"
            value={nextFloat}
            onChange={(event) => setNextFloat(event.currentTarget.value)}
            error={touched && float === undefined ? tillText.dialogs.notANumber : undefined}
          />
          {sign === 0 ? null : (
            <TextInput
              label={text.reason}
              size="md"
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
              maxLength={200}
            />
          )}
          {asking ? null : <ProblemNotice error={close.error} />}
          {sign === 0 ? null : (
            <Button
              variant="default"
              h={44}
              disabled={close.isPending}
              onClick={() => (float === undefined ? setTouched(true) : setAsking(true))}
            >
              {tillText.authorise.now}
            </Button>
          )}
          <Button type="submit" h={44} loading={close.isPending}>
            {text.closeShift}
          </Button>
        </form>
      </section>
      {asking ? (
        <AuthoriseDialog
          action="variance"
          terminalId={terminalCode(shift)}
          roles={close.error ? (asProblem(close.error).more.roles as string[] | undefined) : undefined}
          reason={reason.trim() || undefined}
          onClose={() => setAsking(false)}
          onDone={(token) => {
            setAsking(false);
            close.mutate({ token });
          }}
        />
      ) : null}
    </>
  );
}
