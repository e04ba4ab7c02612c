import { TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type ParkedBasket, pointOfSale, type SaleRequest, uuid7 } from '@/api';
import { InstantText, MoneyText } from '@/kit/cells';
import { nameOf } from '@/kit/format';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { EmptyState, QueryState } from '@/kit/states';
import { tillText } from '@/messages';
import { type Basket, emptyBasket, saleRequest } from '../basket';
import classes from '../register.module.css';
import type { Catalogue } from '../scan';
import { Form } from './LineForms';
import type { TillDialogShape } from './TillDialogs';

const text = tillText.dialogs;

export function ParkForm({ register, basket, dispatch, onClose, refresh }: TillDialogShape) {
  const [label, setLabel] = useState(basket.customer?.name ?? '');
  const [key] = useState(uuid7);
  const park = useMutation({
    mutationFn: () =>
      pointOfSale.park(
        { ...saleRequest({ ...basket, tenders: [] }, register.terminal.code), ...(label.trim() ? { label: label.trim() } : {}) },
        `${key}:${label.trim()}`,
      ),
    onSuccess: () => {
      dispatch({ type: 'clear', newSaleId: uuid7() });
      refresh();
      onClose();
    },
  });
  return (
    <Form onClose={onClose} onSubmit={() => park.mutate()} submit={tillText.keys.park} busy={park.isPending}>
      <TextInput
        label={text.parkLabel}
        description={text.parkHint}
        size="lg"
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
        maxLength={60}
        data-autofocus
      />
      <ProblemNotice error={park.error} />
    </Form>
  );
}

/** A basket that was parked, as the till keeps it; names and prices come from the catalogue until the preview answers. */
export function resumedBasket(parked: SaleRequest, parkedId: string, catalogue: Catalogue | undefined): Basket {
  const lines = parked.lines.map((line) => {
    const item = catalogue?.find(line.sku ?? line.barcode ?? '') ?? (line.itemId ? catalogue?.item(line.itemId) : undefined);
    return {
      ...line,
      lineId: uuid7(),
      itemId: line.itemId ?? item?.id ?? '',
      sku: line.sku ?? item?.sku ?? '',
      name: item?.name ?? (line.voucher === undefined ? (line.sku ?? line.barcode ?? '') : tillText.giftCard.name),
      unit: item?.unit,
      unitDecimals: item?.unitDecimals ?? 0,
      tracking: item?.tracking ?? ('none' as const),
      cataloguePrice: item?.price,
    };
  });
  const discount =
    parked.discountRate || parked.discountAmount
      ? { rate: parked.discountRate, amount: parked.discountAmount, reason: parked.discountReason }
      : undefined;
  return { ...emptyBasket(uuid7()), lines, selected: lines.at(-1)?.lineId, parkedId, ...(discount ? { discount } : {}) };
}

export function ParkedList({ register, dispatch, onClose, refresh }: TillDialogShape) {
  const client = useQueryClient();
  const parked = useQuery({ queryKey: ['parked', register.terminal.code], queryFn: () => pointOfSale.parked(), staleTime: 0 });
  const resume = useMutation({
    mutationFn: (id: string) => pointOfSale.resume(id),
    onSuccess: (parked, id) => {
      const catalogue = client.getQueriesData<Catalogue>({ queryKey: ['catalogue'] })[0]?.[1];
      dispatch({ type: 'replace', basket: resumedBasket(parked.basket, id, catalogue) });
      refresh();
      onClose();
    },
  });
  return (
    <>
      <ProblemNotice error={resume.error} />
      <QueryState query={parked} rows={3}>
        {(data) =>
          data.items.length === 0 ? (
            <EmptyState title={text.noParked} />
          ) : (
            <div className={classes.terminals}>
              {data.items.map((item: ParkedBasket) => (
                <button
                  key={item.id}
                  type="button"
                  className={classes.terminal}
                  disabled={resume.isPending}
                  onClick={() => resume.mutate(item.id)}
                >
                  <span />
                  <span>
                    <span className="strong">{item.label || text.parked}</span>
                    <br />
                    <span className="dim small">
                      {item.parkedAt ? <InstantText value={item.parkedAt} ago /> : null}{' '}
                      {item.parkedBy ? text.parkedBy(nameOf(item.parkedBy)) : ''}
                    </span>
                  </span>
                  {item.total ? <MoneyText value={item.total} className="strong" /> : null}
                </button>
              ))}
            </div>
          )
        }
      </QueryState>
    </>
  );
}
