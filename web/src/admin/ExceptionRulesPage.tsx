import { Drawer, Select } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ExceptionRule, masterData, operations, type Row } from '@/api';
import { changeAddress, useAddress } from '@/kit/address';
import { DataTable } from '@/kit/DataTable';
import { formatMinutes, humanise } from '@/kit/format';
import { Page } from '@/kit/Page';
import { StatusBadge } from '@/kit/StatusBadge';
import { useSession } from '@/kit/session';
import { EmptyState, QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { adminText } from '@/messages';
import { ExceptionRuleForm } from './ExceptionRuleForm';
import { shownParameter } from './exceptionRules';
import { adminCrumb } from './pages';

const text = adminText.exceptionRules;

/** The rules of all functions as they hold for the company, or at a branch; a press on one opens what may be changed of it. */
export function Component() {
  const { params, get, set } = useAddress();
  const { session } = useSession();
  const client = useQueryClient();
  const branch = get('branch');
  const rules = useQuery({
    queryKey: ['exception-rules', branch],
    queryFn: () => operations.exceptionRules(branch),
    placeholderData: (before) => before,
  });
  const settings = useQuery({
    queryKey: ['exception-rules', 'settings'],
    queryFn: () => masterData.list('/exception-rules', { limit: 200 }),
  });
  const branches = useQuery({
    queryKey: ['master', '/organisation/branches', 'all'],
    queryFn: () => masterData.list('/organisation/branches', { limit: 200 }),
  });
  const opened = rules.data?.items.find((rule) => rule.code === get('open'));
  const branchId = branch === undefined ? undefined : String(branches.data?.items.find((row) => row.code === branch)?.id ?? '');
  const own = (rule: string) => (settings.data?.items ?? []).filter((row) => row.rule === rule && row.branchId).length;
  return (
    <Page title={text.title} sub={text.sub} crumbs={[adminCrumb]}>
      <section className="panel">
        <div className="panel-head">
          <Select
            aria-label={text.where}
            w={280}
            clearable
            placeholder={text.company}
            value={branch ?? null}
            onChange={(value) => set({ branch: value ?? undefined, open: undefined })}
            data={session.branches.map((one) => ({ value: one.code, label: one.name }))}
          />
        </div>
        <QueryState query={rules}>
          {(data) => (
            <DataTable
              label={text.title}
              rows={data.items.map((rule) => ({ ...rule, id: rule.code })) as unknown as Row[]}
              busy={rules.isPlaceholderData}
              href={(row) => `?${changeAddress(params, { open: String(row.code) })}`}
              columns={[
                { key: 'name', label: text.rule, type: 'text' },
                { key: 'functionName', label: text.function, type: 'text' },
                {
                  key: 'active',
                  label: text.active,
                  type: 'text',
                  render: (row) =>
                    ruleOf(row).company.active ? (
                      <StatusBadge status="active" label={text.on} />
                    ) : (
                      <StatusBadge status="inactive" label={text.off} />
                    ),
                },
                {
                  key: 'severity',
                  label: text.severity,
                  type: 'text',
                  render: (row) => <StatusBadge status={ruleOf(row).company.severity} />,
                },
                { key: 'parameters', label: text.parameters, type: 'text', render: (row) => parametersOf(ruleOf(row)) },
                { key: 'ownerRole', label: text.ownerRole, type: 'text', render: (row) => roleOf(ruleOf(row).company.ownerRole) },
                { key: 'escalation', label: text.escalation, type: 'text', render: (row) => escalationOf(ruleOf(row)) },
                { key: 'own', label: text.branches, type: 'integer', render: (row) => own(String(row.code)) || '–' },
              ]}
              empty={<EmptyState title={text.none} />}
            />
          )}
        </QueryState>
      </section>
      <Drawer opened={opened !== undefined} onClose={() => set({ open: undefined }, true)} title={opened?.name} position="right" size="lg">
        {opened && settings.data && (branch === undefined || branchId) ? (
          <ExceptionRuleForm
            key={`${opened.code} ${branch}`}
            rule={opened}
            branch={branch}
            branchId={branchId}
            setting={settings.data.items.find((row) => row.rule === opened.code && (row.branchId ?? undefined) === branchId)}
            onDone={() => {
              toastDone(text.saved(opened.name));
              set({ open: undefined }, true);
              void client.invalidateQueries({ queryKey: ['exception-rules'] });
            }}
            onCancel={() => set({ open: undefined }, true)}
          />
        ) : null}
      </Drawer>
    </Page>
  );
}

const ruleOf = (row: Row) => row as unknown as ExceptionRule;

const roleOf = (role: string) => (role === '' ? '–' : humanise(role));

function parametersOf(rule: ExceptionRule): string {
  if (rule.parameters.length === 0) return '–';
  return rule.parameters
    .map(
      (parameter) => `${parameter.label} ${shownParameter(parameter.type, rule.company.parameters[parameter.name] ?? parameter.default)}`,
    )
    .join(', ');
}

function escalationOf(rule: ExceptionRule): string {
  const { escalateMinutes, escalateRole, escalateThen } = rule.company;
  if (!(escalateMinutes > 0) || escalateRole === '') return '–';
  return [{ role: escalateRole, minutes: escalateMinutes }, ...escalateThen]
    .map((link) => text.escalates(humanise(link.role), formatMinutes(Number(link.minutes))))
    .join(', ');
}
