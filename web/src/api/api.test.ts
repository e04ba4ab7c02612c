import { afterEach, describe, expect, it, vi } from 'vitest';
import { fetchFile, http, setBranch, setCsrfToken } from './http';
import { asProblem, errorsByField, Problem, pointerToPath } from './problem';
import { uuid7 } from './uuid';

describe('problem details', () => {
  const problem = new Problem(422, {
    title: 'Refused',
    code: 'VALIDATION',
    errors: [
      { pointer: '/lines/2/quantity', code: 'QUANTITY_INVALID', detail: 'At most 3 decimals.' },
      { pointer: '/name', code: 'REQUIRED', detail: 'Give a name.' },
      { pointer: '/elsewhere', code: 'ODD' },
    ],
  });
  it('brings each error to its field, and the rest above the form', () => {
    expect(errorsByField(problem, ['name', 'lines'])).toEqual({
      fields: { lines: 'At most 3 decimals.', name: 'Give a name.' },
      form: ['ODD'],
    });
  });
  it('says the sentence when there are no fields', () => {
    expect(errorsByField(new Problem(409, { title: 'Conflict', detail: 'Only 1 left.' }), []).form).toEqual(['Only 1 left.']);
  });
  it('reads pointers with escapes', () => {
    expect(pointerToPath('#/a~1b/0/c~0d')).toBe('a/b.0.c~d');
  });
  it('knows what may be sent again', () => {
    expect(new Problem(0, {}).retryable).toBe(true);
    expect(new Problem(503, {}).retryable).toBe(true);
    expect(new Problem(429, {}).retryable).toBe(true);
    expect(new Problem(422, {}).retryable).toBe(false);
    expect(new Problem(403, { permission: 'a.b.view' }).permission).toBe('a.b.view');
    expect(asProblem(new Error('x')).code).toBe('CLIENT_ERROR');
  });
});

describe('calls', () => {
  afterEach(() => vi.unstubAllGlobals());
  const answerWith = (status: number, body: unknown) => {
    const fetched = vi.fn(
      async (_request: Request) => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } }),
    );
    vi.stubGlobal('fetch', fetched);
    return fetched;
  };

  it('sends branch, antiforgery token, version and the given key', async () => {
    const fetched = answerWith(200, { ok: true });
    setBranch('HQ');
    setCsrfToken('token');
    await http.post('/sales/x', { a: 1 }, { idempotencyKey: 'key-1', version: 4 });
    const request = fetched.mock.calls[0]![0];
    expect(new URL(request.url).pathname).toBe('/api/v1/sales/x');
    expect(request.headers.get('x-branch')).toBe('HQ');
    expect(request.headers.get('x-csrf-token')).toBe('token');
    expect(request.headers.get('idempotency-key')).toBe('key-1');
    expect(request.headers.get('if-match')).toBe('"4"');
    answerWith(422, { title: 'No', code: 'STOCK_SHORT' });
    await expect(http.get('/api/v1/sales/x')).rejects.toMatchObject({ code: 'STOCK_SHORT', status: 422 });
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')));
    await expect(http.get('/sales/x')).rejects.toMatchObject({ code: 'OFFLINE', offline: true });
  });
  it('fetches a file under the name that the server gives it, and tells a refusal as a problem', async () => {
    const fetched = vi.fn(
      async (_request: Request) =>
        new Response('a,b', { headers: { 'Content-Disposition': 'attachment; filename="daily-2026-01-01.csv"' } }),
    );
    vi.stubGlobal('fetch', fetched);
    const { blob, name } = await fetchFile('/sales/x/reports/daily', { format: 'csv', branch: undefined, from: '2026-01-01' });
    expect([name, await blob.text()]).toEqual(['daily-2026-01-01.csv', 'a,b']);
    expect(new URL(fetched.mock.calls[0]![0].url).search).toBe('?format=csv&from=2026-01-01');
    answerWith(422, { title: 'No', code: 'EXPORT_TOO_LARGE', detail: 'Too many rows.' });
    await expect(fetchFile('/sales/x', { format: 'pdf' })).rejects.toMatchObject({ code: 'EXPORT_TOO_LARGE', status: 422 });
  });
});

describe('ids made on the device', () => {
  it('are version 7, in order, and never the same', () => {
    const made = Array.from({ length: 5000 }, () => uuid7(1_700_000_000_000));
    expect(made[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(made).size).toBe(5000);
    expect([...made].sort()).toEqual(made);
  });
});
