import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { uuid7 } from '@/api';
import { compare, readDecimal, round } from '@/kit/decimal';
import { tillText } from '@/messages';
import type { BasketLine } from '../basket';
import { groupedCode, plainCode } from '../giftCard';
import { Form } from './LineForms';
import type { TillDialogShape } from './TillDialogs';

const text = tillText.giftCard;

/** Sells a gift card: its value, and its code when the card has one already. */
export function GiftCardForm({ line, register, dispatch, onClose }: TillDialogShape & { line: BasketLine | undefined }) {
  const [amount, setAmount] = useState(line?.unitPrice ?? '');
  const [code, setCode] = useState(line?.voucher ? groupedCode(line.voucher) : '');
  const [touched, setTouched] = useState(false);
  const value = readDecimal(amount);
  const wrongAmount = value === undefined || compare(value, '0') <= 0;
  const plain = plainCode(code);
  const wrongCode = plain !== '' && !/^\d{16}$/.test(plain);
  return (
    <Form
      onClose={onClose}
      onSubmit={() => {
        setTouched(true);
        if (wrongAmount || wrongCode) return;
        dispatch({
          type: 'gift-card',
          lineId: line?.lineId ?? uuid7(),
          newSaleId: uuid7(),
          name: text.name,
          amount: round(value, register.profile.exponent),
          code: plain,
        });
        onClose();
      }}
      submit={line ? undefined : text.add}
    >
      <TextInput
        label={text.amount}
        rightSection={<span className="dim">{register.profile.currency}</span>}
        rightSectionWidth={56}
        size="lg"
        inputMode="decimal"
        autoComplete="off"
        value={amount}
        onChange={(event) => setAmount(event.currentTarget.value)}
        error={touched && wrongAmount ? text.badAmount : undefined}
        data-autofocus
      />
      <TextInput
        label={text.code}
        description={text.codeHint}
        size="md"
        inputMode="numeric"
        autoComplete="off"
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
        error={touched && wrongCode ? text.badCode : undefined}
      />
    </Form>
  );
}
