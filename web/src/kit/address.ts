import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

/** What a page shows is in its address: filters, tab, sort, page. These read and write it. */

export type AddressValues = Record<string, string>;

/** Keys that move through pages rather than choose rows; a changed filter starts again at the first page. */
const pagingKeys = ['after', 'page'];

/** The new query text after `changes`: empty values leave the address, a changed filter drops the page. */
export function changeAddress(current: URLSearchParams, changes: Record<string, string | undefined | null>): URLSearchParams {
  const next = new URLSearchParams(current);
  const touchesFilter = Object.keys(changes).some((key) => !pagingKeys.includes(key));
  if (touchesFilter) for (const key of pagingKeys) if (!(key in changes)) next.delete(key);
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined || value === null || value === '') next.delete(key);
    else next.set(key, value);
  }
  return next;
}

export function readAddress(params: URLSearchParams, keys?: readonly string[]): AddressValues {
  const values: AddressValues = {};
  for (const [key, value] of params) if (value !== '' && (keys === undefined || keys.includes(key))) values[key] = value;
  return values;
}

export function useAddress() {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (changes: Record<string, string | undefined | null>, replace = false) =>
      setParams((current) => changeAddress(current, changes), { replace }),
    [setParams],
  );
  const all = useMemo(() => readAddress(params), [params]);
  return { params, all, get: (key: string) => params.get(key) ?? undefined, set };
}

/** `-businessDate` for descending; choosing the same column again turns it round, a third time takes it away. */
export function nextSort(current: string | undefined, column: string): string | undefined {
  if (current === column) return `-${column}`;
  if (current === `-${column}`) return undefined;
  return column;
}

export function withQuery(path: string, query: Record<string, unknown> | undefined): string {
  const text = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {}))
    if (value !== undefined && value !== null && value !== '') text.set(key, String(value));
  const search = text.toString();
  return search === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${search}`;
}
