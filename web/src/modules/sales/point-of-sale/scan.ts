import type { CatalogueItem } from '@/api';
import { readDecimal } from '@/kit/decimal';

/** What a text in the scan field means once Enter is pressed. */
export type Scan =
  | { kind: 'nothing' }
  | { kind: 'item'; code: string; quantity: string }
  | { kind: 'line-discount'; percent: string }
  | { kind: 'line-quantity'; quantity: string };

/** `5901` is an item, `3*5901` three of it, `3*` sets the quantity of the line, `10%` its discount. */
export function readScan(typed: string): Scan {
  const text = typed.trim();
  if (text === '') return { kind: 'nothing' };
  const discount = /^([\d.,]+)\s*%$/.exec(text);
  if (discount?.[1] !== undefined && readDecimal(discount[1]) !== undefined) return { kind: 'line-discount', percent: discount[1] };
  const times = /^(-?[\d.,]+)\s*\*\s*(.*)$/.exec(text);
  const quantity = times?.[1] === undefined ? undefined : readDecimal(times[1]);
  if (quantity !== undefined && times !== null)
    return times[2] ? { kind: 'item', code: times[2], quantity } : { kind: 'line-quantity', quantity };
  return { kind: 'item', code: text, quantity: '1' };
}

/** The keys of the register, wherever the focus is. */
export type RegisterCommand =
  | 'quantity'
  | 'discount'
  | 'customer'
  | 'park'
  | 'price'
  | 'pay'
  | 'exact'
  | 'finish'
  | 'back'
  | 'up'
  | 'down'
  | 'remove'
  | 'more'
  | 'fewer'
  | 'gift-card';

const functionKeys: Record<string, RegisterCommand> = {
  F2: 'customer',
  F3: 'gift-card',
  F4: 'park',
  F6: 'price',
  F8: 'pay',
  F9: 'exact',
  F10: 'finish',
  Escape: 'back',
};
const emptyFieldKeys: Record<string, RegisterCommand> = {
  '*': 'quantity',
  '%': 'discount',
  '+': 'more',
  '-': 'fewer',
  Delete: 'remove',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/**
 * The command of a key press. Function keys always count; marks and arrows only while the scan field is empty, so that
 * `3*5901` can be typed.
 */
export function commandOf(key: string, fieldText: string, modified = false): RegisterCommand | undefined {
  if (modified) return undefined;
  return functionKeys[key] ?? (fieldText === '' ? emptyFieldKeys[key] : undefined);
}

/** The items of the branch, held in memory so that a scan is answered without asking the network. */
export class Catalogue {
  private readonly byCode = new Map<string, CatalogueItem>();
  private readonly byId = new Map<string, CatalogueItem>();
  private readonly words: { item: CatalogueItem; text: string }[] = [];

  constructor(items: Iterable<CatalogueItem> = []) {
    for (const item of items) this.put(item);
  }

  put(item: CatalogueItem): void {
    if (!this.byId.has(item.id)) this.words.push({ item, text: `${item.name} ${item.sku}`.toLowerCase() });
    this.byId.set(item.id, item);
    this.byCode.set(item.sku.toLowerCase(), item);
    for (const barcode of item.barcodes ?? []) this.byCode.set(barcode.toLowerCase(), item);
  }

  get size(): number {
    return this.byId.size;
  }

  get items(): CatalogueItem[] {
    return [...this.byId.values()];
  }

  find(code: string): CatalogueItem | undefined {
    return this.byCode.get(code.trim().toLowerCase());
  }

  item(id: string): CatalogueItem | undefined {
    return this.byId.get(id);
  }

  /** Items whose name or number has every word typed, those that begin with it first. */
  search(typed: string, limit: number): CatalogueItem[] {
    const parts = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
    if (parts.length === 0) return [];
    const begins: CatalogueItem[] = [];
    const others: CatalogueItem[] = [];
    for (const { item, text } of this.words) {
      if (!parts.every((part) => text.includes(part))) continue;
      (text.startsWith(parts[0]!) ? begins : others).push(item);
      if (begins.length >= limit) break;
    }
    return [...begins, ...others].slice(0, limit);
  }

  categories(): { id: string; name: string }[] {
    const found = new Map<string, string>();
    for (const item of this.byId.values()) if (item.category) found.set(item.category.id, item.category.name);
    return [...found].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name));
  }
}
