import { Button, Drawer, Group, SegmentedControl, Select, Stack } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { type ExceptionItem, operations, type Row } from '@/api';
import { changeAddress, useAddress } from '@/kit/address';
import { InstantText } from '@/kit/cells';
import { DataTable } from '@/kit/DataTable';
import { ReasonDialog } from '@/kit/dialogs';
import { humanise, nameOf } from '@/kit/format';
import { Page } from '@/kit/Page';
import { documentPath } from '@/kit/paths';
import { StatusBadge } from '@/kit/StatusBadge';
import { branchName, useMeta, useSession } from '@/kit/session';
import { EmptyState, QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { pageText } from '@/messages';
import classes from './DocumentPage.module.css';
import { Pager } from './FunctionList';

const text = pageText.exceptions;

export function Component() {
  const { params, get, set } = useAddress();
  const { session } = useSession();
  const meta = useMeta().data;
  const rules = new Map(
    meta?.modules.flatMap((module) => module.functions.flatMap((fn) => fn.exceptions.map((rule) => [rule.code, rule.label]))),
  );
  const state = get('state') ?? 'open';
  const query = { state, severity: get('severity'), function: get('function'), rule: get('rule'), after: get('after'), limit: 50 };
  const exceptions = useQuery({
    queryKey: ['exceptions', query],
    queryFn: () => operations.exceptions(query),
    placeholderData: (before) => before,
  });
  const opened = exceptions.data?.items.find((item) => item.id === get('open'));
  return (
    <Page title={text.title} sub={text.sub}>
      <section className="panel">
        <div className="panel-head" style={{ flexWrap: 'wrap' }}>
          <SegmentedControl
            aria-label={text.state}
            value={state}
            onChange={(value) => set({ state: value === 'open' ? undefined : value, open: undefined })}
            data={Object.entries(text.states).map(([value, label]) => ({ value, label }))}
          />
          <Select
            aria-label={text.severity}
            placeholder={text.severity}
            clearable
            w={140}
            value={get('severity') ?? null}
            onChange={(value) => set({ severity: value })}
            data={Object.entries(pageText.dashboard.severity).map(([value, label]) => ({ value, label }))}
          />
          <Select
            aria-label={text.rule}
            placeholder={text.rule}
            clearable
            w={260}
            value={get('rule') ?? null}
            onChange={(value) => set({ rule: value })}
            data={[...rules].map(([value, label]) => ({ value, label }))}
          />
        </div>
        <QueryState query={exceptions}>
          {(data) => (
            <>
              <DataTable
                label={text.title}
                rows={data.items as unknown as Row[]}
                rowName={(row) => String(row.message)}
                busy={exceptions.isPlaceholderData}
                href={(row) => `?${changeAddress(params, { open: String(row.id) })}`}
                columns={[
                  { key: 'message', label: text.message, type: 'text' },
                  { key: 'severity', label: text.severity, type: 'status' },
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
                  { key: 'state', label: text.state, type: 'status' },
                  { key: 'owner', label: text.owner, type: 'user' },
                ]}
                empty={<EmptyState title={text.empty}>{text.emptyHint}</EmptyState>}
              />
              <Pager next={data.next} total={data.total} />
            </>
          )}
        </QueryState>
      </section>
      <Drawer opened={opened !== undefined} onClose={() => set({ open: undefined }, true)} title={text.message}>
        {opened ? <ExceptionPanel item={opened} onDone={() => set({ open: undefined }, true)} /> : null}
      </Drawer>
    </Page>
  );
}

function ExceptionPanel({ item, onDone }: { item: ExceptionItem; onDone: () => void }) {
  const client = useQueryClient();
  const [step, setStep] = useState<'acknowledge' | 'resolve'>();
  const run = useMutation({
    mutationFn: (answer: { reason?: string; text?: string }) =>
      operations.settleException(item.id, step ?? 'acknowledge', {
        ...answer,
        ...(answer.reason || !answer.text ? {} : { reason: answer.text }),
      }),
    onSuccess: () => {
      toastDone(step === 'resolve' ? text.resolved : text.acknowledged);
      void client.invalidateQueries({ queryKey: ['exceptions'] });
      onDone();
    },
  });
  const documentFunction = item.document?.function ?? item.function;
  return (
    <Stack gap="md">
      <Group gap="xs">
        <StatusBadge status={item.severity} />
        {item.state ? <StatusBadge status={item.state} /> : null}
      </Group>
      <p style={{ margin: 0, fontWeight: 550 }}>{item.message}</p>
      <dl className={classes.fields} style={{ padding: 0 }}>
        <dt>{text.rule}</dt>
        <dd>{humanise(item.rule)}</dd>
        <dt>{text.branch}</dt>
        <dd>{nameOf(item.branch)}</dd>
        <dt>{text.raised}</dt>
        <dd>
          <InstantText value={item.raisedAt} />
        </dd>
        {item.document && documentFunction ? (
          <>
            <dt>{text.document}</dt>
            <dd>
              <Link to={documentPath(documentFunction, item.document.id)}>{item.document.number}</Link>
            </dd>
          </>
        ) : null}
      </dl>
      {item.state === 'resolved' ? null : (
        <Group grow>
          {item.state === 'acknowledged' ? null : (
            <Button variant="default" onClick={() => setStep('acknowledge')}>
              {text.acknowledge}
            </Button>
          )}
          <Button onClick={() => setStep('resolve')}>{text.resolve}</Button>
        </Group>
      )}
      <ReasonDialog
        opened={step !== undefined}
        title={step === 'resolve' ? text.resolve : text.acknowledge}
        confirmLabel={step === 'resolve' ? text.resolve : text.acknowledge}
        required={step === 'resolve'}
        busy={run.isPending}
        error={run.error}
        onClose={() => setStep(undefined)}
        onConfirm={(answer) => run.mutate(answer)}
      >
        {item.message}
      </ReasonDialog>
    </Stack>
  );
}
