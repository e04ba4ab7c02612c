import { Button, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { asProblem, type PaymentMethod, pointOfSale, type SalePreview } from '@/api';
import { add, compare, readDecimal, subtract, sum, trim } from '@/kit/decimal';
import { formatMoney } from '@/kit/format';
import { tillText } from '@/messages';
import type { Basket } from './basket';
import { groupedCode, plainCode } from './giftCard';
import classes from './register.module.css';

const text = tillText.tender;

/** What the tenders so far leave open, for the amount field; what must be paid and given back is the server's word. */
export function stillToPay(payable: string, tenders: Basket['tenders']): string {
  const paid = sum(tenders.map((tender) => tender.tendered ?? tender.amount ?? '0'));
  const rest = subtract(payable, paid);
  return compare(rest, '0') > 0 ? rest : '0';
}

/** Round amounts that a customer is likely to hand over: the next multiples of the notes there are. */
export function likelyAmounts(rest: string, denominations: readonly string[], most = 4): string[] {
  if (compare(rest, '0') <= 0) return [];
  const found = new Set<string>();
  for (const note of [...denominations].sort((a, b) => compare(a, b))) {
    const value = Number(note);
    if (!(value >= 1)) continue;
    const times = Math.ceil(Number(rest) / value);
    const amount = (times * value).toFixed(2);
    if (compare(amount, rest) > 0) found.add(amount);
  }
  return [...found].sort((a, b) => compare(a, b)).slice(0, most);
}

/** Taking the money: one or several methods, the amount ready to be overtyped, change as the server says it. */
export function TenderPanel({
  methods,
  basket,
  preview,
  current,
  amountField,
  sending,
  taking,
  onPay,
  onUnpay,
  onFinish,
  onBack,
  children,
}: {
  methods: PaymentMethod[];
  basket: Basket;
  preview: SalePreview | undefined;
  current: boolean;
  amountField: RefObject<HTMLInputElement | null>;
  sending: boolean;
  /** Whether a payment is being taken that is not in the basket yet: nothing is finished before it is. */
  taking: RefObject<boolean>;
  onPay: (method: PaymentMethod, amount: string, reference: string) => void;
  onUnpay: (tenderId: string) => void;
  onFinish: () => void;
  onBack: () => void;
  children?: ReactNode;
}) {
  const [chosen, setChosen] = useState(0);
  const [typed, setTyped] = useState<string>();
  const [reference, setReference] = useState('');
  const [complaint, setComplaint] = useState<{ at: 'amount' | 'reference'; text: string }>();
  const referenceField = useRef<HTMLInputElement>(null);
  const finishButton = useRef<HTMLButtonElement>(null);
  const method = methods[chosen];
  const payable = preview?.payable ?? preview?.total ?? '0';
  const rest = stillToPay(payable, basket.tenders);
  const paid = preview !== undefined && basket.tenders.length > 0 && compare(rest, '0') === 0;
  const cash = method?.type === 'cash';
  const giftCard = method?.type === 'voucher';
  const lookUp = useMutation({ mutationFn: (code: string) => pointOfSale.voucher(code) });
  const quick = useMemo(() => (cash ? likelyAmounts(rest, method?.denominations ?? []) : []), [cash, method, rest]);
  const change = preview?.change;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new rest or method selects the amount again
  useEffect(() => {
    if (paid) finishButton.current?.focus();
    else if (giftCard) referenceField.current?.focus();
    else if (typed === undefined) amountField.current?.select();
    // What is left to pay stands ready to be overtyped, whichever method is chosen.
  }, [paid, amountField, typed, rest, chosen]);

  const pay = async (amount: string | undefined) => {
    // Before the first answer nobody knows what is to be paid.
    if (method === undefined || preview === undefined || lookUp.isPending) return;
    let value = amount ?? readDecimal(typed ?? rest);
    if (value === undefined || compare(value, '0') === 0) return setComplaint({ at: 'amount', text: text.badAmount });
    const given = giftCard ? plainCode(reference) : reference.trim();
    if (method.needsReference && given === '') {
      setComplaint({ at: 'reference', text: giftCard ? text.cardCodeMissing : text.referenceMissing });
      referenceField.current?.focus();
      return;
    }
    setComplaint(undefined);
    if (giftCard) {
      taking.current = true;
      try {
        const card = await lookUp.mutateAsync(given);
        const used = basket.tenders.filter((tender) => tender.reference === given).map((tender) => tender.amount ?? '0');
        const left = subtract(card.balance, sum(used));
        if (!card.usable || compare(left, '0') <= 0) return setComplaint({ at: 'reference', text: tillText.giftCard.spent });
        // What was asked for by hand is not lowered in silence; the whole rest is, to what the card has.
        if (compare(value, left) > 0 && typed !== undefined)
          return setComplaint({ at: 'amount', text: tillText.giftCard.left(formatMoney(left)) });
        if (compare(value, left) > 0) value = left;
      } catch (error) {
        return setComplaint({ at: 'reference', text: asProblem(error).message });
      } finally {
        taking.current = false;
      }
    }
    onPay(method, value, given);
    setTyped(undefined);
    setReference('');
    if (giftCard) setChosen(0);
    amountField.current?.focus();
  };
  const turn = (by: 1 | -1) => setChosen((chosen + by + methods.length) % methods.length);

  const turnByKey = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    turn(event.key === 'ArrowDown' ? 1 : -1);
  };
  const referenceInput = method?.needsReference ? (
    <TextInput
      ref={referenceField}
      size="md"
      label={giftCard ? text.cardCode : text.reference}
      description={giftCard ? text.cardCodeHint : text.referenceHint(method.name)}
      inputMode={giftCard ? 'numeric' : 'text'}
      error={complaint?.at === 'reference' ? complaint.text : undefined}
      value={reference}
      autoComplete="off"
      onChange={(event) => {
        setReference(event.currentTarget.value);
        setComplaint(undefined);
      }}
      onKeyDown={turnByKey}
    />
  ) : null;

  return (
    <div className={classes.tenderPanel}>
      <div className={classes.due} data-done={paid}>
        <span>{paid ? (change && Number(change) !== 0 ? text.changeDue : text.paid) : text.toPay}</span>
        <output aria-live="polite" className={current ? '' : 'dim'}>
          {paid ? formatMoney(current ? (change ?? '0') : undefined) || '…' : formatMoney(rest)}
        </output>
      </div>
      {basket.tenders.length > 0 ? (
        <ul className={classes.tenders}>
          {basket.tenders.map((tender) => {
            const name = methods.find((item) => item.code === tender.method)?.name ?? tender.method;
            return (
              <li key={tender.tenderId}>
                <span>
                  {name} <span className="dim mono">{tender.reference ? groupedCode(tender.reference) : null}</span>
                </span>
                <span className="num strong">
                  {(tender.tendered ?? tender.amount) ? formatMoney(tender.tendered ?? tender.amount) : text.exact}
                </span>
                <button
                  type="button"
                  aria-label={text.remove(name)}
                  onClick={() => onUnpay(tender.tenderId)}
                  style={{ width: 44, height: 44 }}
                  disabled={sending}
                >
                  <IconX size={18} />
                </button>
              </li>
            );
          })}
        </ul>
      ) : null}
      {preview?.rounding && Number(preview.rounding) !== 0 && current ? (
        <div className={classes.sums}>
          <span className="num">
            {text.rounding} {formatMoney(preview.rounding)}
          </span>
        </div>
      ) : null}
      {paid ? null : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void pay(undefined);
          }}
          style={{ display: 'grid', gap: '0.75rem' }}
        >
          <div className={classes.methods} role="radiogroup" aria-label={text.method}>
            {methods.map((item, index) => (
              <button
                key={item.code}
                type="button"
                role="radio"
                aria-checked={index === chosen}
                tabIndex={index === chosen ? 0 : -1}
                className={classes.method}
                data-active={index === chosen}
                onClick={() => {
                  setChosen(index);
                  setComplaint(undefined);
                  requestAnimationFrame(() => amountField.current?.select());
                }}
              >
                {item.name}
              </button>
            ))}
          </div>
          {giftCard ? referenceInput : null}
          <TextInput
            ref={amountField}
            className={classes.amount ?? ''}
            label={text.amount}
            inputMode="decimal"
            autoComplete="off"
            value={typed ?? trimmed(rest)}
            onFocus={(event) => event.currentTarget.select()}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              setComplaint(undefined);
            }}
            onKeyDown={turnByKey}
            error={complaint?.at === 'amount' ? complaint.text : undefined}
            data-testid="tender-amount"
          />
          {giftCard ? null : referenceInput}
          {quick.length > 0 ? (
            <div className={classes.quick} role="group" aria-label={text.quick}>
              {[rest, ...quick].map((amount) => (
                <button key={amount} type="button" onClick={() => void pay(amount)}>
                  {formatMoney(amount)}
                </button>
              ))}
            </div>
          ) : null}
          <Button type="submit" variant="default" h={48} loading={lookUp.isPending}>
            {method ? text.add(method.name) : ''}
          </Button>
        </form>
      )}
      {children}
      {paid ? (
        <Button
          ref={finishButton}
          h={56}
          size="lg"
          onClick={onFinish}
          loading={sending}
          rightSection={<kbd style={{ color: '#fff', background: 'transparent', borderColor: 'rgb(255 255 255 / 45%)' }}>F10</kbd>}
        >
          {text.finish}
        </Button>
      ) : null}
      <Button variant="subtle" color="gray" h={44} onClick={onBack} disabled={sending}>
        {tillText.keys.back}
      </Button>
    </div>
  );
}

/** At least two decimals stay: 12.5 is typed over as 12.50. */
function trimmed(value: string): string {
  const short = trim(value);
  return short.includes('.') && (short.split('.')[1]?.length ?? 0) > 2 ? short : add(short, '0.00');
}
