import type { FunctionInfo, Meta } from '@/api';
import { withQuery } from './address';

/** Where things are in the address of the application. */

export function functionPath(fn: Pick<FunctionInfo, 'module' | 'slug'>): string {
  return `/${fn.module}/${fn.slug}`;
}

/** `sales.point-of-sale` to `/sales/point-of-sale`. */
export function functionPathOf(code: string): string {
  const [module, ...rest] = code.split('.');
  return `/${module}/${rest.join('.')}`;
}

export function documentPath(functionCode: string, id: string): string {
  return `${functionPathOf(functionCode)}/${id}`;
}

/**
 * The address of a `page` that the API names: an absolute path stands as it is, anything else is a page of the function
 * (`list`, `reports/daily`, `register`). Without a function it is a page of the application.
 */
export function pagePath(page: string, fn?: Pick<FunctionInfo, 'module' | 'slug'>, query?: Record<string, unknown>): string {
  const path = page.startsWith('/')
    ? page
    : fn === undefined
      ? `/${page}`
      : page === 'dashboard' || page === ''
        ? functionPath(fn)
        : `${functionPath(fn)}/${page}`;
  return withQuery(path, query);
}

export function functionName(meta: Meta | undefined, code: string): string | undefined {
  return meta?.modules.flatMap((module) => module.functions).find((candidate) => candidate.code === code)?.name;
}
