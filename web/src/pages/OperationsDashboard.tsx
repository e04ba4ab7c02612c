import { useQuery } from '@tanstack/react-query';
import { type Dashboard, operations, type Trends } from '@/api';
import { readAddress, useAddress } from '@/kit/address';
import { LineChart } from '@/kit/charts';
import { KpiGridSkeleton } from '@/kit/KpiGrid';
import { Page } from '@/kit/Page';
import { periodOf } from '@/kit/period';
import { useSession } from '@/kit/session';
import { QueryState } from '@/kit/states';
import { pageText } from '@/messages';
import { DashboardView } from './DashboardView';
import classes from './DashboardView.module.css';
import { DrillChips, drillKeys } from './DrillChips';

/** The whole on one page: figures first, then what needs someone, then how it moves. */
export function Component() {
  const { session } = useSession();
  const { params } = useAddress();
  const query = { ...periodOf('30d'), ...readAddress(params, drillKeys) };
  const summary = useQuery({
    queryKey: ['operations', 'summary', query],
    queryFn: () => operations.summary(query),
    placeholderData: (before) => before,
  });
  const alerts = useQuery({
    queryKey: ['operations', 'alerts', query],
    queryFn: () => operations.alerts(query),
    retry: false,
    placeholderData: (before) => before,
  });
  const trends = useQuery({
    queryKey: ['operations', 'trends', query],
    queryFn: () => operations.trends(query),
    retry: false,
    placeholderData: (before) => before,
  });
  return (
    <Page title={pageText.dashboard.operationsTitle} sub={pageText.dashboard.operationsSub(session.company.name)}>
      <DrillChips />
      <QueryState query={summary} loading={<KpiGridSkeleton count={8} />}>
        {(data) => <DashboardView data={withAlerts(data, alerts.data)} />}
      </QueryState>
      <TrendPanels trends={trends.data} />
    </Page>
  );
}

/** The summary may leave the exceptions to the alerts call; then they are taken from there. */
function withAlerts(
  data: Dashboard,
  alerts: { items?: NonNullable<Dashboard['exceptions']>['top']; exceptions?: Dashboard['exceptions'] } | undefined,
): Dashboard {
  if (data.exceptions !== undefined || alerts === undefined) return data;
  if (alerts.exceptions !== undefined) return { ...data, exceptions: alerts.exceptions };
  const top = alerts.items ?? [];
  const count = (severity: string) => top.filter((item) => item.severity === severity).length;
  return { ...data, exceptions: { critical: count('critical'), high: count('high'), medium: count('medium'), low: count('low'), top } };
}

function TrendPanels({ trends }: { trends: Trends | undefined }) {
  const series = trends?.series ?? [];
  if (series.length === 0) return null;
  return (
    <div className={classes.columns} style={{ gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 24rem), 1fr))' }}>
      {series.map((item) => (
        <LineChart
          key={item.key}
          title={item.label}
          type={item.type}
          labels={item.points.map((point) => point.date)}
          series={[{ name: item.label, values: item.points.map((point) => Number(point.value)), area: true }]}
          height={200}
        />
      ))}
    </div>
  );
}
