import { Button, Group, SegmentedControl, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { multiply, readDecimal, round, trim } from '@/kit/decimal';
import { formatMoney } from '@/kit/format';
import { commonText, tillText } from '@/messages';
import { type BasketLine, rateOfPercent } from '../basket';
import classes from '../register.module.css';
import type { TillDialogShape } from './TillDialogs';

const text = tillText.dialogs;

export function Form({
  onSubmit,
  onClose,
  extra,
  submit = commonText.apply,
  busy = false,
  children,
}: {
  onSubmit: () => void;
  onClose: () => void;
  extra?: ReactNode;
  submit?: string | undefined;
  busy?: boolean;
  children: ReactNode;
}) {
  return (
    <form
      className={classes.big}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Stack gap="md">
        {children}
        <Group grow>
          {extra ?? (
            <Button variant="default" onClick={onClose}>
              {commonText.cancel}
            </Button>
          )}
          <Button type="submit" loading={busy}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

export function QuantityForm({ line, dispatch, onClose }: TillDialogShape & { line: BasketLine }) {
  const [typed, setTyped] = useState(trim(line.quantity));
  const [wrong, setWrong] = useState(false);
  return (
    <Form
      onClose={onClose}
      onSubmit={() => {
        const quantity = readDecimal(typed);
        if (quantity === undefined) return setWrong(true);
        dispatch({ type: 'quantity', lineId: line.lineId, quantity });
        onClose();
      }}
    >
      <TextInput
        label={text.quantity}
        rightSection={<span className="dim">{line.unit}</span>}
        size="lg"
        inputMode="decimal"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onFocus={(event) => event.currentTarget.select()}
        data-autofocus
        error={wrong ? text.notANumber : undefined}
      />
    </Form>
  );
}

export function DiscountForm({ line, register, basket, dispatch, onClose }: TillDialogShape & { line: BasketLine | undefined }) {
  const [scope, setScope] = useState<'line' | 'basket'>(line ? 'line' : 'basket');
  const [kind, setKind] = useState<'rate' | 'amount'>(line?.discountAmount ? 'amount' : 'rate');
  const given = scope === 'line' ? line : { discountRate: basket.discount?.rate, discountAmount: basket.discount?.amount };
  const [typed, setTyped] = useState(() =>
    given?.discountRate ? trim(multiply(given.discountRate, '100', 4)) : (given?.discountAmount ?? ''),
  );
  const [reason, setReason] = useState<string | null>(basket.discount?.reason ?? null);
  const [wrong, setWrong] = useState(false);
  const [unreasoned, setUnreasoned] = useState(false);
  const reasons = register.reasons.discount ?? register.reasons.override ?? [];
  const set = (rate?: string, amount?: string) => {
    const values = { ...(rate === undefined ? {} : { rate }), ...(amount === undefined ? {} : { amount }) };
    if (scope === 'line' && line) dispatch({ type: 'line-discount', lineId: line.lineId, ...values });
    else
      dispatch(
        rate === undefined && amount === undefined
          ? { type: 'discount' }
          : { type: 'discount', discount: { ...values, ...(reason ? { reason } : {}) } },
      );
    onClose();
  };
  return (
    <Form
      onClose={onClose}
      extra={
        <Button variant="default" onClick={() => set()}>
          {text.removeDiscount}
        </Button>
      }
      onSubmit={() => {
        const value = kind === 'rate' ? rateOfPercent(typed) : readDecimal(typed);
        if (value === undefined) return setWrong(true);
        if (scope === 'basket' && reasons.length > 0 && reason === null) return setUnreasoned(true);
        if (kind === 'rate') set(value);
        else set(undefined, round(value, register.profile.exponent));
      }}
    >
      {line ? (
        <SegmentedControl
          size="md"
          fullWidth
          value={scope}
          onChange={(value) => setScope(value as typeof scope)}
          data={[
            { value: 'line', label: text.lineScope },
            { value: 'basket', label: text.basketScope },
          ]}
        />
      ) : null}
      <SegmentedControl
        size="md"
        fullWidth
        value={kind}
        onChange={(value) => setKind(value as typeof kind)}
        data={[
          { value: 'rate', label: text.rate },
          { value: 'amount', label: text.amount },
        ]}
      />
      <TextInput
        label={kind === 'rate' ? text.rate : text.amount}
        rightSection={<span className="dim">{kind === 'rate' ? '%' : register.profile.currency}</span>}
        rightSectionWidth={56}
        size="lg"
        inputMode="decimal"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onFocus={(event) => event.currentTarget.select()}
        data-autofocus
        error={wrong ? text.notANumber : undefined}
      />
      {scope === 'basket' && reasons.length > 0 ? (
        <Select
          label={text.reason}
          size="md"
          data={reasons.map((item) => ({ value: item.code, label: item.label }))}
          value={reason}
          onChange={setReason}
          error={unreasoned && reason === null ? commonText.required : undefined}
        />
      ) : null}
    </Form>
  );
}

export function OverrideForm({ line, register, preview, basket, dispatch, onClose }: TillDialogShape & { line: BasketLine }) {
  const listPrice = preview?.lines[basket.lines.indexOf(line)]?.listPrice ?? line.cataloguePrice;
  const reasons = register.reasons.override ?? [];
  const [typed, setTyped] = useState(line.unitPrice ?? listPrice ?? '');
  const [reason, setReason] = useState<string | null>(line.overrideReason ?? null);
  const [touched, setTouched] = useState(false);
  const unitPrice = readDecimal(typed);
  return (
    <Form
      onClose={onClose}
      extra={
        <Button
          variant="default"
          onClick={() => {
            dispatch({ type: 'override', lineId: line.lineId });
            onClose();
          }}
        >
          {text.removeOverride}
        </Button>
      }
      onSubmit={() => {
        setTouched(true);
        if (unitPrice === undefined || (reasons.length > 0 && reason === null)) return;
        dispatch({ type: 'override', lineId: line.lineId, unitPrice, ...(reason ? { reason } : {}) });
        onClose();
      }}
    >
      <div className="dim">
        {text.listPrice} <span className="num strong">{formatMoney(listPrice)}</span>
      </div>
      <TextInput
        label={text.newPrice}
        rightSection={<span className="dim">{register.profile.currency}</span>}
        rightSectionWidth={56}
        size="lg"
        inputMode="decimal"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onFocus={(event) => event.currentTarget.select()}
        data-autofocus
        error={touched && unitPrice === undefined ? text.notANumber : undefined}
      />
      {reasons.length > 0 ? (
        <Select
          label={text.reason}
          size="md"
          data={reasons.map((item) => ({ value: item.code, label: item.label }))}
          value={reason}
          onChange={setReason}
          error={touched && reason === null ? commonText.required : undefined}
        />
      ) : null}
    </Form>
  );
}

export function TrackingForm({ line, dispatch, onClose }: TillDialogShape & { line: BasketLine }) {
  const [typed, setTyped] = useState(line.tracking === 'serial' ? (line.serials ?? []).join('\n') : (line.lot ?? ''));
  return (
    <Form
      onClose={onClose}
      onSubmit={() => {
        const parts = typed
          .split(/[\n,]/)
          .map((part) => part.trim())
          .filter(Boolean);
        if (line.tracking === 'serial') dispatch({ type: 'tracking', lineId: line.lineId, serials: parts });
        else dispatch({ type: 'tracking', lineId: line.lineId, ...(parts[0] ? { lot: parts[0] } : {}) });
        onClose();
      }}
    >
      {line.tracking === 'serial' ? (
        <Textarea
          description={text.serialsHint}
          aria-label={text.serials(line.name)}
          autosize
          minRows={3}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-autofocus
        />
      ) : (
        <TextInput
          aria-label={text.lot(line.name)}
          size="lg"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-autofocus
        />
      )}
    </Form>
  );
}
