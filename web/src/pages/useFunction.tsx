import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, useLocation, useParams } from 'react-router';
import type { FunctionInfo } from '@/api';
import { Page, type PageTab } from '@/kit/Page';
import { functionPath, pagePath } from '@/kit/paths';
import { findFunction, useMeta, useSession } from '@/kit/session';
import { EmptyState, ErrorState, ForbiddenState, LoadingState } from '@/kit/states';
import { commonText, pageText } from '@/messages';
import { extensionOf } from '@/modules/extensions';

/** The function that the address names, as the API describes it; or the state to show in its place. */
export function useFunction(): { fn: FunctionInfo; moduleName: string } | { state: ReactNode } {
  const params = useParams();
  // A page made by hand has its function in its address as plain text, not as parameters.
  const [, first, second] = useLocation().pathname.split('/');
  const { module = first, slug = second } = params;
  const meta = useMeta();
  const { can } = useSession();
  if (meta.data === undefined)
    return { state: meta.isError ? <ErrorState error={meta.error} retry={() => void meta.refetch()} /> : <LoadingState rows={8} /> };
  const fn = findFunction(meta.data, module, slug);
  if (fn === undefined) {
    const permission = `${module}.${slug}.view`;
    return {
      state: can(permission) ? (
        <EmptyState title={commonText.error.notFound}>{commonText.error.notFoundHint}</EmptyState>
      ) : (
        <ForbiddenState permission={permission} />
      ),
    };
  }
  return { fn, moduleName: meta.data.modules.find((item) => item.code === module)?.name ?? '' };
}

export function functionTabs(fn: FunctionInfo): PageTab[] {
  const base = functionPath(fn);
  const standard = Object.entries(pageText.tabs).map(([slug, label]) => ({
    label,
    to: slug === 'dashboard' ? base : `${base}/${slug}`,
    end: slug === 'dashboard',
  }));
  const own = (extensionOf(fn.code)?.tabs ?? []).map((tab) => ({ label: tab.label, to: `${base}/${tab.slug}` }));
  return [standard[0]!, ...own, ...standard.slice(1)];
}

/** A page of a function's workspace: its name, its tabs, its first quick action as the primary one. */
export function FunctionPage({
  title,
  children,
  actions,
}: {
  title?: string;
  children: (fn: FunctionInfo) => ReactNode;
  actions?: ReactNode;
}) {
  const found = useFunction();
  const { can } = useSession();
  if ('state' in found) return <Page title={title ?? ''}>{found.state}</Page>;
  const { fn, moduleName } = found;
  const primary = fn.quickActions.find((action) => !action.permission || can(action.permission));
  return (
    <Page
      title={fn.name}
      sub={fn.summary}
      crumbs={[{ label: moduleName, to: `/${fn.module}` }]}
      tabs={functionTabs(fn)}
      actions={
        <>
          {actions}
          {primary ? (
            <Button component={Link} to={pagePath(primary.page, fn)}>
              {primary.label}
            </Button>
          ) : null}
        </>
      }
    >
      {children(fn)}
    </Page>
  );
}
