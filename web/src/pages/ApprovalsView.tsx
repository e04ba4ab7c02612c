import { Button, Drawer, SegmentedControl, Select, Switch } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Approval, operations, type Row } from '@/api';
import { useAddress } from '@/kit/address';
import { InstantText, MoneyText } from '@/kit/cells';
import { DataTable } from '@/kit/DataTable';
import { ConfirmDialog, ReasonDialog } from '@/kit/dialogs';
import { formatMinutes, humanise, nameOf } from '@/kit/format';
import { StatusBadge } from '@/kit/StatusBadge';
import { useMeta, useSession } from '@/kit/session';
import { EmptyState, QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { pageText } from '@/messages';
import { DecisionPanel, numberOf, ruleText } from './DecisionPanel';
import { Pager } from './FunctionList';

const text = pageText.approvals;

/** The queue by age or by amount; a press on a row opens the decision beside it. */
export function ApprovalsView({ functionCode }: { functionCode?: string }) {
  const { get, set } = useAddress();
  const { session } = useSession();
  const meta = useMeta().data;
  const client = useQueryClient();
  const [selected, setSelected] = useState<Set<string>>(new Set());
  const [bulk, setBulk] = useState<'approve' | 'reject'>();
  const [refused, setRefused] = useState<string[]>([]);
  const state = get('state') ?? 'open';
  const query = {
    state,
    limit: 50,
    after: get('after'),
    order: get('order'),
    branch: get('branch'),
    late: state === 'open' && get('late') ? 'true' : undefined,
    function: functionCode ?? get('function'),
  };
  const approvals = useQuery({
    queryKey: ['approvals', query],
    queryFn: () => operations.approvals(query),
    placeholderData: (before) => before,
  });
  const items = approvals.data?.items ?? [];
  const opened = items.find((item) => item.id === get('open'));
  const chosen = items.filter((item) => selected.has(item.id) && item.mayDecide !== false);
  // Reasons belong to a function: what is rejected together is of one.
  const only = new Set(chosen.map((item) => item.document.function)).size === 1 ? chosen[0]?.document.function : undefined;
  const reasons = meta?.modules.flatMap((module) => module.functions).find((fn) => fn.code === only)?.reasons?.reject;
  const again = () => {
    setSelected(new Set());
    void client.invalidateQueries();
  };
  const decideAll = useMutation({
    mutationFn: (answer: { reason?: string; text?: string }) =>
      operations.decideMany({
        decision: bulk ?? 'approve',
        items: chosen.map((item) => ({ id: item.id, version: item.version })),
        ...answer,
      }),
    onSuccess: (answer) => {
      toastDone(pageText.list.bulkDone(answer.done, answer.refused));
      setRefused(
        answer.items
          .filter((item) => !item.done)
          .map((item) => {
            const about = chosen.find((one) => one.id === item.id);
            return text.bulkRefused(about ? numberOf(about) : item.id, item.detail ?? item.code ?? '');
          }),
      );
      setBulk(undefined);
      again();
    },
  });
  const filter = (changes: Record<string, string | undefined>) => {
    setRefused([]);
    set({ ...changes, open: undefined, after: undefined, page: undefined });
  };
  const dialog = { busy: decideAll.isPending, error: decideAll.error, onClose: () => setBulk(undefined) };
  return (
    <section className="panel">
      <div className="panel-head" style={{ flexWrap: 'wrap' }}>
        <SegmentedControl
          value={state}
          onChange={(value) => filter({ state: value === 'open' ? undefined : value })}
          data={[
            { value: 'open', label: text.open },
            { value: 'decided', label: text.decided },
          ]}
          aria-label={text.state}
        />
        <Select
          aria-label={text.order}
          w={140}
          allowDeselect={false}
          value={get('order') ?? 'age'}
          onChange={(value) => filter({ order: value === 'age' ? undefined : (value ?? undefined) })}
          data={Object.entries(text.orders).map(([value, label]) => ({ value, label }))}
        />
        <Select
          aria-label={pageText.exceptions.branch}
          w={180}
          clearable
          placeholder={text.allBranches}
          value={get('branch') ?? null}
          onChange={(value) => filter({ branch: value ?? undefined })}
          data={session.branches.map((branch) => ({ value: branch.code, label: branch.name }))}
        />
        {state === 'open' ? (
          <Switch
            label={text.lateOnly}
            checked={get('late') !== undefined}
            onChange={(event) => filter({ late: event.currentTarget.checked ? 'true' : undefined })}
          />
        ) : null}
        <span style={{ flex: 1 }} />
        {chosen.length > 0 ? (
          <>
            {only ? (
              <Button variant="default" c="var(--p-danger)" onClick={() => setBulk('reject')}>
                {text.rejectSelected(chosen.length)}
              </Button>
            ) : null}
            <Button onClick={() => setBulk('approve')}>{text.approveSelected(chosen.length)}</Button>
          </>
        ) : null}
      </div>
      {refused.length > 0 ? (
        <ul className="panel-body" role="alert">
          {refused.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      ) : null}
      <QueryState query={approvals}>
        {(data) => (
          <>
            <DataTable
              label={text.title}
              rows={items as unknown as Row[]}
              rowName={(row) => numberOf(row as unknown as Approval)}
              busy={approvals.isPlaceholderData}
              {...(state === 'open' ? { selected, onSelect: setSelected } : {})}
              href={(row) => `?${withOpen(window.location.search, String(row.id))}`}
              columns={[
                { key: 'document', label: text.document, type: 'text', render: (row) => numberOf(row as unknown as Approval) },
                { key: 'action', label: text.action, type: 'text', render: (row) => humanise(String(row.action)) },
                { key: 'rule', label: text.rule, type: 'text', render: (row) => ruleText(row.rule) },
                {
                  key: 'amount',
                  label: text.amount,
                  type: 'money',
                  render: (row) => (
                    <MoneyText
                      value={(row as unknown as Approval).document.total}
                      currency={(row as unknown as Approval).document.currency}
                    />
                  ),
                },
                { key: 'requestedBy', label: text.requestedBy, type: 'user' },
                {
                  key: 'age',
                  label: state === 'open' ? text.age : text.asked,
                  type: 'number',
                  render: (row) =>
                    state === 'open' ? (
                      <>
                        {row.late ? <StatusBadge status="late" label={text.late} /> : null} {formatMinutes(Number(row.ageMinutes))}
                      </>
                    ) : (
                      <InstantText value={String(row.requestedAt)} />
                    ),
                },
                { key: 'level', label: text.level, type: 'text', render: (row) => text.levelOf(Number(row.level), Number(row.levels)) },
                { key: 'role', label: text.role, type: 'text', render: (row) => humanise(nameOf(row.role)) },
              ]}
              empty={<EmptyState title={text.empty}>{text.emptyHint}</EmptyState>}
            />
            <Pager next={data.next} total={data.total} />
          </>
        )}
      </QueryState>
      <Drawer opened={opened !== undefined} onClose={() => set({ open: undefined }, true)} title={text.panel} size="md">
        {opened ? (
          <DecisionPanel
            approval={opened}
            onDone={() => {
              set({ open: undefined }, true);
              again();
            }}
          />
        ) : null}
      </Drawer>
      <ConfirmDialog
        {...dialog}
        opened={bulk === 'approve'}
        title={text.bulkTitle(chosen.length)}
        confirmLabel={text.approve}
        onConfirm={() => decideAll.mutate({})}
      >
        {pageText.list.bulkText}
      </ConfirmDialog>
      <ReasonDialog
        {...dialog}
        opened={bulk === 'reject'}
        title={text.bulkRejectTitle(chosen.length)}
        confirmLabel={text.reject}
        danger
        reasons={reasons}
        onConfirm={(answer) => decideAll.mutate(answer)}
      >
        {pageText.list.bulkText}
      </ReasonDialog>
    </section>
  );
}

function withOpen(address: string, id: string): string {
  const search = new URLSearchParams(address);
  search.set('open', id);
  return search.toString();
}
