import { Button, Drawer, Group, SegmentedControl } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type ExceptionItem, operations, type Row } from '@/api';
import { changeAddress, useAddress } from '@/kit/address';
import { InstantText } from '@/kit/cells';
import { DataTable } from '@/kit/DataTable';
import { FilterBar, type FilterColumn } from '@/kit/FilterBar';
import { humanise, nameOf } from '@/kit/format';
import { Page } from '@/kit/Page';
import { branchName, useMeta, useSession } from '@/kit/session';
import { EmptyState, QueryState } from '@/kit/states';
import { pageText } from '@/messages';
import { ExceptionPanel } from './ExceptionPanel';
import { ExceptionStepDialog, type Step } from './ExceptionStepDialog';
import { Pager } from './FunctionList';

const text = pageText.exceptions;
const permission = 'kernel.exceptions.resolve';
const keys = ['severity', 'rule', 'function', 'branch', 'owner', 'role', 'age'] as const;

/** What rules found across all functions: every filter in the address, several settled at once, one opened beside the list. */
export function Component() {
  const { params, all, get, set } = useAddress();
  const { session, can } = useSession();
  const client = useQueryClient();
  const columns = useFilters();
  const [selected, setSelected] = useState<Set<string>>(new Set());
  const [step, setStep] = useState<Step>();
  const state = get('state') ?? 'open';
  const { age, ...filters } = Object.fromEntries(keys.map((key) => [key, get(key)]));
  const query = { ...filters, state, olderThanMinutes: age, after: get('after'), limit: 50 };
  const exceptions = useQuery({
    queryKey: ['exceptions', query],
    queryFn: () => operations.exceptions(query),
    placeholderData: (before) => before,
  });
  const chosen = (exceptions.data?.items ?? []).filter((item) => selected.has(item.id));
  const again = () => {
    setSelected(new Set());
    setStep(undefined);
    void client.invalidateQueries({ queryKey: ['exceptions'] });
  };
  const filtered = keys.some((key) => all[key] !== undefined);
  const settles = can(permission) && state !== 'resolved';
  return (
    <Page title={text.title} sub={text.sub}>
      <section className="panel">
        <div className="panel-head" style={{ flexWrap: 'wrap' }}>
          <SegmentedControl
            aria-label={text.state}
            value={state}
            onChange={(value) => {
              setSelected(new Set());
              set({ state: value === 'open' ? undefined : value, open: undefined });
            }}
            data={Object.entries(text.states).map(([value, label]) => ({ value, label }))}
          />
          <span style={{ flex: 1 }} />
          {chosen.length > 0 ? (
            <Group gap="xs" role="toolbar" aria-label={text.selected(chosen.length)}>
              <span className="dim num">{text.selected(chosen.length)}</span>
              {state === 'acknowledged' ? null : (
                <Button variant="default" onClick={() => setStep('acknowledge')}>
                  {text.acknowledge}
                </Button>
              )}
              <Button variant="default" onClick={() => setStep('assign')}>
                {text.assign}
              </Button>
              <Button variant="default" onClick={() => setStep('snooze')}>
                {text.snooze}
              </Button>
              <Button onClick={() => setStep('resolve')}>{text.resolve}</Button>
            </Group>
          ) : null}
        </div>
        <div style={{ padding: '0.75rem 1rem' }}>
          <FilterBar columns={columns} search={false} period={false} views />
        </div>
        <QueryState query={exceptions}>
          {(data) => (
            <>
              <DataTable
                label={text.title}
                rows={data.items as unknown as Row[]}
                rowName={(row) => String(row.message)}
                busy={exceptions.isPlaceholderData}
                {...(settles ? { selected, onSelect: setSelected } : {})}
                href={(row) => `?${changeAddress(params, { open: String(row.id) })}`}
                columns={[
                  { key: 'message', label: text.message, type: 'text' },
                  { key: 'severity', label: text.severity, type: 'status' },
                  { key: 'count', label: text.times, type: 'integer', render: (row) => text.timesOf(Number(row.count)) },
                  { key: 'branch', label: text.branch, type: 'branch', render: (row) => branchName(session, row.branch) },
                  {
                    key: 'document',
                    label: text.document,
                    type: 'text',
                    render: (row) => nameOf((row as unknown as ExceptionItem).document?.number),
                  },
                  {
                    key: 'raisedAt',
                    label: text.raised,
                    type: 'instant',
                    render: (row) => <InstantText value={String(row.raisedAt)} ago />,
                  },
                  { key: 'owner', label: text.owner, type: 'text', render: (row) => ownerOf(row as unknown as ExceptionItem) },
                ]}
                empty={<EmptyState title={text.empty}>{filtered ? text.emptyFiltered : text.emptyHint}</EmptyState>}
              />
              <Pager next={data.next} total={data.total} />
            </>
          )}
        </QueryState>
      </section>
      <Drawer
        opened={get('open') !== undefined}
        onClose={() => set({ open: undefined }, true)}
        title={text.message}
        position="right"
        size="md"
      >
        {get('open') ? <ExceptionPanel key={get('open')} id={get('open') ?? ''} onDone={again} /> : null}
      </Drawer>
      <ExceptionStepDialog step={step} items={chosen} onClose={() => setStep(undefined)} onDone={again} />
    </Page>
  );
}

/** The person, else the role that looks after it. */
function ownerOf(item: ExceptionItem): string {
  return item.owner ?? (item.ownerRole ? humanise(item.ownerRole) : text.nobody);
}

function useFilters(): FilterColumn[] {
  const meta = useMeta().data;
  const { session } = useSession();
  const { get } = useAddress();
  const functions = meta?.modules.flatMap((module) => module.functions) ?? [];
  const of = get('function');
  const rules = functions.filter((fn) => of === undefined || fn.code === of).flatMap((fn) => fn.exceptions);
  const option = (key: string, label: string, options: { value: string; label: string }[]): FilterColumn => ({
    key,
    label,
    type: 'text',
    filterable: true,
    options,
  });
  const role = get('role');
  return [
    option(
      'severity',
      text.severity,
      Object.entries(pageText.dashboard.severity).map(([value, label]) => ({ value, label })),
    ),
    option(
      'function',
      text.function,
      functions.filter((fn) => fn.exceptions.length > 0).map((fn) => ({ value: fn.code, label: fn.name })),
    ),
    option(
      'rule',
      text.rule,
      rules.map((rule) => ({ value: rule.code, label: rule.label })),
    ),
    option(
      'branch',
      text.branch,
      session.branches.map((branch) => ({ value: branch.code, label: branch.name })),
    ),
    option('owner', text.owner, [
      { value: 'me', label: text.ownerMe },
      { value: 'none', label: text.ownerNone },
    ]),
    // A notice to a role leads here; nobody need choose it by hand.
    { ...option('role', text.role, role === undefined ? [] : [{ value: role, label: humanise(role) }]), offered: false },
    option(
      'age',
      text.age,
      Object.entries(text.ages).map(([value, label]) => ({ value, label })),
    ),
  ];
}
