import { useQuery } from '@tanstack/react-query';
import { type FunctionInfo, functions } from '@/api';
import { readAddress, useAddress } from '@/kit/address';
import { KpiGridSkeleton } from '@/kit/KpiGrid';
import { periodOf } from '@/kit/period';
import { useToday } from '@/kit/session';
import { QueryState } from '@/kit/states';
import { DashboardView } from './DashboardView';
import { DrillChips, drillKeys } from './DrillChips';
import { FunctionPage } from './useFunction';

export function Component() {
  return <FunctionPage>{(fn) => <FunctionDashboard fn={fn} />}</FunctionPage>;
}

function FunctionDashboard({ fn }: { fn: FunctionInfo }) {
  const today = useToday();
  const { params } = useAddress();
  const query = { ...periodOf('30d', today), ...readAddress(params, drillKeys) };
  const dashboard = useQuery({
    queryKey: [fn.code, 'dashboard', query],
    queryFn: ({ signal }) => functions.dashboard(fn.route, query, signal),
    placeholderData: (before) => before,
  });
  return (
    <>
      <DrillChips fn={fn} />
      <QueryState query={dashboard} loading={<KpiGridSkeleton count={8} />}>
        {(data) => <DashboardView data={data} fn={fn} />}
      </QueryState>
    </>
  );
}
