import { ActionIcon, Button, Group, Popover, Select, Stack, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconFilter, IconSearch, IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { Column } from '@/api';
import { commonText } from '@/messages';
import { useAddress } from './address';
import { ChoiceName, ChoicePicker } from './ChoicePicker';
import classes from './FilterBar.module.css';
import { formatCell, humanise } from './format';
import { PeriodPicker } from './PeriodPicker';
import { SavedViews } from './SavedViews';

export function optionsOf(column: Column): { value: string; label: string }[] | undefined {
  return column.options?.map((option) => (typeof option === 'string' ? { value: option, label: humanise(option) } : option));
}

/** A column by which rows are filtered; with `offered: false` one that the address may have but nobody is offered. */
export interface FilterColumn extends Column {
  offered?: boolean;
}

/** Filters as chips, kept in the address; a named set of them is a saved view. */
export function FilterBar({
  columns,
  route = '',
  search = true,
  searchLabel = commonText.filter.search,
  period = true,
  views = false,
  children,
}: {
  columns: FilterColumn[];
  /** The function whose people, shifts, items and the like are chosen from. */
  route?: string;
  search?: boolean;
  searchLabel?: string;
  period?: boolean;
  /** Whether what is set can be kept under a name. */
  views?: boolean;
  children?: ReactNode;
}) {
  const { all, get, set } = useAddress();
  const filters = columns.filter((column) => column.filterable && column.type !== 'date' && column.type !== 'instant');
  const active = filters.filter((column) => all[column.key] !== undefined);
  const anything = active.length > 0 || all.q !== undefined || all.from !== undefined || all.to !== undefined;
  return (
    <div className={`${classes.bar} no-print`}>
      {search ? <SearchField label={searchLabel} value={get('q') ?? ''} onChange={(q) => set({ q }, true)} /> : null}
      {period ? <PeriodPicker /> : null}
      {filters.length > 0 ? <FilterMenu filters={filters.filter((column) => column.offered !== false)} route={route} /> : null}
      {active.map((column) => (
        <span key={column.key} className={classes.chip}>
          <span className="dim">{column.label}</span>
          <span className="strong">
            {column.choices ? (
              <ChoiceName route={route} kind={column.choices} value={all[column.key] ?? ''} />
            ) : (
              (optionsOf(column)?.find((option) => option.value === all[column.key])?.label ?? formatCell(all[column.key], column.type))
            )}
          </span>
          <ActionIcon
            variant="transparent"
            size="xs"
            color="gray"
            aria-label={`${commonText.remove} ${column.label}`}
            onClick={() => set({ [column.key]: undefined })}
          >
            <IconX size={13} />
          </ActionIcon>
        </span>
      ))}
      {anything ? (
        <Button
          variant="subtle"
          size="compact-sm"
          color="gray"
          onClick={() =>
            set(Object.fromEntries(['q', 'from', 'to', ...filters.map((column) => column.key)].map((key) => [key, undefined])))
          }
        >
          {commonText.filter.clear}
        </Button>
      ) : null}
      <span className={classes.spring} />
      {views ? <SavedViews schedulable={route !== ''} /> : null}
      {children}
    </div>
  );
}

function SearchField({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const later = useDebouncedCallback(onChange, 250);
  return (
    <TextInput
      className={classes.search}
      leftSection={<IconSearch size={16} />}
      placeholder={label}
      aria-label={label}
      type="search"
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        later(event.currentTarget.value);
      }}
    />
  );
}

function FilterMenu({ filters, route }: { filters: FilterColumn[]; route: string }) {
  const { all, set } = useAddress();
  const [opened, setOpened] = useState(false);
  const [chosen, setChosen] = useState<Record<string, string | undefined>>({});
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" shadow="md" width={300} trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconFilter size={16} />}
          onClick={() => {
            setChosen({});
            setOpened(!opened);
          }}
        >
          {commonText.filter.add}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const form = new FormData(event.currentTarget);
            set(
              Object.fromEntries(
                filters.map((column) => [
                  column.key,
                  column.choices ? (column.key in chosen ? chosen[column.key] : all[column.key]) : String(form.get(column.key) ?? ''),
                ]),
              ),
            );
            setOpened(false);
          }}
        >
          <Stack gap="xs">
            {filters.map((column) => {
              if (column.choices)
                return (
                  <ChoicePicker
                    key={column.key}
                    route={route}
                    kind={column.choices}
                    label={column.label}
                    visibleLabel
                    size="xs"
                    withinPortal={false}
                    value={column.key in chosen ? chosen[column.key] : all[column.key]}
                    onChange={(value) => setChosen((before) => ({ ...before, [column.key]: value }))}
                  />
                );
              const options =
                column.type === 'boolean'
                  ? [
                      { value: 'true', label: commonText.yes },
                      { value: 'false', label: commonText.no },
                    ]
                  : optionsOf(column);
              return options ? (
                <Select
                  key={column.key}
                  label={column.label}
                  name={column.key}
                  data={options}
                  defaultValue={all[column.key] ?? null}
                  clearable
                  size="xs"
                  comboboxProps={{ withinPortal: false }}
                />
              ) : (
                <TextInput key={column.key} label={column.label} name={column.key} defaultValue={all[column.key] ?? ''} size="xs" />
              );
            })}
            <Group justify="flex-end">
              <Button type="submit" size="xs">
                {commonText.apply}
              </Button>
            </Group>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
