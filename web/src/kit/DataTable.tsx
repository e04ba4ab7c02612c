import { ActionIcon, Checkbox, Menu } from '@mantine/core';
import { IconArrowDown, IconArrowsSort, IconArrowUp, IconDotsVertical } from '@tabler/icons-react';
import { type KeyboardEvent, memo, type ReactNode, useCallback, useRef } from 'react';
import { Link, useNavigate } from 'react-router';
import type { Column, Row } from '@/api';
import { commonText } from '@/messages';
import { CellValue } from './cells';
import classes from './DataTable.module.css';
import { isNumericType } from './format';

export interface RowAction {
  code: string;
  label: string;
  danger?: boolean;
  run: () => void;
}

export interface DataTableColumn extends Column {
  /** Draws the cell; without it the column's type decides. */
  render?: (row: Row) => ReactNode;
}

export interface DataTableShape {
  label: string;
  columns: DataTableColumn[];
  rows: Row[];
  rowKey?: (row: Row, index: number) => string;
  rowName?: (row: Row) => string;
  href?: (row: Row) => string | undefined;
  sort?: string | undefined;
  onSort?: (column: string) => void;
  density?: 'comfortable' | 'compact';
  selected?: ReadonlySet<string>;
  onSelect?: (keys: Set<string>) => void;
  actions?: (row: Row) => RowAction[];
  totals?: Row | undefined;
  currency?: string | undefined;
  empty?: ReactNode;
  busy?: boolean;
  maxHeight?: string;
}

const defaultKey = (row: Row, index: number) => String(row.id ?? row.code ?? row.key ?? index);
const defaultName = (row: Row) => String(row.number ?? row.name ?? row.code ?? row.sku ?? row.id ?? '');

/**
 * Rows to compare: sticky head, sort, selection with totals, actions, and the whole of it by keyboard.
 * It draws what it is given; where rows come from and what the address says is the page's matter.
 */
export function DataTable(shape: DataTableShape) {
  const {
    label,
    columns,
    rows,
    rowKey = defaultKey,
    rowName = defaultName,
    href,
    sort,
    onSort,
    density = 'comfortable',
    selected,
    onSelect,
    actions,
    totals,
    currency,
    empty,
    busy,
    maxHeight,
  } = shape;
  const navigate = useNavigate();
  const body = useRef<HTMLTableSectionElement>(null);
  const keys = rows.map(rowKey);
  const allSelected = selected !== undefined && keys.length > 0 && keys.every((key) => selected.has(key));

  const toggle = useCallback(
    (key: string) => {
      if (selected === undefined || onSelect === undefined) return;
      const next = new Set(selected);
      if (!next.delete(key)) next.add(key);
      onSelect(next);
    },
    [selected, onSelect],
  );

  const onKeyDown = (event: KeyboardEvent<HTMLTableSectionElement>) => {
    const target = event.target as HTMLElement;
    if (target.tagName !== 'TR') return;
    const lines = [...(body.current?.rows ?? [])];
    const at = lines.indexOf(target as HTMLTableRowElement);
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -lines.length, End: lines.length }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      lines[Math.min(lines.length - 1, Math.max(0, at + step))]?.focus();
      return;
    }
    const row = rows[at];
    if (row === undefined) return;
    if (event.key === 'Enter') {
      const to = href?.(row);
      if (to) navigate(to);
    } else if (event.key === ' ') {
      event.preventDefault();
      toggle(keys[at] ?? '');
    }
  };

  if (rows.length === 0 && empty) return <>{empty}</>;
  return (
    <div className={classes.box} style={maxHeight ? { maxHeight } : undefined} data-busy={busy ?? false}>
      <table className={classes.table} data-density={density} aria-label={label} aria-busy={busy ?? false}>
        <thead>
          <tr>
            {onSelect ? (
              <th className={classes.check} scope="col">
                <Checkbox
                  size="xs"
                  aria-label={commonText.table.selectAll}
                  checked={allSelected}
                  indeterminate={!allSelected && (selected?.size ?? 0) > 0}
                  onChange={() => onSelect(allSelected ? new Set() : new Set(keys))}
                />
              </th>
            ) : null}
            {columns.map((column) => (
              <HeadCell key={column.key} column={column} sort={sort} onSort={onSort} />
            ))}
            {actions ? (
              <th className={classes.menu} scope="col">
                <span className="visually-hidden">{commonText.more}</span>
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={onKeyDown}>
          {rows.map((row, index) => {
            const key = keys[index]!;
            return (
              <DataRow
                key={key}
                rowId={key}
                row={row}
                name={rowName(row)}
                columns={columns}
                to={href?.(row)}
                checked={selected?.has(key) ?? false}
                selectable={onSelect !== undefined}
                onToggle={toggle}
                actions={actions}
                currency={currency}
                first={index === 0}
              />
            );
          })}
        </tbody>
        {totals ? (
          <tfoot>
            <tr>
              {onSelect ? <td /> : null}
              {columns.map((column, index) => (
                <td key={column.key} className={isNumericType(column.type) ? 'num end' : ''}>
                  {totals[column.key] !== undefined ? (
                    <CellValue value={totals[column.key]} type={column.type} currency={currency} />
                  ) : index === 0 ? (
                    commonText.total
                  ) : null}
                </td>
              ))}
              {actions ? <td /> : null}
            </tr>
          </tfoot>
        ) : null}
      </table>
    </div>
  );
}

function HeadCell({
  column,
  sort,
  onSort,
}: {
  column: DataTableColumn;
  sort: string | undefined;
  onSort: ((column: string) => void) | undefined;
}) {
  const direction = sort === column.key ? 'ascending' : sort === `-${column.key}` ? 'descending' : undefined;
  const end = isNumericType(column.type);
  return (
    <th scope="col" className={end ? 'end' : ''} aria-sort={column.sortable && onSort ? (direction ?? 'none') : undefined}>
      {column.sortable && onSort ? (
        <button type="button" className={classes.sort} data-active={direction !== undefined} onClick={() => onSort(column.key)}>
          {column.label}
          {direction === 'ascending' ? (
            <IconArrowUp size={13} />
          ) : direction === 'descending' ? (
            <IconArrowDown size={13} />
          ) : (
            <IconArrowsSort size={13} className={classes.idle} />
          )}
        </button>
      ) : (
        column.label
      )}
    </th>
  );
}

interface DataRowShape {
  rowId: string;
  row: Row;
  name: string;
  columns: DataTableColumn[];
  to: string | undefined;
  checked: boolean;
  selectable: boolean;
  onToggle: (key: string) => void;
  actions: ((row: Row) => RowAction[]) | undefined;
  currency: string | undefined;
  first: boolean;
}

const DataRow = memo(function DataRow({
  rowId,
  row,
  name,
  columns,
  to,
  checked,
  selectable,
  onToggle,
  actions,
  currency,
  first,
}: DataRowShape) {
  const items = actions?.(row) ?? [];
  return (
    <tr tabIndex={first ? 0 : -1} data-checked={checked} data-link={to !== undefined}>
      {selectable ? (
        <td className={classes.check}>
          <Checkbox size="xs" aria-label={commonText.table.selectRow(name)} checked={checked} onChange={() => onToggle(rowId)} />
        </td>
      ) : null}
      {columns.map((column, index) => {
        const cell = column.render ? (
          column.render(row)
        ) : (
          <CellValue value={row[column.key]} type={column.type} currency={currency ?? (row.currency as string | undefined)} />
        );
        return (
          <td key={column.key} className={isNumericType(column.type) ? 'num end' : ''}>
            {index === 0 && to ? (
              <Link to={to} className={classes.link}>
                {cell}
              </Link>
            ) : (
              cell
            )}
          </td>
        );
      })}
      {actions ? (
        <td className={classes.menu}>
          {items.length > 0 ? (
            <Menu position="bottom-end" withinPortal>
              <Menu.Target>
                <ActionIcon variant="subtle" color="gray" size="sm" aria-label={commonText.table.rowActions(name)}>
                  <IconDotsVertical size={16} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                {items.map((item) => (
                  <Menu.Item key={item.code} onClick={item.run} {...(item.danger ? { color: 'red.8' } : {})}>
                    {item.label}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          ) : null}
        </td>
      ) : null}
    </tr>
  );
});
