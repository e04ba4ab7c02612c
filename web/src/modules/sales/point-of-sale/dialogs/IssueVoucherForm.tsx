import { Button, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem, type IssuedVoucher, pointOfSale, uuid7, type VoucherRequest } from '@/api';
import { compare, readDecimal, round } from '@/kit/decimal';
import { formatMoney, humanise } from '@/kit/format';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { commonText, tillText } from '@/messages';
import { groupedCode } from '../giftCard';
import { Form } from './LineForms';
import type { TillDialogShape } from './TillDialogs';

const text = tillText.issueVoucher;

/** Issues a voucher that nobody pays for, as redress or reward; its code is shown once. */
export function IssueVoucherForm({ register, basket, onClose }: TillDialogShape) {
  const [purpose, setPurpose] = useState<VoucherRequest['purpose']>('redress');
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState<string | null>(null);
  const [expiresOn, setExpiresOn] = useState('');
  const [note, setNote] = useState('');
  const [touched, setTouched] = useState(false);
  const [key, setKey] = useState(uuid7);
  const value = readDecimal(amount);
  const wrongAmount = value === undefined || compare(value, '0') <= 0;
  const customer = basket.customer;
  const issue = useMutation({
    mutationFn: (wanted: VoucherRequest) => pointOfSale.issueVoucher(wanted, key),
    onError: (error) => {
      if (!asProblem(error).retryable) setKey(uuid7());
    },
  });
  if (issue.data) return <Issued voucher={issue.data} currency={register.profile.currency} onClose={onClose} />;
  return (
    <Form
      onClose={onClose}
      submit={text.submit}
      busy={issue.isPending}
      onSubmit={() => {
        setTouched(true);
        if (wrongAmount || reason === null) return;
        issue.mutate({
          purpose,
          amount: round(value, register.profile.exponent),
          reason,
          ...(customer ? { partyId: customer.id } : {}),
          ...(expiresOn ? { expiresOn } : {}),
          ...(note.trim() ? { text: note.trim() } : {}),
        });
      }}
    >
      <SegmentedControl
        fullWidth
        size="md"
        value={purpose}
        onChange={(next) => {
          setPurpose(next as VoucherRequest['purpose']);
          setReason(null);
        }}
        data={Object.entries(text.purposes).map(([code, label]) => ({ value: code, label }))}
      />
      <p className="dim">
        {text.hints[purpose]} {customer ? text.customer(customer.name) : ''}
      </p>
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
      <Select
        label={text.reason}
        size="md"
        data={(register.reasons[purpose] ?? []).map((item) => ({ value: item.code, label: item.label }))}
        value={reason}
        onChange={setReason}
        error={touched && reason === null ? commonText.required : undefined}
      />
      <TextInput
        type="date"
        label={text.expiresOn}
        description={text.expiresHint}
        size="md"
        value={expiresOn}
        onChange={(event) => setExpiresOn(event.currentTarget.value)}
      />
      <TextInput label={text.text} size="md" value={note} onChange={(event) => setNote(event.currentTarget.value)} maxLength={200} />
      <ProblemNotice error={issue.error} />
    </Form>
  );
}

function Issued({ voucher, currency, onClose }: { voucher: IssuedVoucher; currency: string; onClose: () => void }) {
  return (
    <div role="status">
      <p className="dim">
        {voucher.number} · {formatMoney(voucher.amount, { currency })}
      </p>
      <p>
        <span className="dim">{text.code}</span>
        <br />
        <output className="mono strong" style={{ fontSize: '1.5rem' }} data-testid="voucher-code">
          {groupedCode(voucher.code)}
        </output>
      </p>
      <p>{text.codeOnce}</p>
      {voucher.waitsFor ? <p className="strong">{text.waits(humanise(voucher.waitsFor).toLowerCase())}</p> : null}
      <Button fullWidth onClick={onClose} data-autofocus>
        {text.close}
      </Button>
    </div>
  );
}
