import { ActionIcon } from '@mantine/core';
import { IconMinus, IconPlus, IconX } from '@tabler/icons-react';
import { memo, useEffect, useRef } from 'react';
import type { PreviewLine } from '@/api';
import { compare, multiply } from '@/kit/decimal';
import { formatMoney, formatQuantity, formatRate } from '@/kit/format';
import { EmptyState } from '@/kit/states';
import { tillText } from '@/messages';
import { type Basket, type BasketAction, type BasketLine, isGiftCard } from './basket';
import { groupedCode } from './giftCard';
import classes from './register.module.css';

const text = tillText.line;

/** The lines of the basket. Each one draws itself only when it changed, so that the hundredth costs what the first did. */
export function BasketList({
  basket,
  lineOf,
  exponent,
  dispatch,
}: {
  basket: Basket;
  lineOf: (lineId: string, quantity: string) => PreviewLine | undefined;
  exponent: number;
  dispatch: (action: BasketAction) => void;
}) {
  if (basket.lines.length === 0) return <EmptyState title={tillText.empty}>{tillText.emptyHint}</EmptyState>;
  return (
    <ol className={classes.list} aria-label={tillText.basket}>
      {basket.lines.map((line) => (
        <Line
          key={line.lineId}
          line={line}
          calculated={lineOf(line.lineId, line.quantity)}
          selected={line.lineId === basket.selected}
          exponent={exponent}
          dispatch={dispatch}
        />
      ))}
    </ol>
  );
}

const Line = memo(function Line({
  line,
  calculated,
  selected,
  exponent,
  dispatch,
}: {
  line: BasketLine;
  calculated: PreviewLine | undefined;
  selected: boolean;
  exponent: number;
  dispatch: (action: BasketAction) => void;
}) {
  const element = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (selected) element.current?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  const price = calculated?.unitPrice ?? line.unitPrice ?? line.cataloguePrice;
  // Until the server has calculated it, the line shows what the catalogue says.
  const total = calculated?.total ?? (price === undefined ? undefined : multiply(line.quantity, price, exponent));
  const listPrice = calculated?.listPrice ?? line.cataloguePrice;
  const overridden = line.unitPrice !== undefined && listPrice !== undefined && compare(line.unitPrice, listPrice) !== 0;
  const reduced = line.discountRate
    ? `−${formatRate(line.discountRate)}`
    : line.discountAmount
      ? `−${formatMoney(line.discountAmount)}`
      : undefined;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the arrow keys of the scan field select a line; the name inside is a button
    <li
      ref={element}
      className={classes.line}
      data-selected={selected}
      aria-current={selected ? 'true' : undefined}
      onClick={() => dispatch({ type: 'select', lineId: line.lineId })}
    >
      <div style={{ minWidth: 0 }}>
        <button type="button" className={classes.lineName} tabIndex={-1}>
          {line.name}
        </button>
        <div className={classes.lineSub}>
          {isGiftCard(line) ? (
            <span className={line.voucher ? 'mono' : ''}>{line.voucher ? groupedCode(line.voucher) : tillText.giftCard.newCode}</span>
          ) : (
            <>
              <span className="mono">{line.sku}</span>
              <span className="num">
                {formatMoney(price)} {text.each}
              </span>
            </>
          )}
          {overridden ? (
            <span className={`${classes.lineMark} num`}>
              {text.was} {formatMoney(listPrice)}
            </span>
          ) : null}
          {reduced ? (
            <span className={`${classes.lineMark} num`}>
              {reduced} {text.discount}
            </span>
          ) : null}
          {line.lot ? <span>{line.lot}</span> : null}
          {line.serials?.length ? <span className="mono">{line.serials.join(', ')}</span> : null}
        </div>
      </div>
      <div className={classes.quantity}>
        <button
          type="button"
          tabIndex={-1}
          aria-label={`${text.fewer}: ${line.name}`}
          onClick={() => dispatch({ type: 'step', lineId: line.lineId, by: -1 })}
        >
          <IconMinus size={16} />
        </button>
        <span>{formatQuantity(line.quantity)}</span>
        <button
          type="button"
          tabIndex={-1}
          aria-label={`${text.more}: ${line.name}`}
          disabled={isGiftCard(line)}
          onClick={() => dispatch({ type: 'step', lineId: line.lineId, by: 1 })}
        >
          <IconPlus size={16} />
        </button>
      </div>
      <div
        className={classes.lineTotal}
        data-waiting={calculated === undefined}
        title={calculated === undefined ? text.waiting : undefined}
      >
        {formatMoney(total)}
        {selected ? (
          <ActionIcon
            className={classes.hideNarrow ?? ''}
            variant="subtle"
            color="gray"
            ml={4}
            tabIndex={-1}
            aria-label={`${text.remove}: ${line.name}`}
            onClick={() => dispatch({ type: 'remove', lineId: line.lineId })}
          >
            <IconX size={16} />
          </ActionIcon>
        ) : null}
      </div>
    </li>
  );
});
