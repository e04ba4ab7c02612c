import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Choice, functions } from '@/api';
import { commonText } from '@/messages';

const keep = 5 * 60_000;

/** The names behind the values of a filter, such as the ids of users; the values themselves until they are known. */
export function useChoiceName(route: string, kind: string, value: string): string {
  const names = useQuery({
    queryKey: ['choices', route, kind, 'names', value],
    queryFn: () => functions.choiceNames(route, kind, value),
    enabled: value !== '',
    staleTime: keep,
    retry: false,
  });
  return names.data?.items.map((item) => item.label).join(', ') ?? (names.isError ? value : '…');
}

export function ChoiceName({ route, kind, value }: { route: string; kind: string; value: string }) {
  return <>{useChoiceName(route, kind, value)}</>;
}

/** Chooses a person, a shift, an item and the like by name; what is typed is looked up on the server. */
export function ChoicePicker({
  route,
  kind,
  value,
  onChange,
  label,
  visibleLabel = false,
  w,
  size = 'sm',
  withinPortal = true,
}: {
  route: string;
  kind: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  label: string;
  /** Shown above the field; otherwise the label stands in it while it is empty. */
  visibleLabel?: boolean;
  w?: number;
  size?: 'xs' | 'sm';
  withinPortal?: boolean;
}) {
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), 200);
  const name = useChoiceName(route, kind, value ?? '');
  // The field shows the chosen name; that is no search.
  const asked = q === name ? '' : q;
  const found = useQuery({
    queryKey: ['choices', route, kind, asked],
    queryFn: ({ signal }) => functions.choices(route, kind, asked, signal),
    staleTime: 60_000,
    placeholderData: (before) => before,
  });
  const choices = new Map<string, Choice>((found.data?.items ?? []).map((item) => [item.value, item]));
  if (value && !choices.has(value)) choices.set(value, { value, label: name });
  return (
    <Select
      {...(visibleLabel ? { label } : { 'aria-label': label, placeholder: label })}
      data={[...choices.values()].map((item) => ({ value: item.value, label: item.label }))}
      renderOption={({ option }) => (
        <span className="choice">
          <span>{option.label}</span>
          {choices.get(option.value)?.hint ? <span className="dim small">{choices.get(option.value)?.hint}</span> : null}
        </span>
      )}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': `${commonText.clear} ${label}` }}
      filter={({ options }) => options}
      nothingFoundMessage={found.isFetching ? commonText.loading : commonText.filter.noMatch}
      onSearchChange={setTyped}
      value={value ?? null}
      onChange={(next) => onChange(next ?? undefined)}
      size={size}
      comboboxProps={{ withinPortal }}
      {...(w === undefined ? {} : { w })}
    />
  );
}
