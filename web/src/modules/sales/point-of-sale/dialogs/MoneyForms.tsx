import { Button, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem, pointOfSale, uuid7 } from '@/api';
import { readDecimal, round } from '@/kit/decimal';
import { humanise } from '@/kit/format';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { toastDone } from '@/kit/toast';
import { commonText, tillText } from '@/messages';
import AuthoriseDialog from '../AuthoriseDialog';
import { Form } from './LineForms';
import type { TillDialogShape } from './TillDialogs';

/** Cash into or out of the drawer, with its reason; above the limit a second person signs. */
export function MovementForm({ register, onClose }: TillDialogShape) {
  const text = tillText.movement;
  const [movement, setMovement] = useState('paid-out');
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const [touched, setTouched] = useState(false);
  const [asking, setAsking] = useState(false);
  const [key, setKey] = useState(uuid7);
  const value = readDecimal(amount);
  const reasons =
    (movement === 'paid-in' ? register.reasons.paidIn : movement === 'drop' ? register.reasons.drop : register.reasons.paidOut) ?? [];
  const missing = reasons.length > 0 && reason === null;
  const record = useMutation({
    mutationFn: (approval?: { token: string }) =>
      pointOfSale.cashMovement(
        {
          terminalId: register.terminal.code,
          movement,
          amount: round(value ?? '0', register.profile.exponent),
          reason: reason ?? movement,
          ...(note.trim() ? { text: note.trim() } : {}),
          ...(approval ? { approval } : {}),
        },
        approval ? uuid7() : key,
      ),
    onSuccess: (outcome) => {
      toastDone(outcome.waitsFor ? text.waits(humanise(outcome.waitsFor).toLowerCase()) : text.done);
      onClose();
    },
    onError: (error) => {
      setKey(asProblem(error).retryable ? key : uuid7());
      if (asProblem(error).code === 'APPROVAL_REQUIRED') setAsking(true);
    },
  });
  return (
    <>
      <Form
        onClose={onClose}
        submit={text.submit}
        busy={record.isPending}
        onSubmit={() => {
          setTouched(true);
          if (value !== undefined && !missing) record.mutate(undefined);
        }}
      >
        <SegmentedControl
          fullWidth
          size="md"
          value={movement}
          onChange={(next) => {
            setMovement(next);
            setReason(null);
            setKey(uuid7());
          }}
          data={Object.entries(text.kinds).map(([code, label]) => ({ value: code, label }))}
        />
        <TextInput
          label={text.amount}
          rightSection={<span className="dim">{register.profile.currency}</span>}
          rightSectionWidth={56}
          size="lg"
          inputMode="decimal"
          value={amount}
          onChange={(event) => setAmount(event.currentTarget.value)}
          error={touched && value === undefined ? tillText.dialogs.notANumber : undefined}
          data-autofocus
        />
        {reasons.length > 0 ? (
          <Select
            label={text.reason}
            size="md"
            data={reasons.map((item) => ({ value: item.code, label: item.label }))}
            value={reason}
            onChange={setReason}
            error={touched && missing ? commonText.required : undefined}
          />
        ) : null}
        <TextInput label={text.text} size="md" value={note} onChange={(event) => setNote(event.currentTarget.value)} maxLength={200} />
        {asking ? null : <ProblemNotice error={record.error} />}
        {movement === 'paid-out' ? (
          <Button
            variant="subtle"
            onClick={() => {
              setTouched(true);
              if (value !== undefined && !missing) setAsking(true);
            }}
          >
            {tillText.authorise.now}
          </Button>
        ) : null}
      </Form>
      {asking ? (
        <AuthoriseDialog
          action="paid-out"
          terminalId={register.terminal.code}
          roles={record.error ? (asProblem(record.error).more.roles as string[] | undefined) : undefined}
          reason={reason ?? undefined}
          onClose={() => setAsking(false)}
          onDone={(token) => {
            setAsking(false);
            record.mutate({ token });
          }}
        />
      ) : null}
    </>
  );
}

export function DrawerForm({ register, onClose }: TillDialogShape) {
  const text = tillText.drawer;
  const [reason, setReason] = useState('');
  const [touched, setTouched] = useState(false);
  const open = useMutation({
    mutationFn: () => pointOfSale.openDrawer(register.terminal.code, reason.trim()),
    onSuccess: () => {
      toastDone(text.done);
      onClose();
    },
  });
  return (
    <Form
      onClose={onClose}
      submit={text.submit}
      busy={open.isPending}
      onSubmit={() => {
        setTouched(true);
        if (reason.trim() !== '') open.mutate();
      }}
    >
      <TextInput
        label={text.reason}
        size="lg"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={120}
        data-autofocus
        error={touched && reason.trim() === '' ? commonText.required : undefined}
      />
      <ProblemNotice error={open.error} />
    </Form>
  );
}
