import { useQuery } from '@tanstack/react-query';
import { type Dashboard, operations } from '@/api';
import { type AddressValues, readAddress, useAddress } from '@/kit/address';
import { KpiGridSkeleton } from '@/kit/KpiGrid';
import { Page } from '@/kit/Page';
import { periodOf } from '@/kit/period';
import { useSession, useToday } from '@/kit/session';
import { QueryState } from '@/kit/states';
import { pageText } from '@/messages';
import { ActionHub } from './ActionHub';
import { DashboardView } from './DashboardView';
import { DemandPanel } from './DemandPanel';
import { DrillChips, drillKeys } from './DrillChips';
import { Navigator } from './Navigator';
import { StatusStrip } from './StatusStrip';

/** The whole on one page: figures first, then what needs someone, then how it moves. */
export function Component() {
  const { session } = useSession();
  const today = useToday();
  const { params } = useAddress();
  const query: AddressValues = { ...periodOf('30d', today), ...readAddress(params, drillKeys) };
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
  return (
    <Page title={pageText.dashboard.operationsTitle} sub={pageText.dashboard.operationsSub(session.company.name)}>
      <StatusStrip branch={query.branch} exceptions={summary.data && withAlerts(summary.data, alerts.data).exceptions} />
      <DrillChips />
      <QueryState query={summary} loading={<KpiGridSkeleton count={8} />}>
        {(data) => (
          <>
            <DashboardView data={withAlerts(data, alerts.data)} lead={<DemandPanel branch={query.branch} />} waiting={<ActionHub />} />
            <Navigator kpis={data.kpis} />
          </>
        )}
      </QueryState>
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
