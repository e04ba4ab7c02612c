import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { CountRequest, PaymentMethod, Register, Shift } from '@/api';
import { isDecimal, multiply, readDecimal, sum } from '@/kit/decimal';
import { formatMoney } from '@/kit/format';
import { tillText } from '@/messages';
import classes from './CloseShiftPage.module.css';

const text = tillText.close;

/** Notes and coins that are counted where the register names none: the money itself, not a rule. */
const euro = [
  '500.00',
  '200.00',
  '100.00',
  '50.00',
  '20.00',
  '10.00',
  '5.00',
  '2.00',
  '1.00',
  '0.50',
  '0.20',
  '0.10',
  '0.05',
  '0.02',
  '0.01',
];

export interface CountSheetState {
  pieces: Record<string, string>;
  others: Record<string, string>;
}

export function useCountSheet(register: Register | undefined, shift: Shift) {
  const [state, setState] = useState<CountSheetState>({ pieces: {}, others: {} });
  const methods = register?.methods ?? [];
  const cash = methods.find((method) => method.type === 'cash');
  const denominations = cash?.denominations?.length ? cash.denominations : euro;
  const moved = new Set((shift.tenders ?? []).filter((tender) => tender.hasMovement !== false).map((tender) => tender.method));
  const others = methods.filter((method) => method.type !== 'cash' && (shift.tenders === undefined || moved.has(method.code)));
  const counted = sum(denominations.map((value) => multiply(value, pieceCount(state.pieces[value]), register?.profile.exponent ?? 2)));
  const request = (): CountRequest => ({
    denominations: denominations
      .map((value) => ({ value, count: Number(pieceCount(state.pieces[value])) }))
      .filter((line) => line.count > 0),
    tenders: [
      ...(cash ? [{ method: cash.code, counted }] : []),
      ...others.flatMap((method) => {
        const value = readDecimal(state.others[method.code] ?? '');
        return value === undefined ? [] : [{ method: method.code, counted: value }];
      }),
    ],
  });
  return { state, setState, denominations, others, counted, request, currency: register?.profile.currency };
}

function pieceCount(typed: string | undefined): string {
  return typed !== undefined && /^\d{1,6}$/.test(typed.trim()) ? typed.trim() : '0';
}

/** The count, blind: pieces of each note and coin, sums of what was typed, and nothing to compare with. */
export function CountSheet({ sheet }: { sheet: ReturnType<typeof useCountSheet> }) {
  const { state, setState, denominations, others, counted, currency } = sheet;
  return (
    <div className={classes.sheet}>
      <section className="panel">
        <div className="panel-head">
          <h2>{text.countTitle}</h2>
        </div>
        <table className={classes.notes}>
          <thead>
            <tr>
              <th scope="col">{text.note}</th>
              <th scope="col">{text.pieces}</th>
              <th scope="col" className="end">
                {text.sum}
              </th>
            </tr>
          </thead>
          <tbody>
            {denominations.map((value) => (
              <tr key={value}>
                <th scope="row" className="num">
                  {formatMoney(value)}
                </th>
                <td>
                  <TextInput
                    aria-label={text.piecesOf(formatMoney(value))}
                    inputMode="numeric"
                    className={classes.pieces ?? ''}
                    value={state.pieces[value] ?? ''}
                    onFocus={(event) => event.currentTarget.select()}
                    onChange={(event) =>
                      setState({ ...state, pieces: { ...state.pieces, [value]: event.currentTarget.value.replace(/\D/g, '') } })
                    }
                    onKeyDown={nextOnEnter}
                  />
                </td>
                <td className="num end">{formatMoney(multiply(value, pieceCount(state.pieces[value]), 2))}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={2}>
                {text.countedTotal}
              </th>
              <td className="num end">{formatMoney(counted, { sign: true, currency })}</td>
            </tr>
          </tfoot>
        </table>
      </section>
      {others.length > 0 ? (
        <OtherMethods
          methods={others}
          values={state.others}
          onChange={(code, value) => setState({ ...state, others: { ...state.others, [code]: value } })}
        />
      ) : null}
    </div>
  );
}

function OtherMethods({
  methods,
  values,
  onChange,
}: {
  methods: PaymentMethod[];
  values: Record<string, string>;
  onChange: (code: string, value: string) => void;
}) {
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.others}</h2>
      </div>
      <div className={classes.others}>
        <p className="dim">{text.othersText}</p>
        {methods.map((method) => {
          const typed = values[method.code] ?? '';
          const read = readDecimal(typed);
          return (
            <TextInput
              key={method.code}
              label={method.name}
              size="md"
              inputMode="decimal"
              value={typed}
              onChange={(event) => onChange(method.code, event.currentTarget.value)}
              onKeyDown={nextOnEnter}
              error={typed !== '' && (read === undefined || !isDecimal(read)) ? tillText.dialogs.notANumber : undefined}
            />
          );
        })}
      </div>
    </section>
  );
}

/** Enter goes to the next field of the sheet: counting is done with one hand. */
function nextOnEnter(event: React.KeyboardEvent<HTMLInputElement>) {
  if (event.key !== 'Enter') return;
  event.preventDefault();
  const fields = [...(event.currentTarget.closest(`.${classes.sheet}`)?.querySelectorAll('input') ?? [])];
  fields[fields.indexOf(event.currentTarget) + 1]?.focus();
}
