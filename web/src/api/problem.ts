/** RFC 9457 problem details as the API answers them; every failed call is thrown as one of these. */
export interface FieldProblem {
  pointer?: string;
  code: string;
  detail?: string;
}

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly errors: FieldProblem[];
  readonly incident: string | undefined;
  readonly permission: string | undefined;
  /** Everything else the answer carried, such as `roles` of `APPROVAL_REQUIRED` or the new calculation of `TOTAL_CHANGED`. */
  readonly more: Record<string, unknown>;

  constructor(status: number, body: Record<string, unknown>) {
    const title = textOf(body.title) ?? `HTTP ${status}`;
    super(textOf(body.detail) ?? title);
    this.name = 'Problem';
    this.status = status;
    this.title = title;
    this.code = textOf(body.code) ?? (status === 0 ? 'OFFLINE' : `HTTP_${status}`);
    this.detail = textOf(body.detail);
    this.errors = Array.isArray(body.errors) ? (body.errors as FieldProblem[]) : [];
    this.incident = textOf(body.incident);
    this.permission = textOf(body.permission);
    this.more = body;
  }

  /** No answer came: the network is cut or the server is down. A retry with the same key is safe. */
  get offline(): boolean {
    return this.status === 0;
  }

  /** Whether the same call may be sent again unchanged: nothing answered, or the server said it was busy or broken. */
  get retryable(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.length > 0 ? value : undefined;
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new Problem(500, { title: 'Unexpected error', detail, code: 'CLIENT_ERROR' });
}

/** `/lines/2/quantity` to `lines.2.quantity`, the path that forms use; tolerates `#/` and escaped slashes. */
export function pointerToPath(pointer: string): string {
  return pointer
    .replace(/^#/, '')
    .split('/')
    .filter((part) => part !== '')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.');
}

/**
 * Sorts the errors of a problem into those that belong to a field of the form and those that must be told above it.
 * @param fields names of the form's fields; an error of `lines.0.quantity` belongs to it or else to `lines`.
 */
export function errorsByField(problem: Problem, fields: readonly string[]): { fields: Record<string, string>; form: string[] } {
  const byField: Record<string, string> = {};
  const form: string[] = [];
  for (const error of problem.errors) {
    const text = error.detail ?? error.code;
    const path = pointerToPath(error.pointer ?? '');
    const field = fields.find((name) => path === name) ?? fields.find((name) => path.startsWith(`${name}.`));
    if (field === undefined) form.push(text);
    else byField[field] = byField[field] === undefined ? text : `${byField[field]} ${text}`;
  }
  if (problem.errors.length === 0) form.push(problem.detail ?? problem.title);
  return { fields: byField, form };
}
