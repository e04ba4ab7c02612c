import type { SearchHit } from '@/api';
import { functionPathOf } from './paths';

/** Where a hit leads: the page the API names, or the document of the function its kind names, or the list of its kind. */
export function hitPath(hit: SearchHit): string {
  if (hit.kind === 'item') return `/admin/items?open=${hit.id}`;
  if (hit.kind === 'party') return `/customers/directory/${hit.id}`;
  if (hit.page?.startsWith('/') && !hit.page.startsWith('/api/')) return hit.page;
  if (hit.kind.includes('.')) return `${functionPathOf(hit.kind)}/${hit.id}`;
  return `/search?q=${encodeURIComponent(hit.title)}`;
}
