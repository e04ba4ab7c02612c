import type { CatalogueItem, CheckoutResult, SaleLineRequest, SaleRequest, TillCustomer } from '@/api';
import { add, negate, readDecimal, trim } from '@/kit/decimal';

/**
 * The basket at a till, as data. It holds what the cashier did and nothing the server decides: prices, taxes, totals and
 * change come from the preview. Any change of it makes the next checkout a new attempt; a retry keeps its key.
 */
export interface BasketLine {
  lineId: string;
  itemId: string;
  sku: string;
  name: string;
  unit?: string | undefined;
  unitDecimals: number;
  tracking: 'none' | 'lot' | 'serial';
  /** Shown until the preview answers. */
  cataloguePrice?: string | undefined;
  quantity: string;
  unitPrice?: string | undefined;
  overrideReason?: string | undefined;
  discountRate?: string | undefined;
  discountAmount?: string | undefined;
  serials?: string[] | undefined;
  lot?: string | undefined;
  /** A gift card is sold: its code, or empty for a new one; its value is the unit price. It has no item. */
  voucher?: string | undefined;
}

export interface BasketTender {
  tenderId: string;
  method: string;
  /** What a method other than cash takes of the total. */
  amount?: string | undefined;
  /** What was handed over in cash; change is the server's to say. */
  tendered?: string | undefined;
  reference?: string | undefined;
}

export interface BasketDiscount {
  rate?: string | undefined;
  amount?: string | undefined;
  reason?: string | undefined;
}

export type Phase = 'selling' | 'tendering' | 'posted';

export interface Basket {
  saleId: string;
  phase: Phase;
  lines: BasketLine[];
  selected?: string | undefined;
  customer?: TillCustomer | undefined;
  discount?: BasketDiscount | undefined;
  tenders: BasketTender[];
  approval?: { token: string; by: string } | undefined;
  /** The parked basket that this one came from; the checkout takes it out of the parked list. */
  parkedId?: string | undefined;
  /** The checkout last sent for exactly this basket, and its idempotency key: a retry repeats both, word for word. */
  attempt?: { key: string; body: SaleRequest } | undefined;
  posted?: CheckoutResult | undefined;
}

export type BasketAction =
  | { type: 'add'; item: CatalogueItem; quantity: string; lineId: string; newSaleId: string }
  | { type: 'gift-card'; lineId: string; newSaleId: string; name: string; amount: string; code: string }
  | { type: 'quantity'; lineId: string; quantity: string }
  | { type: 'step'; lineId: string; by: 1 | -1 }
  | { type: 'remove'; lineId: string }
  | { type: 'select'; lineId: string }
  | { type: 'move'; by: 1 | -1 }
  | { type: 'line-discount'; lineId: string; rate?: string; amount?: string }
  | { type: 'override'; lineId: string; unitPrice?: string; reason?: string }
  | { type: 'tracking'; lineId: string; serials?: string[]; lot?: string }
  | { type: 'discount'; discount?: BasketDiscount }
  | { type: 'customer'; customer?: TillCustomer }
  | { type: 'tender' }
  | { type: 'back' }
  | { type: 'pay'; tender: BasketTender }
  | { type: 'unpay'; tenderId: string }
  | { type: 'approved'; token: string; by: string }
  | { type: 'attempt'; key: string; body: SaleRequest }
  | { type: 'refused' }
  | { type: 'posted'; result: CheckoutResult }
  | { type: 'replace'; basket: Basket }
  | { type: 'clear'; newSaleId: string };

export function emptyBasket(saleId: string): Basket {
  return { saleId, phase: 'selling', lines: [], tenders: [] };
}

/** Actions that only look or record, and leave the sale what it was. */
const quiet = new Set<BasketAction['type']>(['select', 'move', 'attempt', 'posted', 'tender']);

export function reduceBasket(basket: Basket, action: BasketAction): Basket {
  const next = changed(basket, action);
  if (next === basket || quiet.has(action.type)) return next;
  return next.attempt === undefined ? next : { ...next, attempt: undefined };
}

function changed(basket: Basket, action: BasketAction): Basket {
  switch (action.type) {
    case 'add':
      return withItem(basket.phase === 'posted' ? emptyBasket(action.newSaleId) : basket, action);
    case 'gift-card':
      return withGiftCard(basket.phase === 'posted' ? emptyBasket(action.newSaleId) : basket, action);
    case 'quantity':
      if (isNothing(action.quantity)) return without(basket, action.lineId);
      return withLine(basket, action.lineId, (line) => (isGiftCard(line) ? line : { ...line, quantity: action.quantity }));
    case 'step': {
      const line = basket.lines.find((item) => item.lineId === action.lineId);
      if (line === undefined || (isGiftCard(line) && action.by > 0)) return basket;
      const quantity = add(line.quantity, String(action.by));
      return isNothing(quantity) || quantity.startsWith('-')
        ? without(basket, action.lineId)
        : withLine(basket, action.lineId, (item) => ({ ...item, quantity }));
    }
    case 'remove':
      return without(basket, action.lineId);
    case 'select':
      return { ...basket, selected: action.lineId };
    case 'move': {
      if (basket.lines.length === 0) return basket;
      const at = basket.lines.findIndex((line) => line.lineId === basket.selected);
      const to = Math.min(basket.lines.length - 1, Math.max(0, at + action.by));
      return { ...basket, selected: basket.lines[to]?.lineId };
    }
    case 'line-discount':
      return withLine(basket, action.lineId, (line) =>
        isGiftCard(line) ? line : { ...line, discountRate: action.rate, discountAmount: action.amount },
      );
    case 'override':
      return withLine(basket, action.lineId, (line) =>
        isGiftCard(line)
          ? line
          : { ...line, unitPrice: action.unitPrice, overrideReason: action.unitPrice === undefined ? undefined : action.reason },
      );
    case 'tracking':
      return withLine(basket, action.lineId, (line) => ({
        ...line,
        lot: action.lot,
        serials: action.serials,
        quantity: action.serials && action.serials.length > 0 ? String(action.serials.length) : line.quantity,
      }));
    case 'discount':
      return { ...basket, discount: action.discount };
    case 'customer':
      return { ...basket, customer: action.customer };
    case 'tender':
      return basket.lines.length === 0 || basket.phase === 'posted' ? basket : { ...basket, phase: 'tendering' };
    case 'back':
      return basket.phase === 'tendering' ? { ...basket, phase: 'selling', tenders: [] } : basket;
    case 'pay':
      return basket.lines.length === 0 ? basket : { ...basket, phase: 'tendering', tenders: [...basket.tenders, action.tender] };
    case 'unpay':
      return { ...basket, tenders: basket.tenders.filter((tender) => tender.tenderId !== action.tenderId) };
    case 'approved':
      return { ...basket, approval: { token: action.token, by: action.by } };
    case 'attempt':
      return { ...basket, attempt: { key: action.key, body: action.body } };
    case 'refused':
      return { ...basket };
    case 'posted':
      return { ...basket, phase: 'posted', posted: action.result };
    case 'replace':
      return action.basket;
    case 'clear':
      return emptyBasket(action.newSaleId);
  }
}

/** A gift card is sold one at a time, at its value: no other quantity, price or discount. */
export function isGiftCard(line: BasketLine): boolean {
  return line.voucher !== undefined;
}

/** Each gift card is a line of its own; one given with the id of a line takes that line's place. */
function withGiftCard(basket: Basket, { lineId, name, amount, code }: Extract<BasketAction, { type: 'gift-card' }>): Basket {
  const line: BasketLine = {
    lineId,
    itemId: '',
    sku: '',
    name,
    unitDecimals: 0,
    tracking: 'none',
    quantity: '1',
    unitPrice: amount,
    voucher: code,
  };
  const known = basket.lines.some((item) => item.lineId === lineId);
  const lines = known ? basket.lines.map((item) => (item.lineId === lineId ? line : item)) : [...basket.lines, line];
  return { ...basket, phase: 'selling', tenders: [], lines, selected: lineId };
}

function isNothing(quantity: string): boolean {
  return /^-?0*(\.0*)?$/.test(quantity);
}

/** The same item again raises its line, unless that line was given a price, a discount, a lot or serials of its own. */
function withItem(basket: Basket, { item, quantity, lineId }: { item: CatalogueItem; quantity: string; lineId: string }): Basket {
  const tracking = item.tracking ?? 'none';
  const same = basket.lines.find(
    (line) =>
      line.itemId === item.id &&
      tracking === 'none' &&
      line.unitPrice === undefined &&
      line.discountRate === undefined &&
      line.discountAmount === undefined,
  );
  const phase: Phase = 'selling';
  const tenders: BasketTender[] = [];
  if (same !== undefined) {
    const raised = add(same.quantity, quantity);
    if (isNothing(raised)) return without({ ...basket, phase, tenders }, same.lineId);
    return { ...withLine(basket, same.lineId, (line) => ({ ...line, quantity: raised })), phase, tenders, selected: same.lineId };
  }
  const line: BasketLine = {
    lineId,
    itemId: item.id,
    sku: item.sku,
    name: item.name,
    unit: item.unit,
    unitDecimals: item.unitDecimals ?? 0,
    tracking,
    cataloguePrice: item.price,
    quantity,
  };
  return { ...basket, phase, tenders, lines: [...basket.lines, line], selected: lineId };
}

function withLine(basket: Basket, lineId: string, change: (line: BasketLine) => BasketLine): Basket {
  return { ...basket, lines: basket.lines.map((line) => (line.lineId === lineId ? change(line) : line)) };
}

function without(basket: Basket, lineId: string): Basket {
  const at = basket.lines.findIndex((line) => line.lineId === lineId);
  if (at < 0) return basket;
  const lines = basket.lines.filter((line) => line.lineId !== lineId);
  const selected = basket.selected === lineId ? (lines[Math.min(at, lines.length - 1)]?.lineId ?? undefined) : basket.selected;
  return {
    ...basket,
    lines,
    selected,
    phase: lines.length === 0 ? 'selling' : basket.phase,
    tenders: lines.length === 0 ? [] : basket.tenders,
  };
}

/** Which line of the basket a line of a request was made from; the API knows lines by their place only. */
const lineIds = new WeakMap<SaleLineRequest, string>();

export function lineIdOf(line: SaleLineRequest): string | undefined {
  return lineIds.get(line);
}

/** What goes to `preview`, `park` and `checkout`: the basket in the words of the API. */
export function saleRequest(basket: Basket, terminalId: string): SaleRequest {
  return {
    id: basket.saleId,
    terminalId,
    ...(basket.customer ? { customerId: basket.customer.id } : {}),
    lines: basket.lines.map((line) => {
      const asked: SaleLineRequest = {
        ...(line.voucher === undefined ? { itemId: line.itemId } : { voucher: line.voucher }),
        quantity: line.quantity,
        ...(line.unitPrice === undefined ? {} : { unitPrice: line.unitPrice }),
        ...(line.overrideReason === undefined ? {} : { overrideReason: line.overrideReason }),
        ...(line.discountRate === undefined ? {} : { discountRate: line.discountRate }),
        ...(line.discountAmount === undefined ? {} : { discountAmount: line.discountAmount }),
        ...(line.serials && line.serials.length > 0 ? { serials: line.serials } : {}),
        ...(line.lot ? { lot: line.lot } : {}),
      };
      lineIds.set(asked, line.lineId);
      return asked;
    }),
    ...(basket.discount?.rate ? { discountRate: basket.discount.rate } : {}),
    ...(basket.discount?.amount ? { discountAmount: basket.discount.amount } : {}),
    ...(basket.discount?.reason ? { discountReason: basket.discount.reason } : {}),
    tenders: basket.tenders.map(({ method, amount, tendered, reference }) => ({
      method,
      ...(amount === undefined ? {} : { amount }),
      ...(tendered === undefined ? {} : { tendered }),
      ...(reference ? { reference } : {}),
    })),
    ...(basket.approval ? { approval: { token: basket.approval.token } } : {}),
    ...(basket.parkedId ? { parkedId: basket.parkedId } : {}),
  };
}

/** 12.5 (per cent, as typed) to the rate 0.125. */
export function rateOfPercent(percent: string): string | undefined {
  const value = readDecimal(percent);
  if (value === undefined) return undefined;
  const negative = value.startsWith('-');
  const [whole = '0', fraction = ''] = (negative ? negate(value) : value).split('.');
  const digits = whole.padStart(3, '0');
  const rate = trim(`${digits.slice(0, -2)}.${digits.slice(-2)}${fraction}`).replace(/^0+(?=\d)/, '');
  return negative ? `-${rate}` : rate;
}
