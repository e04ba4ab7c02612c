import { afterEach, describe, expect, it } from 'vitest';
import { formatCell, formatDate, formatMoney, formatQuantity, formatRate, humanise, localised, nameOf, setCompanyCurrency } from './format';

afterEach(() => setCompanyCurrency('EUR', 2));

describe('formats', () => {
  it('writes money exactly, with the decimals of the currency and a real minus', () => {
    expect(formatMoney('1254.35', { locale: 'en' })).toBe('1,254.35');
    expect(formatMoney('-2', { locale: 'en' })).toBe('\u22122.00');
    expect(formatMoney('9007199254740993.01', { locale: 'en' })).toBe('9,007,199,254,740,993.01');
    expect(formatMoney('1254.35', { locale: 'de', sign: true })).toBe('1.254,35\u00a0€');
  });
  it('follows a company whose money has no or three decimals', () => {
    setCompanyCurrency('JPY', 0);
    expect(formatMoney('1200', { locale: 'en' })).toBe('1,200');
    setCompanyCurrency('KWD', 3);
    expect(formatMoney('1.5', { locale: 'en' })).toBe('1.500');
  });
  it('shows nothing for nothing, and what it cannot read as it came', () => {
    expect(formatMoney(undefined)).toBe('');
    expect(formatMoney('n/a')).toBe('n/a');
  });
  it('writes quantities without padding and rates as per cent', () => {
    expect(formatQuantity('3.000000', 'en')).toBe('3');
    expect(formatQuantity('0.375000', 'en')).toBe('0.375');
    expect(formatRate('0.075', 'en')).toBe('7.5%');
    expect(formatRate('-0.00001', 'en', 1)).toBe('0%');
    expect(formatRate('-0.001', 'en', 1)).toBe('\u22120.1%');
  });
  it('does not move a business day into another one', () => {
    expect(formatDate('2026-03-31')).toContain('31');
    expect(formatDate('2026-01-01')).toContain('2026');
  });
  it('writes the days and amounts of a sentence in the local way, and leaves years alone', () => {
    const said = localised('Net sales from 2026-08-24 to 2026-11-21: 658051.60; 3 days of 2026.');
    expect(said).not.toContain('2026-08-24');
    expect(said).toContain('658,051.60; 3 days of 2026.');
  });
  it('names references whichever way they come', () => {
    expect(nameOf({ id: '1', name: 'Ada' })).toBe('Ada');
    expect(nameOf({ id: '1', number: 'SO-1' })).toBe('SO-1');
    expect(nameOf('HQ')).toBe('HQ');
    expect(formatCell({ code: 'T1', name: 'Till 1' }, 'text')).toBe('Till 1');
    expect(humanise('store-manager')).toBe('Store manager');
    expect(humanise('POS_CASH_VARIANCE')).toBe('Pos cash variance');
  });
});
