import createClient, { type Middleware } from 'openapi-fetch';
import { Problem } from './problem';
import type { Query } from './types';
import { uuid7 } from './uuid';

/**
 * The one place that speaks HTTP. It adds what every call needs (branch, antiforgery token, idempotency key, version),
 * turns every failure into a {@link Problem} and tells the shell when the server cannot be reached or the session ended.
 */

type AnyOperation = {
  parameters: { query?: Query; header?: Record<string, string> };
  requestBody?: { content: { 'application/json': unknown } };
  responses: { 200: { content: { 'application/json': unknown } } };
};
type AnyPaths = Record<string, Record<'get' | 'post' | 'put' | 'patch' | 'delete', AnyOperation>>;

const context = { branch: undefined as string | undefined, csrfToken: undefined as string | undefined };

export function setBranch(code: string | undefined): void {
  context.branch = code;
}
export function setCsrfToken(token: string | undefined): void {
  context.csrfToken = token;
}

type Listener = (event: 'online' | 'offline' | 'signed-out') => void;
const listeners = new Set<Listener>();
export function onConnection(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
function tell(event: 'online' | 'offline' | 'signed-out') {
  for (const listener of listeners) listener(event);
}

const headers: Middleware = {
  onRequest({ request }) {
    if (context.branch !== undefined) request.headers.set('X-Branch', context.branch);
    if (context.csrfToken !== undefined && request.method !== 'GET') request.headers.set('X-Csrf-Token', context.csrfToken);
    return request;
  },
};

const client = createClient<AnyPaths>({
  baseUrl: typeof location === 'undefined' ? 'http://localhost' : '/',
  credentials: 'same-origin',
  fetch: (request) => globalThis.fetch(request),
});
client.use(headers);

export interface CallOptions {
  query?: Query;
  body?: unknown;
  /** The key under which this attempt may be repeated without happening twice; made anew for each POST when absent. */
  idempotencyKey?: string;
  version?: number | string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  as?: 'json' | 'text' | 'blob';
  /** The body is a file, sent as it stands. */
  file?: boolean;
}

export const apiRoot = '/api/v1';

/** Paths are written below `/api/v1`; a full route such as a function's own `route` is taken as it stands. */
export function fullPath(path: string): string {
  return path.startsWith(`${apiRoot}/`) ? path : `${apiRoot}${path}`;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

async function call<T>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
  return (await answered<T>(method, path, options)).data;
}

async function answered<T>(method: Method, path: string, options: CallOptions = {}): Promise<{ data: T; response: Response }> {
  const header: Record<string, string> = { ...options.headers };
  if (method === 'POST') header['Idempotency-Key'] = options.idempotencyKey ?? uuid7();
  if (options.file) header['Content-Type'] = 'application/octet-stream';
  if (options.version !== undefined) header['If-Match'] = `"${options.version}"`;
  const query = Object.fromEntries(Object.entries(options.query ?? {}).filter(([, value]) => value !== undefined && value !== ''));
  const operation = client[method] as unknown as (
    path: string,
    init: Record<string, unknown>,
  ) => Promise<{ data?: unknown; error?: unknown; response: Response }>;
  let answer: { data?: unknown; error?: unknown; response: Response };
  try {
    answer = await operation(fullPath(path), {
      params: { query },
      headers: header,
      ...(options.body === undefined ? {} : { body: options.body }),
      ...(options.file ? { bodySerializer: (body: unknown) => body } : {}),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      parseAs: options.as ?? 'json',
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    if (!(error instanceof TypeError)) throw error;
    tell('offline');
    throw new Problem(0, { title: 'No connection', detail: 'The server cannot be reached.', code: 'OFFLINE' });
  }
  if (answer.response.ok) {
    tell('online');
    return { data: answer.data as T, response: answer.response };
  }
  const status = answer.response.status;
  // A gateway that finds no server behind it is, for the person in front of the page, no connection.
  if (status === 502 || status === 503 || status === 504) tell('offline');
  const body = typeof answer.error === 'object' && answer.error !== null ? (answer.error as Record<string, unknown>) : {};
  const problem = new Problem(status, body);
  if (status === 401 && problem.code === 'SIGN_IN_REQUIRED') tell('signed-out');
  throw problem;
}

export const http = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) =>
    call<T>('GET', path, { ...(query ? { query } : {}), ...(signal ? { signal } : {}) }),
  text: (path: string, query?: Query) => call<string>('GET', path, { ...(query ? { query } : {}), as: 'text' }),
  post: <T>(path: string, body?: unknown, options?: CallOptions) => call<T>('POST', path, { ...options, body: body ?? {} }),
  /** Sends a file as it is; the body of every other call is JSON. */
  upload: <T = unknown>(path: string, query: Query, file: Blob) => call<T>('POST', path, { query, body: file, file: true }),
  put: <T>(path: string, body?: unknown, options?: CallOptions) => call<T>('PUT', path, { ...options, body: body ?? {} }),
  patch: <T>(path: string, body: unknown, options?: CallOptions) => call<T>('PATCH', path, { ...options, body }),
  delete: <T>(path: string, options?: CallOptions) => call<T>('DELETE', path, options),
};

/** A file with the name that the server gives it. It is fetched rather than linked to, so that a refusal can be told in words. */
export async function fetchFile(path: string, query: Query): Promise<{ blob: Blob; name: string }> {
  const { data, response } = await answered<Blob>('GET', path, { query, as: 'blob' });
  const name = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1];
  return { blob: data, name: name ?? 'export' };
}
