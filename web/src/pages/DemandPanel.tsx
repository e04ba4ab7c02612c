import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { useNavigate } from 'react-router';
import { type Demand, operations } from '@/api';
import { useAddress } from '@/kit/address';
import { LineChart } from '@/kit/charts';
import { formatCell, formatRate } from '@/kit/format';
import { pagePath } from '@/kit/paths';
import { EmptyState, QueryState } from '@/kit/states';
import { centreText } from '@/messages';
import { busyHours, hourText } from './centre';

const text = centreText.demand;

/** Today by hour, with what is usual for the weekday behind it. */
export function DemandPanel({ branch }: { branch: string | undefined }) {
  const demand = useQuery({
    queryKey: ['operations', 'demand', branch],
    queryFn: ({ signal }) => operations.demand({ branch }, signal),
    refetchInterval: 5 * 60_000,
    retry: false,
    placeholderData: (before) => before,
  });
  if (demand.data && demand.data.series.length > 0) return <DemandChart data={demand.data} />;
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.title}</h2>
      </div>
      <QueryState query={demand}>{() => <EmptyState title={text.none} />}</QueryState>
    </section>
  );
}

function DemandChart({ data }: { data: Demand }) {
  const { get, set } = useAddress();
  const navigate = useNavigate();
  const series = data.series.find((one) => one.function === get('demand')) ?? data.series[0]!;
  const chart = useMemo(() => {
    const hours = busyHours(series);
    return {
      labels: hours.map((hour) => hourText(hour.hour)),
      series: [
        { name: text.today, values: hours.map((hour) => (hour.value === undefined ? null : Number(hour.value))), area: true },
        { name: text.usual, values: hours.map((hour) => Number(hour.usual)), dashed: true },
      ],
    };
  }, [series]);
  const open = useCallback(() => navigate(pagePath(series.drill.page, undefined, series.drill.query)), [navigate, series]);
  const [until, now] = [hourText(data.hour), formatCell(series.soFar, series.type)];
  const change =
    series.changeRate === undefined ? '' : `${Number(series.changeRate) > 0 ? '+' : ''}${formatRate(series.changeRate, undefined, 0)}`;
  return (
    <LineChart
      title={`${text.title}: ${series.name}, ${series.label}`}
      sentence={
        series.weeks > 0
          ? text.compared(until, now, formatCell(series.usualSoFar, series.type), change, series.weeks)
          : text.unusual(until, now)
      }
      type={series.type}
      {...chart}
      height={220}
      onPoint={open}
      tools={
        data.series.length > 1 ? (
          <Select
            size="xs"
            aria-label={text.function}
            value={series.function}
            onChange={(value) => set({ demand: value }, true)}
            data={data.series.map((one) => ({ value: one.function, label: one.name }))}
            allowDeselect={false}
          />
        ) : undefined
      }
    />
  );
}
