import { useEffect } from 'react';
import { useLocation } from 'react-router';
import { reports } from '@/api';

/** How long somebody stays on a page before it counts as visited. */
const settleMs = 2_500;

/** Notes the pages that somebody stays on, so that they find back on any device. Losing one loses a convenience, never work. */
export function useRecents(): void {
  const { pathname, search } = useLocation();
  useEffect(() => {
    if (pathname === '/' || pathname === '/reports' || pathname === '/search') return;
    const later = setTimeout(() => {
      const title = document.title.replace(/ · Plug1$/, '').trim();
      const query = new URLSearchParams(search);
      query.delete('after');
      query.delete('page');
      const kept = query.toString();
      if (title !== '')
        void reports.visit({ page: kept === '' ? pathname : `${pathname}?${kept}`, title: titled(title, pathname) }).catch(() => undefined);
    }, settleMs);
    return () => clearTimeout(later);
  }, [pathname, search]);
}

/** Pages of one function share its name; what part of it they are is in the address. */
function titled(title: string, pathname: string): string {
  const [, , , part, report] = pathname.split('/');
  return part && ['list', 'reports', 'analytics', 'approvals'].includes(part)
    ? `${title}: ${(report ?? part).replaceAll('-', ' ')}`
    : title;
}
