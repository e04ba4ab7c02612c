import { describe, expect, it } from 'vitest';
import { emptyCustomer, newFrom, tidied } from './customers';

describe('a customer made from what was typed', () => {
  it('takes digits for a telephone number, an at sign for a mail address, all else for a name', () => {
    expect(newFrom('0700 123 456')).toBe('phone=0700+123+456');
    expect(newFrom('ada@example.org')).toBe('email=ada%40example.org');
    expect(emptyCustomer(new URLSearchParams(newFrom('Ada van Loon')))).toMatchObject({ givenName: 'Ada', familyName: 'van Loon' });
    expect(emptyCustomer(new URLSearchParams('phone=0700')).contactPoints).toEqual([
      { type: 'phone', value: '0700', purpose: 'mobile', isPrimary: true },
    ]);
  });

  it('sends nothing that is empty', () => {
    const sent = tidied({
      partyType: 'person',
      givenName: 'Ada',
      familyName: '',
      contactPoints: [
        { type: 'phone', value: ' ', purpose: 'home', isPrimary: false },
        { type: 'email', value: 'a@b.org', purpose: 'home', isPrimary: true, person: '' },
      ],
    });
    expect(sent).toEqual({
      partyType: 'person',
      givenName: 'Ada',
      contactPoints: [{ type: 'email', value: 'a@b.org', purpose: 'home', isPrimary: true }],
      identifiers: [],
      attributes: [],
    });
  });
});
