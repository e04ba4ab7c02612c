import { Skeleton } from '@mantine/core';
import type { FunctionInfo, Kpi } from '@/api';
import { KpiCard } from './KpiCard';
import classes from './KpiCard.module.css';
import { pagePath } from './paths';

export function KpiGrid({ kpis, fn }: { kpis: Kpi[]; fn?: FunctionInfo | undefined }) {
  return (
    <div className={classes.grid}>
      {kpis.map((kpi) => (
        <KpiCard key={kpi.key} kpi={kpi} to={kpi.drill ? pagePath(kpi.drill.page, fn, kpi.drill.query) : undefined} />
      ))}
    </div>
  );
}

export function KpiGridSkeleton({ count = 6 }: { count?: number }) {
  return (
    <div className={classes.grid} aria-busy="true">
      {Array.from({ length: count }, (_, index) => (
        <Skeleton key={index} height={98} radius="lg" />
      ))}
    </div>
  );
}
