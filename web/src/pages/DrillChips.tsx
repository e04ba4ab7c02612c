import { Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useAddress } from '@/kit/address';
import { PeriodPicker } from '@/kit/PeriodPicker';
import type { PeriodCode } from '@/kit/period';
import { useSession } from '@/kit/session';
import { commonText, pageText } from '@/messages';
import classes from './DashboardView.module.css';

/** The dimensions by which a dashboard or an analysis is narrowed, kept in the address. */
export const drillKeys = ['from', 'to', 'branch', 'user', 'shift', 'category', 'item'] as const;

export function DrillChips({
  dimensions,
  period = '30d',
  children,
}: {
  dimensions: string[];
  period?: PeriodCode;
  children?: React.ReactNode;
}) {
  const { session } = useSession();
  const { get, set } = useAddress();
  const later = useDebouncedCallback((key: string, value: string) => set({ [key]: value }, true), 350);
  return (
    <div className={`${classes.drill} no-print`} role="group" aria-label={pageText.dashboard.drill}>
      <PeriodPicker fallback={period} />
      {dimensions.includes('branch') ? (
        <Select
          aria-label={pageText.dimensions.branch}
          placeholder={pageText.dimensions.branch}
          data={session.branches.map((branch) => ({ value: branch.code, label: branch.name }))}
          value={get('branch') ?? null}
          onChange={(value) => set({ branch: value })}
          clearable
          w={170}
          clearButtonProps={{ 'aria-label': `${commonText.clear} ${pageText.dimensions.branch}` }}
        />
      ) : null}
      {dimensions
        .filter((key) => key !== 'branch' && (drillKeys as readonly string[]).includes(key))
        .map((key) => (
          <TextInput
            key={`${key}:${get(key) ?? ''}`}
            aria-label={pageText.dimensions[key] ?? key}
            placeholder={pageText.dimensions[key] ?? key}
            defaultValue={get(key) ?? ''}
            onChange={(event) => later(key, event.currentTarget.value.trim())}
            w={120}
          />
        ))}
      {children}
    </div>
  );
}
