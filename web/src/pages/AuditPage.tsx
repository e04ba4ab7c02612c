import { Drawer, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { operations, type Row } from '@/api';
import { changeAddress, useAddress } from '@/kit/address';
import { InstantText } from '@/kit/cells';
import { DataTable } from '@/kit/DataTable';
import { DiffTable } from '@/kit/DocumentTimeline';
import { FilterBar } from '@/kit/FilterBar';
import { humanise, nameOf } from '@/kit/format';
import { Page } from '@/kit/Page';
import { documentPath } from '@/kit/paths';
import { dayAfter } from '@/kit/period';
import { useMeta, useSession } from '@/kit/session';
import { EmptyState, ForbiddenState, QueryState } from '@/kit/states';
import { pageText, tillText } from '@/messages';
import { Pager } from './FunctionList';
import { ProofView } from './ProofView';
import { VerifyStrip } from './VerifyStrip';

const text = pageText.audit;

export function Component() {
  const { can } = useSession();
  if (!can('kernel.audit.view'))
    return (
      <Page title={text.title}>
        <ForbiddenState permission="kernel.audit.view" />
      </Page>
    );
  return <AuditTrail />;
}

function AuditTrail() {
  const { params, all, get, set } = useAddress();
  const { page: _, open: __, to, ...query } = all;
  const meta = useMeta().data;
  const functions = meta?.modules.flatMap((module) => module.functions) ?? [];
  const audit = useQuery({
    queryKey: ['audit', query, to],
    queryFn: () => operations.audit({ limit: 50, ...query, ...(to ? { to: dayAfter(to) } : {}) }),
    placeholderData: (before) => before,
  });
  const opened = audit.data?.items.find((item) => item.id === get('open'));
  return (
    <Page title={text.title} sub={text.sub}>
      <SealStrip />
      <VerifyStrip />
      <section className="panel">
        <div style={{ padding: '0.75rem 1rem' }}>
          <FilterBar
            search={false}
            route={functions[0]?.route ?? ''}
            columns={[
              ...(functions.length > 0
                ? [{ key: 'user', label: text.user, type: 'user' as const, filterable: true, choices: 'user' }]
                : []),
              {
                key: 'function',
                label: text.function,
                type: 'text',
                filterable: true,
                options: functions.map((item) => ({ value: item.code, label: item.name })),
              },
              { key: 'object', label: text.object, type: 'text', filterable: true, offered: false },
            ]}
          />
        </div>
        <QueryState query={audit} rows={12}>
          {(data) => (
            <>
              <DataTable
                label={text.title}
                density="compact"
                rows={data.items as unknown as Row[]}
                rowName={(row) => `${row.action} ${nameOf(row.object)}`}
                busy={audit.isPlaceholderData}
                href={(row) => `?${changeAddress(params, { open: String(row.id) })}`}
                columns={[
                  { key: 'at', label: text.at, type: 'instant' },
                  { key: 'user', label: text.user, type: 'user' },
                  { key: 'action', label: text.action, type: 'text', render: (row) => humanise(String(row.action)) },
                  {
                    key: 'object',
                    label: text.object,
                    type: 'text',
                    render: (row) => humanise(String(row.objectKind ?? '')),
                  },
                  { key: 'reason', label: text.reason, type: 'text', render: (row) => String(row.reason ?? row.text ?? '') },
                ]}
                empty={<EmptyState title={text.empty} />}
              />
              <Pager next={data.next} total={data.total} />
            </>
          )}
        </QueryState>
      </section>
      <Drawer
        opened={opened !== undefined}
        onClose={() => set({ open: undefined }, true)}
        title={opened ? humanise(opened.action) : ''}
        size="lg"
      >
        {opened ? (
          <Stack gap="sm">
            <div className="dim">
              {nameOf(opened.user)} · <InstantText value={opened.at} /> {opened.address ? ` · ${opened.address}` : ''}
            </div>
            <div>{humanise(opened.objectKind)}</div>
            {opened.object &&
            functions.some((fn) => fn.code === opened.function && fn.kinds.some((kind) => kind.code === opened.objectKind)) ? (
              <Link to={documentPath(opened.function, opened.object)}>{tillText.posted.document}</Link>
            ) : null}
            {opened.reason ? <div>{opened.reason}</div> : null}
            {opened.text ? <div>{opened.text}</div> : null}
            {opened.diff?.length ? <DiffTable diff={opened.diff} /> : <p className="dim">{text.none}</p>}
            <ProofView key={opened.id} name={`event-${opened.id}`} load={() => operations.eventProof(opened.id)} />
          </Stack>
        ) : null}
      </Drawer>
    </Page>
  );
}

/** How far the trail is sealed; asked again while the page is open, since blocks are made every minute. */
function SealStrip() {
  const state = useQuery({ queryKey: ['audit', 'seals'], queryFn: operations.seals, refetchInterval: 60_000 });
  if (!state.data) return null;
  const { last, waitingEvents, waitingTransactions } = state.data;
  return (
    <p className="dim small" role="status">
      {last ? (
        <>
          {text.sealed} {text.upTo(last.number)}, <InstantText value={last.sealedAt} />.{' '}
        </>
      ) : (
        `${text.notYet} `
      )}
      {text.waiting(waitingEvents + waitingTransactions)}
    </p>
  );
}
