import { describe, expect, it } from 'vitest';
import { add, compare, isZero, multiply, negate, readDecimal, round, subtract, sum, trim } from './decimal';

describe('decimal text', () => {
  it('adds what a floating number gets wrong', () => {
    expect(add('0.1', '0.2')).toBe('0.3');
    expect(sum(['9007199254740993.01', '0.02', '-0.03'])).toBe('9007199254740993.00');
    expect(subtract('10.00', '10.01')).toBe('-0.01');
  });
  it('multiplies and rounds half away from zero', () => {
    expect(multiply('3', '4.99', 2)).toBe('14.97');
    expect(multiply('0.375', '2.60', 2)).toBe('0.98');
    expect(multiply('-0.375', '2.60', 2)).toBe('-0.98');
    expect(round('0.005', 2)).toBe('0.01');
    expect(round('-2.345', 2)).toBe('-2.35');
    expect(round('7', 2)).toBe('7.00');
  });
  it('compares values, not texts', () => {
    expect(compare('2.50', '2.5')).toBe(0);
    expect(compare('-1', '0.01')).toBe(-1);
    expect(compare('10', '9.99')).toBe(1);
    expect(isZero('-0.00')).toBe(true);
    expect(negate('0.00')).toBe('0.00');
  });
  it('drops only zeros that say nothing', () => {
    expect(trim('3.000000')).toBe('3');
    expect(trim('0.250000')).toBe('0.25');
    expect(trim('100')).toBe('100');
  });
  it('reads what people type in either notation', () => {
    expect(readDecimal('1.234,50')).toBe('1234.50');
    expect(readDecimal('1,234.50')).toBe('1234.50');
    expect(readDecimal('12,5')).toBe('12.5');
    expect(readDecimal('.5')).toBe('0.5');
    expect(readDecimal('\u22125')).toBe('-5');
    expect(readDecimal('1\u202f000')).toBe('1000');
    expect(readDecimal('5a')).toBeUndefined();
    expect(readDecimal('')).toBeUndefined();
  });
});
