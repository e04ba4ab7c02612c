import { Select } from '@mantine/core';
import type { FunctionInfo } from '@/api';
import { useAddress } from '@/kit/address';
import { ChoicePicker } from '@/kit/ChoicePicker';
import { PeriodPicker } from '@/kit/PeriodPicker';
import type { PeriodCode } from '@/kit/period';
import { useSession } from '@/kit/session';
import { commonText, pageText } from '@/messages';
import classes from './DashboardView.module.css';

/** The dimensions by which a dashboard or an analysis is narrowed, kept in the address. */
export const drillKeys = ['from', 'to', 'branch', 'user', 'shift', 'category', 'item', 'party'] as const;

export function DrillChips({
  fn,
  keys = drillKeys,
  period = '30d',
  children,
}: {
  /** The function whose dimensions are offered; without one, the branch alone. */
  fn?: FunctionInfo;
  keys?: readonly string[];
  period?: PeriodCode;
  children?: React.ReactNode;
}) {
  const { session } = useSession();
  const { get, set } = useAddress();
  return (
    <div className={`${classes.drill} no-print`} role="group" aria-label={pageText.dashboard.drill}>
      <PeriodPicker fallback={period} />
      <Select
        aria-label={pageText.dimensions.branch}
        placeholder={pageText.dimensions.branch}
        data={session.branches.map((branch) => ({ value: branch.code, label: branch.name }))}
        value={get('branch') ?? null}
        onChange={(value) => set({ branch: value })}
        clearable
        w={150}
        clearButtonProps={{ 'aria-label': `${commonText.clear} ${pageText.dimensions.branch}` }}
      />
      {fn ? <DimensionPickers fn={fn} keys={keys} /> : null}
      {children}
    </div>
  );
}

/** A field for each dimension whose values are looked up by name: user, shift, category, item, customer. */
export function DimensionPickers({ fn, keys }: { fn: FunctionInfo; keys: readonly string[] }) {
  const { get, set } = useAddress();
  return fn.dimensions
    .filter((dimension) => dimension.choices !== undefined && keys.includes(dimension.key))
    .map((dimension) => (
      <ChoicePicker
        key={dimension.key}
        route={fn.route}
        kind={dimension.choices ?? ''}
        label={pageText.dimensions[dimension.key] ?? dimension.label}
        value={get(dimension.key)}
        onChange={(value) => set({ [dimension.key]: value })}
        w={150}
      />
    ));
}
