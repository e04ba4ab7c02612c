import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconArrowRight, IconBolt, IconFileText, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { adminPages } from '@/admin/pages';
import { operations } from '@/api';
import { pageText, shellText } from '@/messages';
import { humanise } from '../format';
import { functionPath, pagePath } from '../paths';
import { hitPath } from '../search';
import { useMeta, useSession } from '../session';

/** Ctrl+K: any page, any quick action, any document or record by number or name. */
export function CommandPalette() {
  const navigate = useNavigate();
  const { can } = useSession();
  const meta = useMeta().data;
  const [query, setQuery] = useState('');
  const [later] = useDebouncedValue(query.trim(), 180);
  const hits = useQuery({
    queryKey: ['search', later],
    queryFn: ({ signal }) => operations.search(later, signal),
    enabled: later.length >= 2,
    staleTime: 30_000,
    retry: false,
  });

  const own = useMemo(() => {
    const text = shellText.nav;
    const page = (label: string, to: string, description?: string): SpotlightActionData => ({
      id: `page:${to}`,
      label,
      ...(description ? { description } : {}),
      leftSection: <IconArrowRight size={17} />,
      onClick: () => navigate(to),
    });
    const pages = [
      page(text.operations, '/'),
      page(text.approvals, '/approvals'),
      page(text.exceptions, '/exceptions'),
      page(text.reports, '/reports'),
      page(text.analytics, '/analytics'),
      page(text.activity, '/activity'),
      page(text.audit, '/audit'),
    ];
    const actions: SpotlightActionData[] = [];
    for (const module of meta?.modules ?? []) {
      pages.push(page(module.name, `/${module.code}`));
      for (const fn of module.functions) {
        const base = functionPath(fn);
        pages.push(page(fn.name, base, module.name));
        for (const [slug, label] of Object.entries(pageText.tabs))
          if (slug !== 'dashboard') pages.push(page(`${fn.name}: ${label}`, `${base}/${slug}`, module.name));
        for (const action of fn.quickActions)
          if (!action.permission || can(action.permission))
            actions.push({
              id: `action:${fn.code}:${action.code}`,
              label: action.label,
              description: fn.name,
              leftSection: <IconBolt size={17} />,
              onClick: () => navigate(pagePath(action.page, fn)),
            });
      }
    }
    for (const item of adminPages) if (can(item.permission)) pages.push(page(item.title, `/admin/${item.slug}`, text.administration));
    return { pages, actions };
  }, [meta, navigate, can]);

  const matches = (item: SpotlightActionData) =>
    `${item.label} ${item.description ?? ''}`.toLowerCase().includes(query.trim().toLowerCase());
  const groups: SpotlightActionGroupData[] = [];
  const found: SpotlightActionData[] =
    later.length < 2
      ? []
      : (hits.data?.items ?? []).slice(0, 8).map((hit) => ({
          id: `hit:${hit.kind}:${hit.id}`,
          label: hit.title,
          description: [humanise(hit.kind), hit.subtitle].filter(Boolean).join(' · '),
          leftSection: <IconFileText size={17} />,
          onClick: () => navigate(hitPath(hit)),
        }));
  if (query.trim().length >= 2)
    found.push({
      id: 'search-all',
      label: shellText.palette.searchAll(query.trim()),
      leftSection: <IconSearch size={17} />,
      onClick: () => navigate(`/search?q=${encodeURIComponent(query.trim())}`),
    });
  const actions = own.actions.filter(matches).slice(0, 6);
  const pages = own.pages.filter(matches).slice(0, query === '' ? 8 : 7);
  if (actions.length > 0) groups.push({ group: shellText.palette.actions, actions });
  if (pages.length > 0) groups.push({ group: shellText.palette.pages, actions: pages });
  if (found.length > 0) groups.push({ group: shellText.palette.documents, actions: found });

  return (
    <Spotlight
      actions={groups}
      filter={(_, all) => all}
      query={query}
      onQueryChange={setQuery}
      shortcut={['mod + K']}
      nothingFound={hits.isFetching ? shellText.palette.searching : shellText.palette.nothing}
      highlightQuery
      scrollable
      maxHeight={460}
      searchProps={{ leftSection: <IconSearch size={18} />, placeholder: shellText.searchLong, 'aria-label': shellText.searchLong }}
    />
  );
}
