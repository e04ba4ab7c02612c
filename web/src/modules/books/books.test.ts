import { describe, expect, it } from 'vitest';
import type { Statement } from '@/api';
import { emptyLine, fromPaste, toRequest, totals } from './lines';
import { standingOf } from './RecurringPage';
import { entriesPath } from './statement';

const accounts = [{ code: '6400', name: 'Rent', kind: 'expense', subject: 'none' }];

describe('lines of a journal', () => {
  it('sums what is typed, exactly, and passes over what is no number yet', () => {
    const lines = [
      { ...emptyLine(), account: '6400', debit: '0.10' },
      { ...emptyLine(), account: '6400', debit: '0,20' },
      { ...emptyLine(), account: '1050', credit: '0.3' },
      { ...emptyLine(), account: '1050', credit: '-' },
    ];
    expect(totals(lines)).toEqual({ debit: '0.30', credit: '0.3', difference: '0.00' });
  });
  it('sends amounts as decimals, leaves empty lines out, and leaves what cannot be read to the server', () => {
    const lines = [
      { ...emptyLine(), account: '6400', debit: '1.234,50', text: ' Rent ' },
      emptyLine(),
      { ...emptyLine(), account: '1050', credit: 'x', branch: 'WEST' },
    ];
    expect(toRequest(lines)).toEqual([
      { account: '6400', debit: '1234.50', text: 'Rent' },
      { account: '1050', credit: 'x', branch: 'WEST' },
    ]);
  });
  it('reads copied cells and CSV and passes over a heading', () => {
    const read = fromPaste('Account;Debit;Credit;Text\n6400;"1000.00";;January\n\n1050\t\t1000.00', accounts);
    expect(read.map(({ key: _, ...line }) => [line.account, line.debit, line.credit, line.text])).toEqual([
      ['6400', '1000.00', '', 'January'],
      ['1050', '', '1000.00', ''],
    ]);
  });
});

describe('figures', () => {
  const statement = { withoutClosing: true, cashOnly: false } as Statement;
  const line = { key: 'x', kind: 'account', level: 2, label: '6400 Rent', accounts: ['6400'], amounts: [] };
  it('lead to the entries of their accounts, days and branch', () => {
    expect(entriesPath(statement, line, { key: 'now', label: '', from: '2025-01-01', to: '2025-12-31' }, 'WEST')).toBe(
      '/books/statements/entries?account=6400&from=2025-01-01&to=2025-12-31&branch=WEST&withoutClosing=true&of=6400+Rent',
    );
  });
  it('lead nowhere where they are worked out from other lines', () => {
    expect(entriesPath(statement, { ...line, accounts: [] }, { key: 'now', label: '', to: '2025-12-31' }, undefined)).toBeUndefined();
  });
});

describe('recurring journals', () => {
  it('run, stand still, are paused or at their end', () => {
    expect(standingOf({ status: 'posted', nextOn: '2026-01-31' })).toBe('running');
    expect(standingOf({ status: 'posted', nextOn: '2026-01-31', stuckOn: '2026-01-31' })).toBe('stuck');
    expect(standingOf({ status: 'posted' })).toBe('ended');
    expect(standingOf({ status: 'closed' })).toBe('paused');
    expect(standingOf({ status: 'submitted' })).toBe('submitted');
  });
});
