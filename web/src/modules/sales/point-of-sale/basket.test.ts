import { describe, expect, it } from 'vitest';
import type { CatalogueItem } from '@/api';
import { type Basket, type BasketAction, emptyBasket, rateOfPercent, reduceBasket, saleRequest } from './basket';
import { likelyAmounts, stillToPay } from './TenderPanel';

const usual = {
  category: { id: 'c1', name: 'Food' },
  unit: 'EA',
  unitDecimals: 0,
  barcodes: [],
  priceBasis: 'gross' as const,
  tracking: 'none' as const,
};
const milk: CatalogueItem = { ...usual, id: 'i1', sku: '1001', name: 'Milk', price: '1.75' };
const phone: CatalogueItem = { ...usual, id: 'i2', sku: '2001', name: 'Phone', price: '199.00', tracking: 'serial' };
let made = 0;
const add = (item: CatalogueItem, quantity = '1'): BasketAction => ({
  type: 'add',
  item,
  quantity,
  lineId: `l${++made}`,
  newSaleId: `s${made}`,
});
const basketAfter = (...actions: BasketAction[]): Basket => actions.reduce(reduceBasket, emptyBasket('s0'));

describe('the basket', () => {
  it('raises the line of an item that is scanned again', () => {
    const basket = basketAfter(add(milk), add(milk, '2'));
    expect(basket.lines).toHaveLength(1);
    expect(basket.lines[0]!.quantity).toBe('3');
  });
  it('opens a new line when the first one has a price or a discount of its own', () => {
    const first = basketAfter(add(milk));
    const line = first.lines[0]!.lineId;
    const discounted = reduceBasket(first, { type: 'line-discount', lineId: line, rate: '0.1' });
    expect(reduceBasket(discounted, add(milk)).lines).toHaveLength(2);
    const overridden = reduceBasket(first, { type: 'override', lineId: line, unitPrice: '1.00', reason: 'damaged' });
    expect(reduceBasket(overridden, add(milk)).lines.map((item) => item.unitPrice)).toEqual(['1.00', undefined]);
  });
  it('gives every serial item its own line, counted by its serials', () => {
    const basket = basketAfter(add(phone), add(phone));
    expect(basket.lines).toHaveLength(2);
    const numbered = reduceBasket(basket, { type: 'tracking', lineId: basket.lines[0]!.lineId, serials: ['A', 'B'] });
    expect(numbered.lines[0]!.quantity).toBe('2');
  });
  it('takes a line away when its quantity becomes nothing, and selects its neighbour', () => {
    const basket = basketAfter(add(milk), add(phone));
    const gone = reduceBasket(basket, { type: 'quantity', lineId: basket.lines[1]!.lineId, quantity: '0.000' });
    expect(gone.lines.map((line) => line.sku)).toEqual(['1001']);
    expect(gone.selected).toBe(gone.lines[0]!.lineId);
    expect(reduceBasket(gone, { type: 'step', lineId: gone.lines[0]!.lineId, by: -1 }).lines).toHaveLength(0);
  });
  it('sells each gift card as a line of its own, at its value, one at a time', () => {
    const card = (lineId: string, amount: string, code = ''): BasketAction => ({
      type: 'gift-card',
      lineId,
      newSaleId: 's1',
      name: 'Gift card',
      amount,
      code,
    });
    const basket = basketAfter(add(milk), card('g1', '50.00'), card('g2', '20.00', '6011000990139424'));
    expect(saleRequest(basket, 'T1').lines.slice(1)).toEqual([
      { voucher: '', quantity: '1', unitPrice: '50.00' },
      { voucher: '6011000990139424', quantity: '1', unitPrice: '20.00' },
    ]);
    const tried = [
      { type: 'step', lineId: 'g1', by: 1 },
      { type: 'quantity', lineId: 'g1', quantity: '3' },
      { type: 'line-discount', lineId: 'g1', rate: '0.1' },
      { type: 'override', lineId: 'g1', unitPrice: '1.00', reason: 'damaged' },
    ] satisfies BasketAction[];
    expect(saleRequest(tried.reduce(reduceBasket, basket), 'T1').lines[1]).toEqual({ voucher: '', quantity: '1', unitPrice: '50.00' });
    expect(saleRequest(reduceBasket(basket, card('g1', '75.00')), 'T1').lines.map((line) => line.unitPrice)).toEqual([
      undefined,
      '75.00',
      '20.00',
    ]);
    expect(reduceBasket(basket, { type: 'step', lineId: 'g1', by: -1 }).lines).toHaveLength(2);
  });
  it('moves the selection and stays inside the basket', () => {
    const basket = basketAfter(add(milk), add(phone), { type: 'move', by: -1 }, { type: 'move', by: -1 });
    expect(basket.selected).toBe(basket.lines[0]!.lineId);
  });
  it('keeps the key of an attempt for a retry and drops it when anything changes', () => {
    const basket = basketAfter(add(milk), { type: 'tender' });
    const body = saleRequest(basket, 'T1');
    const tried = reduceBasket(basket, { type: 'attempt', key: 'k1', body });
    expect(tried.attempt).toEqual({ key: 'k1', body });
    expect(reduceBasket(tried, { type: 'select', lineId: basket.lines[0]!.lineId }).attempt?.key).toBe('k1');
    for (const change of [
      add(milk),
      { type: 'customer', customer: { id: 'c', number: '1', name: 'A' } },
      { type: 'pay', tender: { tenderId: 't', method: 'CARD', amount: '1.75' } },
      { type: 'refused' },
      { type: 'approved', token: 'x', by: 'M' },
    ] as BasketAction[])
      expect(reduceBasket(tried, change).attempt, change.type).toBeUndefined();
  });
  it('begins a new sale with the first scan after one was posted', () => {
    const posted = basketAfter(add(milk), {
      type: 'posted',
      result: {
        id: 's0',
        number: 'HQ-1',
        status: 'posted',
        net: '1',
        tax: '0',
        total: '1',
        rounding: '0',
        change: '0',
        receiptUrl: '/receipt',
      },
    });
    expect(posted.phase).toBe('posted');
    const next = reduceBasket(posted, add(phone));
    expect(next.saleId).not.toBe('s0');
    expect(next.posted).toBeUndefined();
    expect(next.lines.map((line) => line.sku)).toEqual(['2001']);
  });
  it('goes back from payment without the tenders', () => {
    const basket = basketAfter(
      add(milk),
      { type: 'tender' },
      { type: 'pay', tender: { tenderId: 't', method: 'CARD', amount: '1.00' } },
      { type: 'back' },
    );
    expect(basket.phase).toBe('selling');
    expect(basket.tenders).toEqual([]);
  });
  it('does not go to payment with nothing to pay', () => {
    expect(basketAfter({ type: 'tender' }).phase).toBe('selling');
  });
  it('sends only what the cashier decided, never a price of its own', () => {
    const basket = basketAfter(
      add(milk, '2'),
      { type: 'discount', discount: { rate: '0.05', reason: 'regular' } },
      { type: 'pay', tender: { tenderId: 't', method: 'CASH', tendered: '5.00' } },
    );
    expect(saleRequest(basket, 'T1')).toEqual({
      id: 's0',
      terminalId: 'T1',
      lines: [{ itemId: 'i1', quantity: '2' }],
      discountRate: '0.05',
      discountReason: 'regular',
      tenders: [{ method: 'CASH', tendered: '5.00' }],
    });
  });
  it('adds the hundred and first line well within a frame', () => {
    let basket = emptyBasket('s');
    for (let n = 0; n < 100; n++)
      basket = reduceBasket(basket, add({ ...usual, id: `i${n}`, sku: `${n}`, name: `Item ${n}`, price: '1.00' }));
    const before = performance.now();
    for (let n = 0; n < 100; n++) reduceBasket(basket, add({ ...usual, id: `x${n}`, sku: `x${n}`, name: 'x', price: '1.00' }));
    expect((performance.now() - before) / 100).toBeLessThan(5);
  });
});

describe('per cent as a rate', () => {
  it('moves the point exactly', () => {
    expect(rateOfPercent('12.5')).toBe('0.125');
    expect(rateOfPercent('5')).toBe('0.05');
    expect(rateOfPercent('100')).toBe('1');
    expect(rateOfPercent('0,5')).toBe('0.005');
    expect(rateOfPercent('abc')).toBeUndefined();
  });
});

describe('the amount field', () => {
  it('starts with what is left to pay', () => {
    expect(stillToPay('20.96', [{ tenderId: 'a', method: 'CARD', amount: '10.00' }])).toBe('10.96');
    expect(stillToPay('20.96', [{ tenderId: 'a', method: 'CASH', tendered: '50.00' }])).toBe('0');
  });
  it('offers the notes a customer is likely to hand over', () => {
    expect(likelyAmounts('20.96', ['50.00', '20.00', '10.00', '5.00', '0.50'])).toEqual(['25.00', '30.00', '40.00', '50.00']);
    expect(likelyAmounts('0', ['50.00'])).toEqual([]);
  });
});
