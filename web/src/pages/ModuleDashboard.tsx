import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { operations } from '@/api';
import { readAddress, useAddress } from '@/kit/address';
import { KpiGridSkeleton } from '@/kit/KpiGrid';
import { Page } from '@/kit/Page';
import { functionPath } from '@/kit/paths';
import { periodOf } from '@/kit/period';
import { useMeta, useToday } from '@/kit/session';
import { functionIcon } from '@/kit/shell/icons';
import { EmptyState, LoadingState, QueryState } from '@/kit/states';
import { commonText, pageText } from '@/messages';
import { DashboardView } from './DashboardView';
import classes from './DashboardView.module.css';
import { DrillChips, drillKeys } from './DrillChips';

export function Component() {
  const { module: code = '' } = useParams();
  const meta = useMeta();
  const today = useToday();
  const { params } = useAddress();
  const query = { ...periodOf('30d', today), ...readAddress(params, drillKeys) };
  const module = meta.data?.modules.find((item) => item.code === code);
  const dashboard = useQuery({
    queryKey: ['module', code, query],
    queryFn: () => operations.module(code, query),
    enabled: module !== undefined,
    placeholderData: (before) => before,
  });
  if (meta.data === undefined)
    return (
      <Page title={commonText.loading}>
        <LoadingState />
      </Page>
    );
  if (module === undefined)
    return (
      <Page title={commonText.error.notFound}>
        <EmptyState title={commonText.error.notFound}>{commonText.error.notFoundHint}</EmptyState>
      </Page>
    );
  return (
    <Page title={module.name} crumbs={[{ label: pageText.dashboard.operationsTitle, to: '/' }]}>
      <DrillChips />
      <QueryState query={dashboard} loading={<KpiGridSkeleton count={8} />}>
        {(data) => <DashboardView data={data} />}
      </QueryState>
      <section aria-label={pageText.dashboard.functions} className={classes.modules}>
        {module.functions.map((fn) => {
          const Icon = functionIcon(fn.code);
          return (
            <Link key={fn.code} to={functionPath(fn)} className={`panel plain ${classes.module}`}>
              <Icon size={20} stroke={1.7} aria-hidden />
              <span>
                <span className="strong">{fn.name}</span>
                <br />
                <span className="dim small">{fn.summary}</span>
              </span>
            </Link>
          );
        })}
      </section>
    </Page>
  );
}
