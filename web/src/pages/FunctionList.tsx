import { Button, Checkbox, Menu, Popover, Stack } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconChevronLeft, IconChevronRight, IconColumns3, IconLineHeight } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { type Column, type FunctionInfo, functions, type Row, uuid7 } from '@/api';
import { nextSort, useAddress } from '@/kit/address';
import { MoneyText } from '@/kit/cells';
import { csvOf } from '@/kit/csv';
import { DataTable, type DataTableColumn } from '@/kit/DataTable';
import { isDecimal, sum } from '@/kit/decimal';
import { ConfirmDialog } from '@/kit/dialogs';
import { ExportMenu } from '@/kit/ExportMenu';
import { FilterBar, type FilterColumn } from '@/kit/FilterBar';
import { saveText } from '@/kit/file';
import { formatNumber, formatQuantity, humanise } from '@/kit/format';
import { documentPath } from '@/kit/paths';
import { useSession } from '@/kit/session';
import { EmptyState, QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { commonText, pageText } from '@/messages';
import classes from './FunctionList.module.css';
import { FunctionPage } from './useFunction';

const pageSize = 50;
const bulkActions = ['submit', 'approve'] as const;

export function Component() {
  return <FunctionPage>{(fn) => <FunctionList key={fn.code} fn={fn} />}</FunctionPage>;
}

/** A document's kind by its name, and codes of one word or two as words. */
function readable(column: Column, fn: FunctionInfo): DataTableColumn {
  if (column.key === 'number')
    return { ...column, render: (row) => (row.number ? String(row.number) : <span className="dim">{pageText.list.unnumbered}</span>) };
  if (column.key === 'kind') return { ...column, render: (row) => kindName(fn, String(row.kind)) };
  if (column.key === 'channel') return { ...column, render: (row) => humanise(String(row.channel ?? '')) };
  return column;
}

function kindName(fn: FunctionInfo, kind: string): string {
  return fn.kinds.find((item) => item.code === kind)?.name ?? humanise(kind);
}

/** What the list is filtered by: its columns, and what only the lines of a document know, such as the item. */
export function listFilters(
  fn: Pick<FunctionInfo, 'kinds' | 'columns' | 'dimensions'>,
  branches: { code: string; name: string }[],
): FilterColumn[] {
  const columns = fn.columns.map((column): FilterColumn => {
    if (column.key === 'kind') return { ...column, options: fn.kinds.map((kind) => ({ value: kind.code, label: kind.name })) };
    if (column.type === 'branch') return { ...column, options: branches.map((branch) => ({ value: branch.code, label: branch.name })) };
    return column;
  });
  const known = new Set(columns.map((column) => column.key));
  const looked = new Set(columns.filter((column) => column.filterable).map((column) => column.choices));
  // A report's row leads here with any of its dimensions; those that a column tells already are shown but not offered twice.
  return [
    ...columns,
    ...fn.dimensions
      .filter((dimension) => !known.has(dimension.key))
      .map(
        (dimension): FilterColumn => ({
          ...dimension,
          type: 'text',
          filterable: true,
          offered: dimension.choices !== undefined && !looked.has(dimension.choices),
        }),
      ),
  ];
}

function FunctionList({ fn }: { fn: FunctionInfo }) {
  const { session } = useSession();
  const { all, get, set } = useAddress();
  const navigate = useNavigate();
  const memory = `plug1:list:${session.user.userName}:${fn.code}`;
  const initially = useMemo(() => fn.columns.filter((column) => column.defaultShown !== false).map((column) => column.key), [fn]);
  const [shownKeys, setShownKeys] = useLocalStorage<string[]>({ key: `${memory}:columns`, defaultValue: initially });
  const [density, setDensity] = useLocalStorage<'comfortable' | 'compact'>({ key: 'plug1:density', defaultValue: 'comfortable' });
  const [selected, setSelected] = useState<Set<string>>(new Set());

  const { page: _, ...query } = all;
  const list = useQuery({
    queryKey: [fn.code, 'list', query],
    queryFn: ({ signal }) => functions.list(fn.route, { limit: pageSize, total: true, ...query }, signal),
    placeholderData: (before) => before,
  });
  const columns = useMemo(() => {
    const chosen = fn.columns.filter((column) => shownKeys.includes(column.key));
    return (chosen.length > 0 ? chosen : fn.columns).map((column) => readable(column, fn));
  }, [fn, shownKeys]);
  const filters = useMemo(() => listFilters(fn, session.branches), [fn, session.branches]);
  const filtered = Object.keys(query).some((key) => key !== 'sort');
  const chosenRows = (list.data?.items ?? []).filter((row) => selected.has(String(row.id)));

  return (
    <section className="panel">
      <div className={classes.toolbar}>
        <FilterBar columns={filters} route={fn.route} searchLabel={commonText.filter.number} views>
          <ColumnChooser
            columns={fn.columns}
            shown={columns.map((column) => column.key)}
            onChange={setShownKeys}
            onReset={() => setShownKeys(initially)}
          />
          <Button
            variant="subtle"
            color="gray"
            leftSection={<IconLineHeight size={16} />}
            aria-pressed={density === 'compact'}
            onClick={() => setDensity(density === 'compact' ? 'comfortable' : 'compact')}
          >
            {density === 'compact' ? commonText.table.compact : commonText.table.comfortable}
          </Button>
          {fn.actions.includes('export') ? (
            <ExportMenu
              variant="subtle"
              path={fn.route}
              query={{ ...query, after: undefined, fields: columns.map((column) => column.key).join(',') }}
            >
              <Menu.Divider />
              <Menu.Item
                disabled={chosenRows.length === 0}
                onClick={() => saveText(`${fn.slug}.csv`, csvOf(columns, chosenRows), 'text/csv')}
              >
                {pageText.list.exportCsv}
              </Menu.Item>
            </ExportMenu>
          ) : null}
        </FilterBar>
      </div>
      {chosenRows.length > 0 ? <SelectionBar fn={fn} columns={columns} rows={chosenRows} onDone={() => setSelected(new Set())} /> : null}
      <QueryState query={list} rows={10}>
        {(data) => (
          <>
            <DataTable
              label={fn.name}
              columns={columns}
              rows={data.items}
              href={(row) => documentPath(fn.code, String(row.id))}
              sort={get('sort')}
              onSort={(column) => set({ sort: nextSort(get('sort'), column) })}
              density={density}
              selected={selected}
              onSelect={setSelected}
              busy={list.isPlaceholderData}
              maxHeight="max(24rem, calc(100dvh - 23rem))"
              actions={(row) => [{ code: 'open', label: commonText.open, run: () => navigate(documentPath(fn.code, String(row.id))) }]}
              empty={
                filtered ? (
                  <EmptyState title={commonText.empty.filtered}>{commonText.empty.filteredHint}</EmptyState>
                ) : (
                  <EmptyState title={pageText.list.empty}>{pageText.list.emptyHint}</EmptyState>
                )
              }
            />
            <Pager next={data.next} total={data.total} />
          </>
        )}
      </QueryState>
    </section>
  );
}

/** Keyset paging: forward by the cursor of the answer, back through the browser's own history. */
export function Pager({ next, total }: { next: string | undefined; total: number | undefined }) {
  const { get, set } = useAddress();
  const navigate = useNavigate();
  const page = Number(get('page') ?? 1);
  if (page === 1 && next === undefined && total === undefined) return null;
  return (
    <div className={`${classes.pager} no-print`}>
      <span className="dim num">{total === undefined ? '' : commonText.table.rows(formatNumber(total))}</span>
      <span className={classes.spring} />
      {page > 1 ? (
        <Button variant="subtle" color="gray" onClick={() => set({ after: undefined, page: undefined })}>
          {commonText.table.first}
        </Button>
      ) : null}
      <Button variant="default" leftSection={<IconChevronLeft size={16} />} disabled={page === 1} onClick={() => navigate(-1)}>
        {commonText.table.previous}
      </Button>
      <span className="num">{commonText.table.page(page)}</span>
      <Button
        variant="default"
        rightSection={<IconChevronRight size={16} />}
        disabled={next === undefined}
        onClick={() => set({ after: next, page: String(page + 1) })}
      >
        {commonText.table.next}
      </Button>
    </div>
  );
}

function ColumnChooser({
  columns,
  shown,
  onChange,
  onReset,
}: {
  columns: Column[];
  shown: string[];
  onChange: (keys: string[]) => void;
  onReset: () => void;
}) {
  return (
    <Popover position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="subtle" color="gray" leftSection={<IconColumns3 size={16} />}>
          {commonText.table.columns}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={8}>
          {columns.map((column) => (
            <Checkbox
              key={column.key}
              size="xs"
              label={column.label}
              checked={shown.includes(column.key)}
              disabled={shown.length === 1 && shown.includes(column.key)}
              onChange={(event) =>
                onChange(
                  event.currentTarget.checked
                    ? columns.filter((item) => shown.includes(item.key) || item.key === column.key).map((item) => item.key)
                    : shown.filter((key) => key !== column.key),
                )
              }
            />
          ))}
          <Button size="compact-xs" variant="subtle" onClick={onReset}>
            {commonText.table.reset}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

/** How many are chosen, what they come to, and what may be done with all of them. */
function SelectionBar({ fn, columns, rows, onDone }: { fn: FunctionInfo; columns: Column[]; rows: Row[]; onDone: () => void }) {
  const client = useQueryClient();
  const [asked, setAsked] = useState<(typeof bulkActions)[number]>();
  const totals = columns
    .filter((column) => column.type === 'money' || column.type === 'quantity')
    .map((column) => ({ column, value: sum(rows.map((row) => String(row[column.key] ?? '0')).filter(isDecimal)) }));
  const run = useMutation({
    mutationFn: async (action: string) => {
      let failed = 0;
      for (const row of rows) {
        try {
          await functions.act(fn.route, String(row.id), action, {}, row.version as number, uuid7());
        } catch {
          failed++;
        }
      }
      return { done: rows.length - failed, failed };
    },
    onSuccess: ({ done, failed }) => {
      toastDone(pageText.list.bulkDone(done, failed));
      setAsked(undefined);
      onDone();
      void client.invalidateQueries({ queryKey: [fn.code] });
    },
  });
  const offered = bulkActions.filter(
    (action) => fn.actions.includes(action) && rows.every((row) => fn.lifecycle[String(row.status)]?.includes(action)),
  );
  return (
    <div className={classes.selection} role="status">
      <span className="strong">{commonText.table.selected(rows.length)}</span>
      {totals.map(({ column, value }) => (
        <span key={column.key}>
          <span className="dim">{column.label}</span>{' '}
          {column.type === 'money' ? (
            <MoneyText value={value} className="strong" />
          ) : (
            <span className="num strong">{formatQuantity(value)}</span>
          )}
        </span>
      ))}
      <span className={classes.spring} />
      {offered.map((action) => (
        <Button key={action} size="compact-sm" onClick={() => setAsked(action)}>
          {pageText.list.bulk[action]}
        </Button>
      ))}
      <Button size="compact-sm" variant="subtle" color="gray" onClick={onDone}>
        {commonText.clear}
      </Button>
      <ConfirmDialog
        opened={asked !== undefined}
        title={asked ? pageText.list.bulkTitle(pageText.list.bulk[asked] ?? asked, rows.length) : ''}
        confirmLabel={asked ? (pageText.list.bulk[asked] ?? asked) : ''}
        busy={run.isPending}
        error={run.error}
        onClose={() => setAsked(undefined)}
        onConfirm={() => asked && run.mutate(asked)}
      >
        {pageText.list.bulkText}
      </ConfirmDialog>
    </div>
  );
}
