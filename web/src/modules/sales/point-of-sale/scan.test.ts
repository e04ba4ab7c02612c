import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SalePreview, SaleRequest } from '@/api';
import { PreviewRunner } from './preview';
import { Catalogue, commandOf, readScan } from './scan';

describe('what was scanned or typed', () => {
  it('is an item, with a quantity before it when there is a star', () => {
    expect(readScan('5901234')).toEqual({ kind: 'item', code: '5901234', quantity: '1' });
    expect(readScan(' 3*5901234 ')).toEqual({ kind: 'item', code: '5901234', quantity: '3' });
    expect(readScan('0,375*apples')).toEqual({ kind: 'item', code: 'apples', quantity: '0.375' });
  });
  it('is the quantity or the discount of the line when nothing follows', () => {
    expect(readScan('4*')).toEqual({ kind: 'line-quantity', quantity: '4' });
    expect(readScan('12,5%')).toEqual({ kind: 'line-discount', percent: '12,5' });
    expect(readScan('   ')).toEqual({ kind: 'nothing' });
  });
});

describe('the keys of the register', () => {
  it('are the function keys, always', () => {
    expect(['F2', 'F4', 'F6', 'F8', 'F9', 'F10', 'Escape'].map((key) => commandOf(key, 'typing'))).toEqual([
      'customer',
      'park',
      'price',
      'pay',
      'exact',
      'finish',
      'back',
    ]);
  });
  it('are marks and arrows only while nothing is typed', () => {
    expect(commandOf('*', '')).toBe('quantity');
    expect(commandOf('*', '3')).toBeUndefined();
    expect(commandOf('%', '')).toBe('discount');
    expect(commandOf('ArrowUp', '')).toBe('up');
    expect(commandOf('F10', '', true)).toBeUndefined();
  });
});

describe('the catalogue in memory', () => {
  const usual = { unit: 'EA', unitDecimals: 0, priceBasis: 'gross' as const, tracking: 'none' as const };
  const catalogue = new Catalogue([
    { ...usual, id: '1', sku: 'A-1', name: 'Whole milk', barcodes: ['590'], category: { id: 'c2', name: 'Dairy' } },
    { ...usual, id: '2', sku: 'A-2', name: 'Oat milk', barcodes: ['591', '592'], category: { id: 'c1', name: 'Alternatives' } },
    { ...usual, id: '3', sku: 'M-3', name: 'Milk chocolate', barcodes: [], category: { id: 'c1', name: 'Alternatives' } },
  ]);
  it('finds by any barcode and by number, whatever the case', () => {
    expect(catalogue.find('592')?.id).toBe('2');
    expect(catalogue.find('a-1')?.id).toBe('1');
    expect(catalogue.find('nothing')).toBeUndefined();
  });
  it('searches by every word, the beginning first', () => {
    expect(catalogue.search('milk', 5).map((item) => item.id)).toEqual(['3', '1', '2']);
    expect(catalogue.search('milk oat', 5).map((item) => item.id)).toEqual(['2']);
    expect(catalogue.categories().map((item) => item.name)).toEqual(['Alternatives', 'Dairy']);
  });
});

describe('asking for the calculation', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const request = (quantity: string): SaleRequest => ({ terminalId: 'T1', lines: [{ itemId: 'i', quantity }], tenders: [] });
  const answer = (total: string): SalePreview => ({
    lines: [],
    taxes: [],
    net: total,
    tax: '0',
    discount: '0',
    total,
    payable: total,
    rounding: '0',
    change: '0',
    refusals: [],
  });

  it('waits for the next scan and asks once', async () => {
    const send = vi.fn(async (body: SaleRequest) => answer(body.lines[0]!.quantity));
    const answered = vi.fn();
    const runner = new PreviewRunner(send, answered, vi.fn(), 90);
    runner.ask(request('1'));
    await vi.advanceTimersByTimeAsync(50);
    runner.ask(request('2'));
    await vi.advanceTimersByTimeAsync(50);
    expect(send).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(50);
    expect(send).toHaveBeenCalledTimes(1);
    expect(answered.mock.calls[0]![0].preview.total).toBe('2');
  });
  it('drops a question that is no longer asked, and never shows its answer', async () => {
    const waiting: ((preview: SalePreview) => void)[] = [];
    const signals: AbortSignal[] = [];
    const send = vi.fn((_: SaleRequest, signal: AbortSignal) => {
      signals.push(signal);
      return new Promise<SalePreview>((resolve) => waiting.push(resolve));
    });
    const answered = vi.fn();
    const runner = new PreviewRunner(send, answered, vi.fn(), 10);
    runner.ask(request('1'));
    await vi.advanceTimersByTimeAsync(20);
    runner.ask(request('2'));
    expect(signals[0]!.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(20);
    waiting[1]!(answer('2'));
    waiting[0]!(answer('1'));
    await vi.advanceTimersByTimeAsync(1);
    expect(answered).toHaveBeenCalledTimes(1);
    expect(answered.mock.calls[0]![0].preview.total).toBe('2');
  });
  it('still answers who waits for a basket when the page asks for another one meanwhile', async () => {
    const waiting: ((preview: SalePreview) => void)[] = [];
    const send = vi.fn(
      (_: SaleRequest, signal: AbortSignal) =>
        new Promise<SalePreview>((resolve, reject) => {
          waiting.push(resolve);
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    const answered = vi.fn();
    const runner = new PreviewRunner(send, answered, vi.fn(), 10);
    const finishing = runner.now(request('1'));
    runner.ask(request('2'));
    await vi.advanceTimersByTimeAsync(20);
    waiting[0]!(answer('1'));
    expect((await finishing).preview.total).toBe('1');
    expect(answered).not.toHaveBeenCalled();
    waiting[1]!(answer('2'));
    await vi.advanceTimersByTimeAsync(1);
    expect(answered.mock.calls.map(([found]) => found.preview.total)).toEqual(['2']);
  });
  it('answers the same basket from hand until it is told to forget', async () => {
    const send = vi.fn(async () => answer('1'));
    const runner = new PreviewRunner(send, vi.fn(), vi.fn(), 10);
    await runner.now(request('1'));
    await runner.now(request('1'));
    expect(send).toHaveBeenCalledTimes(1);
    runner.forget();
    await runner.now(request('1'));
    expect(send).toHaveBeenCalledTimes(2);
  });
});
