import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { pointOfSale } from '@/api';
import { formatDate, formatMoney } from '@/kit/format';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { commonText, tillText } from '@/messages';
import { Form } from './LineForms';
import type { TillDialogShape } from './TillDialogs';

const text = tillText.voucher;

/** Says what is left on a gift card or store credit: its code scanned or typed, then Enter. */
export function VoucherForm({ onClose }: TillDialogShape) {
  const [code, setCode] = useState('');
  const [touched, setTouched] = useState(false);
  const found = useMutation({ mutationFn: () => pointOfSale.voucher(code.trim()) });
  return (
    <Form
      onClose={onClose}
      submit={text.submit}
      busy={found.isPending}
      onSubmit={() => {
        setTouched(true);
        if (code.trim() !== '') found.mutate();
      }}
    >
      <TextInput
        label={text.code}
        size="lg"
        inputMode="numeric"
        autoComplete="off"
        value={code}
        onChange={(event) => {
          setCode(event.currentTarget.value);
          found.reset();
        }}
        error={touched && code.trim() === '' ? commonText.required : undefined}
        data-autofocus
      />
      <div role="status">
        {found.data ? (
          <>
            <p className="strong num">{text.balance(formatMoney(found.data.balance), formatMoney(found.data.amount))}</p>
            <p className="dim">
              {found.data.usable ? text.usable : text.notUsable}
              {found.data.expiresOn ? ` ${text.until(formatDate(found.data.expiresOn))}` : ''}
            </p>
          </>
        ) : null}
      </div>
      <ProblemNotice error={found.error} />
    </Form>
  );
}
