import { Button, TextInput } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { functions, type Row, segments, uuid7 } from '@/api';
import { useAddress } from '@/kit/address';
import { DataTable } from '@/kit/DataTable';
import { formatNumber } from '@/kit/format';
import { Page } from '@/kit/Page';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { dayText } from '@/kit/period';
import { useSession, useToday } from '@/kit/session';
import { EmptyState, QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { segmentText } from '@/messages';
import classes from './segments.module.css';

const text = segmentText.members;
const who = (row: Row) => `/customers/directory/${row.partyId}`;

/** Who is in a segment, or was at the end of some day, and who came and went. */
export function Component() {
  const { id = '' } = useParams();
  const { get, set } = useAddress();
  const { can } = useSession();
  const today = dayText(useToday());
  const asOf = get('asOf') ?? today;
  const document = useQuery({
    queryKey: ['customers.segments', 'document', id],
    queryFn: () => functions.detail('/api/v1/customers/segments', id),
  });
  const members = useInfiniteQuery({
    queryKey: ['customers.segments', 'members', id, asOf],
    queryFn: ({ pageParam }) => segments.members(id, { asOf, limit: 100, ...(pageParam ? { after: pageParam } : {}) }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
    retry: false,
  });
  const changes = useQuery({ queryKey: ['customers.segments', 'changes', id], queryFn: () => segments.changes(id), retry: false });
  const refresh = useMutation({ mutationFn: () => segments.refresh(id, uuid7()), onSuccess: () => toastDone(text.refreshing) });
  const name = (document.data?.data as { name?: string } | undefined)?.name;
  return (
    <Page
      title={name ? `${text.title}: ${name}` : text.title}
      crumbs={[
        { label: segmentText.module, to: '/customers' },
        { label: segmentText.segments, to: '/customers/segments' },
        { label: document.data?.number ?? '', to: `/customers/segments/${id}` },
      ]}
      actions={
        can('customers.segments.refresh') ? (
          <Button variant="default" leftSection={<IconRefresh size={16} />} loading={refresh.isPending} onClick={() => refresh.mutate()}>
            {text.refresh}
          </Button>
        ) : undefined
      }
    >
      <ProblemNotice error={refresh.error} />
      <div className={classes.columns}>
        <section className="panel">
          <div className={classes.bar}>
            <TextInput
              type="date"
              label={text.asOf}
              max={today}
              value={asOf}
              onChange={(event) => set({ asOf: event.currentTarget.value || undefined })}
            />
            <span className={classes.spring} />
            <strong>{members.data ? text.count(formatNumber(members.data.pages[0]?.count ?? 0)) : ''}</strong>
          </div>
          <QueryState query={members} rows={6}>
            {(found) => (
              <DataTable
                label={text.title}
                columns={[
                  { key: 'number', label: text.number, type: 'text' },
                  { key: 'name', label: text.customer, type: 'text' },
                  { key: 'since', label: text.since, type: 'instant' },
                ]}
                rows={found.pages.flatMap((page) => page.items) as unknown as Row[]}
                rowKey={(row) => String(row.partyId)}
                href={who}
                busy={members.isFetchingNextPage}
                empty={<EmptyState title={text.none} />}
              />
            )}
          </QueryState>
          {members.hasNextPage ? (
            <div className={classes.bar}>
              <Button variant="default" loading={members.isFetchingNextPage} onClick={() => void members.fetchNextPage()}>
                {text.more}
              </Button>
            </div>
          ) : null}
        </section>
        <section className="panel">
          <div className="panel-head">
            <h2>{text.changes}</h2>
          </div>
          <QueryState query={changes} rows={6}>
            {(found) => (
              <>
                <p className={`dim ${classes.found}`}>{text.counts(formatNumber(found.entered), formatNumber(found.left))}</p>
                <DataTable
                  label={text.changes}
                  columns={[
                    { key: 'name', label: text.customer, type: 'text' },
                    {
                      key: 'change',
                      label: text.change,
                      type: 'text',
                      render: (row) => (row.change === 'entered' ? text.entered : text.left),
                    },
                    { key: 'at', label: text.at, type: 'instant' },
                  ]}
                  rows={found.items as unknown as Row[]}
                  rowKey={(row) => `${row.partyId}-${row.at}-${row.change}`}
                  href={who}
                  empty={<EmptyState title={text.noChanges} />}
                />
              </>
            )}
          </QueryState>
        </section>
      </div>
    </Page>
  );
}
