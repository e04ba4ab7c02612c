import { describe, expect, it } from 'vitest';
import { keptQuery } from './SavedViews';

describe('what a saved view keeps of an address', () => {
  it('leaves out what only moves through the rows, in one order whatever was set first', () => {
    expect(keptQuery(new URLSearchParams('to=2026-03-31&after=abc&page=3&from=2026-03-01'))).toBe('from=2026-03-01&to=2026-03-31');
    expect(keptQuery(new URLSearchParams(''))).toBe('');
  });
});
