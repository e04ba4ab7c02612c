import { Button, Popover, Select, Stack } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconFilter } from '@tabler/icons-react';
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

/**
 * A field for each dimension whose values are looked up by name: user, shift, category, item, customer. Behind a button where
 * they would fill the screen.
 */
export function DimensionPickers({ fn, keys }: { fn: FunctionInfo; keys: readonly string[] }) {
  const { get, set } = useAddress();
  const narrow = useMediaQuery('(max-width: 62em)', false, { getInitialValueInEffect: false });
  const dimensions = fn.dimensions.filter((dimension) => dimension.choices !== undefined && keys.includes(dimension.key));
  const pickers = (visibleLabel: boolean) =>
    dimensions.map((dimension) => (
      <ChoicePicker
        key={dimension.key}
        route={fn.route}
        kind={dimension.choices ?? ''}
        label={pageText.dimensions[dimension.key] ?? dimension.label}
        visibleLabel={visibleLabel}
        withinPortal={!visibleLabel}
        value={get(dimension.key)}
        onChange={(value) => set({ [dimension.key]: value })}
        {...(visibleLabel ? {} : { w: 150 })}
      />
    ));
  if (!narrow) return pickers(false);
  const chosen = dimensions.filter((dimension) => get(dimension.key) !== undefined).length;
  return (
    <Popover position="bottom-start" shadow="md" width={280} trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconFilter size={16} />}>
          {pageText.dashboard.drill}
          {chosen > 0 ? ` (${chosen})` : ''}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">{pickers(true)}</Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
