import { describe, expect, it } from 'vitest';
import { changed, definitionOf, emptyCondition, emptyGroup, type GroupPart, partsOf, pointersOf } from './rule';

const condition = { measure: 'recencyDays', op: '<=', value: '30' };
const stored = { all: [condition, { not: { any: [condition, { ...condition, value: '5' }] } }, { not: condition }] };

describe('a rule', () => {
  it('is sent as it was stored', () => {
    const built = partsOf(stored);
    // A condition that must not hold is a group of one that must not.
    expect(definitionOf(built)).toEqual({ all: [condition, stored.all[1], { not: { all: [condition] } }] });
    expect(definitionOf(partsOf(condition))).toEqual({ all: [condition] });
  });

  it('is not sent while a row is empty', () => {
    expect(definitionOf(emptyGroup())).toBeUndefined();
    expect(definitionOf(emptyGroup(true, []))).toBeUndefined();
    expect(definitionOf(emptyGroup(true, [{ ...emptyCondition(), measure: 'orders', op: '>', value: ' ' }]))).toBeUndefined();
  });

  it('loses a row, and the group that had only this one', () => {
    const built = partsOf({ all: [condition, { any: [condition] }] });
    const inner = built.of[1] as GroupPart;
    expect(definitionOf(changed(built, inner.of[0]!.key, () => null))).toEqual({ all: [condition] });
  });

  it('knows where the server finds each row', () => {
    const built = partsOf(stored);
    const pointers = pointersOf(built);
    const nested = built.of[1] as GroupPart;
    expect(pointers.get(built.of[0]!.key)).toBe('/definition/all/0');
    expect(pointers.get(nested.of[1]!.key)).toBe('/definition/all/1/not/any/1');
  });
});
