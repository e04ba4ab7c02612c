import { Button, Drawer } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router';
import { masterData, type Row } from '@/api';
import { changeAddress, useAddress } from '@/kit/address';
import { DataTable, type DataTableColumn } from '@/kit/DataTable';
import { FilterBar } from '@/kit/FilterBar';
import { formatRate, humanise, nameOf } from '@/kit/format';
import { Page } from '@/kit/Page';
import { StatusBadge } from '@/kit/StatusBadge';
import { useSession } from '@/kit/session';
import { EmptyState, QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { adminText, commonText, targetCopyText } from '@/messages';
import { Pager } from '@/pages/FunctionList';
import classes from './admin.module.css';
import { ItemStock } from './ItemStock';
import { type AdminPage, adminCrumb, adminPages, type ResourceField } from './pages';
import { FunctionName, MeasureName, ReferenceName, ResourceForm, RoleName, SeriesName } from './ResourceForm';
import { RuleTrial } from './RuleTrial';
import { TargetCopy } from './TargetCopy';

/** Any plain master data: a list with a form beside it, both from the page's entry in `pages.ts`. */
export function Component() {
  const { resource } = useParams();
  const page = adminPages.find((item) => item.slug === resource);
  if (page?.path === undefined)
    return (
      <Page title={commonText.error.notFound} crumbs={[adminCrumb]}>
        <EmptyState title={commonText.error.notFound}>{commonText.error.notFoundHint}</EmptyState>
      </Page>
    );
  const shape = { page, path: page.path, fields: page.fields ?? [] };
  return page.single ? <SingleRecord key={page.slug} {...shape} id={page.single} /> : <ResourceList key={page.slug} {...shape} />;
}

/** Of what there is one alone, such as the company: its form is the page. */
function SingleRecord({ page, path, fields, id }: { page: AdminPage; path: string; fields: ResourceField[]; id: string }) {
  const { can } = useSession();
  const navigate = useNavigate();
  const client = useQueryClient();
  const record = useQuery({ queryKey: ['master', path, 'one', id], queryFn: () => masterData.one(path, id) });
  const readOnly = page.update === undefined || !can(page.update);
  return (
    <Page title={page.title} crumbs={[adminCrumb]} narrow>
      <section className="panel" style={{ padding: '1rem' }}>
        <QueryState query={record} rows={5}>
          {(row) => (
            <>
              {readOnly && page.update ? <p className="dim">{adminText.readOnly(page.update)}</p> : null}
              <ResourceForm
                key={String(row.version)}
                path={path}
                fields={fields}
                row={{ ...row, id }}
                readOnly={readOnly}
                onCancel={() => navigate('/admin')}
                onDone={() => {
                  toastDone(adminText.changed(page.singular));
                  void client.invalidateQueries({ queryKey: ['master'] });
                }}
              />
            </>
          )}
        </QueryState>
      </section>
    </Page>
  );
}

export function columnOf(field: ResourceField): DataTableColumn {
  const base = {
    key: field.key,
    label: field.label,
    type:
      field.kind === 'date'
        ? ('date' as const)
        : field.kind === 'number' || field.kind === 'rate' || field.kind === 'integer'
          ? ('number' as const)
          : ('text' as const),
  };
  switch (field.kind) {
    case 'reference':
      return {
        ...base,
        render: (row) =>
          row[field.key] ? (
            <ReferenceName from={field.from ?? { path: '', value: 'id' }} value={String(row[field.key])} />
          ) : (
            (field.none ?? null)
          ),
      };
    case 'boolean':
      return {
        ...base,
        render: (row) =>
          field.key === 'active' ? (
            <StatusBadge status={row.active === false ? 'inactive' : 'active'} />
          ) : row[field.key] ? (
            commonText.yes
          ) : (
            commonText.no
          ),
      };
    case 'function':
      return { ...base, render: (row) => <FunctionName code={String(row[field.key] ?? '')} /> };
    case 'measure':
      return { ...base, render: (row) => <MeasureName of={String(row.function ?? '')} code={String(row[field.key] ?? '')} /> };
    case 'series':
      return { ...base, render: (row) => <SeriesName code={String(row[field.key] ?? '')} /> };
    case 'role':
      return { ...base, render: (row) => <RoleName code={String(row[field.key] ?? '')} /> };
    case 'text':
    case 'documentKind':
    case 'figure':
      return field.none ? { ...base, render: (row) => (row[field.key] ? humanise(String(row[field.key])) : field.none) } : base;
    case 'rate':
      return { ...base, render: (row) => formatRate(row[field.key] as string) };
    case 'choice':
      return { ...base, render: (row) => field.names?.[String(row[field.key])] ?? humanise(String(row[field.key] ?? '')) };
    case 'list':
      return {
        ...base,
        render: (row) => (Array.isArray(row[field.key]) ? (row[field.key] as unknown[]).map(nameOf).join(', ') : nameOf(row[field.key])),
      };
    default:
      return base;
  }
}

function ResourceList({ page, path, fields }: { page: AdminPage; path: string; fields: ResourceField[] }) {
  const { params, all, get, set } = useAddress();
  const client = useQueryClient();
  const { page: _, open, ...query } = all;
  const list = useQuery({
    queryKey: ['master', path, query],
    queryFn: ({ signal }) => masterData.list(path, { limit: 50, ...query }, signal),
    placeholderData: (before) => before,
  });
  const { can } = useSession();
  const idKey = page.key ?? 'id';
  const keyOf = (row: Row) => String(row[idKey] ?? row.code);
  const mayCreate = page.create !== undefined && can(page.create);
  const mayUpdate = page.update !== undefined && can(page.update);
  const listed = open && open !== 'new' ? list.data?.items.find((item) => keyOf(item) === open) : undefined;
  // A search leads to one record; it need not be on the first page of the list.
  const single = useQuery({
    queryKey: ['master', path, 'one', open],
    queryFn: () => masterData.one(path, open ?? ''),
    enabled: open !== undefined && open !== 'new' && list.isSuccess && listed === undefined && !page.whole,
    retry: false,
  });
  const row = listed ?? single.data;
  const close = () => set({ open: undefined }, true);
  return (
    <Page
      title={page.title}
      crumbs={[adminCrumb]}
      actions={
        mayCreate ? (
          <>
            {page.slug === 'targets' ? (
              <Button variant="default" onClick={() => set({ open: 'copy' })}>
                {targetCopyText.title}
              </Button>
            ) : null}
            <Button leftSection={<IconPlus size={16} />} onClick={() => set({ open: 'new' })}>
              {adminText.new(page.singular)}
            </Button>
          </>
        ) : undefined
      }
    >
      <section className="panel">
        <div className={classes.toolbar}>
          <FilterBar columns={[]} period={false} />
        </div>
        <QueryState query={list} rows={10}>
          {(data) => (
            <>
              <DataTable
                label={page.title}
                rows={page.form ? data.items.map(page.form.show) : data.items}
                rowKey={keyOf}
                busy={list.isPlaceholderData}
                columns={fields.filter((field) => field.inTable !== false && field.kind !== 'password').map(columnOf)}
                {...(page.update ? { href: (item: Row) => `?${changeAddress(params, { open: keyOf(item) })}` } : {})}
                empty={
                  <EmptyState title={get('q') ? commonText.empty.filtered : adminText.empty(page.title)}>
                    {mayCreate ? adminText.emptyHint : ''}
                  </EmptyState>
                }
              />
              <Pager next={data.next} total={data.total} />
            </>
          )}
        </QueryState>
      </section>
      {page.slug === 'targets' && mayCreate ? <TargetCopy opened={open === 'copy'} onClose={close} /> : null}
      <Drawer
        opened={(open === 'new' && mayCreate) || row !== undefined}
        onClose={close}
        title={open === 'new' ? adminText.new(page.singular) : mayUpdate ? adminText.edit(page.singular) : page.singular}
      >
        {open === 'new' || row ? (
          <ResourceForm
            key={open}
            path={path}
            fields={fields}
            row={row}
            form={page.form}
            whole={page.whole}
            idKey={idKey}
            readOnly={open !== 'new' && !mayUpdate}
            extra={
              page.slug === 'items' && row ? (
                <ItemStock id={String(row.id)} />
              ) : page.slug === 'approval-rules' ? (
                (body: Row) => <RuleTrial rule={body} />
              ) : undefined
            }
            onCancel={close}
            onDone={(saved) => {
              toastDone((open === 'new' ? adminText.created : adminText.changed)(nameOf(saved) || page.singular));
              void client.invalidateQueries({ queryKey: ['master'] });
              close();
            }}
          />
        ) : null}
      </Drawer>
    </Page>
  );
}
