import { Button, Drawer, Group, SegmentedControl, Stack } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { thresholdText } from '@/admin/approvalRules';
import { type Approval, operations, type Row } from '@/api';
import { useAddress } from '@/kit/address';
import { InstantText, MoneyText } from '@/kit/cells';
import { DataTable } from '@/kit/DataTable';
import { ConfirmDialog, ReasonDialog } from '@/kit/dialogs';
import { formatInstant, formatMinutes, humanise, nameOf } from '@/kit/format';
import { documentPath, functionName } from '@/kit/paths';
import { useMeta } from '@/kit/session';
import { EmptyState, QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { pageText } from '@/messages';
import classes from './DocumentPage.module.css';
import { Pager } from './FunctionList';

const text = pageText.approvals;

/** The queue by age; a press on a row opens the decision beside it. */
export function ApprovalsView({ functionCode }: { functionCode?: string }) {
  const { get, set } = useAddress();
  const client = useQueryClient();
  const [selected, setSelected] = useState<Set<string>>(new Set());
  const [bulk, setBulk] = useState(false);
  const state = get('state') ?? 'open';
  const query = { state, limit: 50, after: get('after'), sort: get('sort'), function: functionCode };
  const approvals = useQuery({
    queryKey: ['approvals', query],
    queryFn: () => operations.approvals(query),
    placeholderData: (before) => before,
  });
  const items = (approvals.data?.items ?? []).filter((item) => functionCode === undefined || item.document.function === functionCode);
  const opened = items.find((item) => item.id === get('open'));
  const chosen = items.filter((item) => selected.has(item.id) && item.mayDecide !== false);
  const again = () => {
    setSelected(new Set());
    void client.invalidateQueries();
  };
  const approveAll = useMutation({
    mutationFn: async () => {
      let failed = 0;
      for (const item of chosen) await operations.decide(item.id, 'approve', {}, item.version).catch(() => failed++);
      return { done: chosen.length - failed, failed };
    },
    onSuccess: ({ done, failed }) => {
      toastDone(pageText.list.bulkDone(done, failed));
      setBulk(false);
      again();
    },
  });
  return (
    <section className="panel">
      <div className="panel-head">
        <SegmentedControl
          value={state}
          onChange={(value) => set({ state: value === 'open' ? undefined : value, open: undefined })}
          data={[
            { value: 'open', label: text.open },
            { value: 'decided', label: text.decided },
          ]}
          aria-label={text.state}
        />
        <span style={{ flex: 1 }} />
        {chosen.length > 0 ? <Button onClick={() => setBulk(true)}>{text.approveSelected(chosen.length)}</Button> : null}
      </div>
      <QueryState query={approvals}>
        {(data) => (
          <>
            <DataTable
              label={text.title}
              rows={items as unknown as Row[]}
              rowName={(row) => numberOf(row as unknown as Approval)}
              busy={approvals.isPlaceholderData}
              {...(state === 'open' ? { selected, onSelect: setSelected } : {})}
              href={(row) => `?${withOpen(get('state'), String(row.id))}`}
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
                    row.ageMinutes === undefined || state !== 'open' ? (
                      <InstantText value={String(row.requestedAt)} ago={state === 'open'} />
                    ) : (
                      formatMinutes(Number(row.ageMinutes))
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
        opened={bulk}
        title={text.bulkTitle(chosen.length)}
        confirmLabel={text.approve}
        busy={approveAll.isPending}
        error={approveAll.error}
        onClose={() => setBulk(false)}
        onConfirm={() => approveAll.mutate()}
      >
        {pageText.list.bulkText}
      </ConfirmDialog>
    </section>
  );
}

function withOpen(state: string | undefined, id: string): string {
  const search = new URLSearchParams();
  if (state) search.set('state', state);
  search.set('open', id);
  return search.toString();
}

function DecisionPanel({ approval, onDone }: { approval: Approval; onDone: () => void }) {
  const meta = useMeta().data;
  const [decision, setDecision] = useState<'approve' | 'reject'>();
  const number = numberOf(approval);
  const run = useMutation({
    mutationFn: (body: { reason?: string; text?: string }) => operations.decide(approval.id, decision ?? 'reject', body, approval.version),
    onSuccess: () => {
      toastDone(decision === 'approve' ? text.approved(number) : text.rejected(number), {
        to: documentPath(approval.document.function, approval.document.id),
      });
      onDone();
    },
  });
  const facts: [string, React.ReactNode][] = [
    [
      text.document,
      <Link key="document" to={documentPath(approval.document.function, approval.document.id)}>
        {number}
      </Link>,
    ],
    ['', functionName(meta, approval.document.function) ?? humanise(approval.document.kind)],
    [text.amount, <MoneyText key="amount" value={approval.document.total} currency={approval.document.currency} sign />],
    [text.action, humanise(approval.action)],
    [text.rule, ruleText(approval.rule)],
    [text.requestedBy, nameOf(approval.requestedBy)],
    [text.age, <InstantText key="age" value={approval.requestedAt} ago />],
    [text.level, text.levelOf(approval.level, approval.levels)],
    [text.role, humanise(nameOf(approval.role))],
  ];
  if (approval.escalatesAt)
    facts.push([
      text.escalates,
      approval.nextRole
        ? text.escalation(humanise(approval.nextRole), formatInstant(approval.escalatesAt))
        : formatInstant(approval.escalatesAt),
    ]);
  else if (approval.nextRole) facts.push([text.next, humanise(approval.nextRole)]);
  return (
    <Stack gap="md">
      <dl className={classes.fields} style={{ padding: 0 }}>
        {facts.map(([label, value], index) => (
          <Fact key={`${label}${index}`} label={label} value={value} />
        ))}
      </dl>
      <Button component={Link} to={documentPath(approval.document.function, approval.document.id)} variant="default">
        {text.openDocument}
      </Button>
      {approval.mayDecide === false ? (
        <p className="dim">{text.mayNot}</p>
      ) : (
        <Group grow>
          <Button variant="default" c="var(--p-danger)" onClick={() => setDecision('reject')}>
            {text.reject}
          </Button>
          <Button onClick={() => setDecision('approve')}>{text.approve}</Button>
        </Group>
      )}
      <ReasonDialog
        opened={decision !== undefined}
        title={decision === 'approve' ? text.approveTitle(number) : text.rejectTitle(number)}
        confirmLabel={decision === 'approve' ? text.approve : text.reject}
        danger={decision === 'reject'}
        required={decision === 'reject'}
        busy={run.isPending}
        error={run.error}
        onClose={() => setDecision(undefined)}
        onConfirm={(answer) => run.mutate(answer)}
      >
        {decision === 'approve' ? text.approveText : text.rejectText}
      </ReasonDialog>
    </Stack>
  );
}

function Fact({ label, value }: { label: string; value: React.ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  );
}

/** A document has no number before it is posted; until then it is known by its kind. */
function numberOf(approval: Approval): string {
  return approval.document.number ?? humanise(approval.document.kind);
}

/** `variance over 1000` names the figure in its smallest unit; people read money, or per cent of a rate. */
export function ruleText(rule: unknown): string {
  if (!rule) return '–';
  const [, figure, over] = /^(.+) over (-?\d+)$/.exec(String(rule)) ?? [];
  return figure === undefined ? humanise(String(rule)) : text.over(humanise(figure), String(thresholdText(figure, over)));
}
