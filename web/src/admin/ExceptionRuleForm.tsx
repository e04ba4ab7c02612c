import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem, type ExceptionRule, errorsByField, masterData, type Row } from '@/api';
import { humanise } from '@/kit/format';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { useSession } from '@/kit/session';
import { adminText, commonText, pageText } from '@/messages';
import { ChainField } from './ChainField';
import { chainText } from './chain';
import { DryRunPanel } from './DryRunPanel';
import { bodyOfRule, fieldOfParameter, type RuleValues, shownParameter } from './exceptionRules';

const text = adminText.exceptionRules;

/** What the company or a branch changes of a rule; empty fields say what holds without it. Below, the rule is tried on history. */
export function ExceptionRuleForm({
  rule,
  branch,
  branchId,
  setting,
  onDone,
  onCancel,
}: {
  rule: ExceptionRule;
  branch: string | undefined;
  branchId: string | undefined;
  setting: Row | undefined;
  onDone: () => void;
  onCancel: () => void;
}) {
  const { can } = useSession();
  const [values, setValues] = useState(() => valuesOf(rule, setting));
  const types = Object.fromEntries(rule.parameters.map((parameter) => [parameter.name, parameter.type]));
  const save = useMutation({
    mutationFn: () => {
      const body = bodyOfRule(values, types);
      return setting === undefined
        ? masterData.create('/exception-rules', { rule: rule.code, ...(branchId ? { branchId } : {}), ...body })
        : masterData.change('/exception-rules', String(setting.id), body, setting.version as number);
    },
    onSuccess: onDone,
  });
  const readOnly = !can('kernel.rules.configure');
  const keys = ['active', 'severity', 'ownerRole', 'escalateMinutes', 'escalateRole', 'quietMinutes'];
  const errors = save.error
    ? errorsByField(asProblem(save.error), [...keys, ...rule.parameters.map((one) => `parameters.${one.name}`)])
    : undefined;
  const errorAt = (key: string) => errors?.fields[key];
  const set = (changes: Partial<RuleValues>) => setValues((before) => ({ ...before, ...changes }));
  const standing = rule.company;
  const number = (key: 'escalateMinutes' | 'quietMinutes', hint: string) => (
    <TextInput
      label={text[key]}
      description={hint}
      placeholder={text.inherits(String(standing[key]))}
      inputMode="numeric"
      disabled={readOnly}
      value={values[key]}
      error={errorAt(key)}
      onChange={(event) => set({ [key]: event.currentTarget.value })}
    />
  );
  return (
    <Stack gap="md">
      <p className="dim" style={{ margin: 0 }}>
        {readOnly ? text.readOnly : text.scopeHint} {text.schedule} {rule.scheduled ? text.scheduled : text.atPost}.
      </p>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="sm">
          <Group grow align="start">
            <Select
              label={text.active}
              placeholder={text.inherits(standing.active ? text.on : text.off)}
              clearable
              disabled={readOnly}
              data={[
                { value: 'on', label: text.on },
                { value: 'off', label: text.off },
              ]}
              value={values.active || null}
              onChange={(value) => set({ active: value ?? '' })}
              error={errorAt('active')}
            />
            <Select
              label={text.severity}
              placeholder={text.inherits(humanise(standing.severity))}
              clearable
              disabled={readOnly}
              data={Object.entries(pageText.dashboard.severity).map(([value, label]) => ({ value, label }))}
              value={values.severity || null}
              onChange={(value) => set({ severity: value ?? '' })}
              error={errorAt('severity')}
            />
          </Group>
          {rule.parameters.map((parameter) => (
            <TextInput
              key={parameter.name}
              label={parameter.label}
              placeholder={text.inherits(shownParameter(parameter.type, standing.parameters[parameter.name] ?? parameter.default))}
              inputMode="decimal"
              rightSection={parameter.type === 'rate' ? <span className="dim">%</span> : undefined}
              value={values.parameters[parameter.name] ?? ''}
              error={errorAt(`parameters.${parameter.name}`)}
              onChange={(event) => set({ parameters: { ...values.parameters, [parameter.name]: event.currentTarget.value } })}
            />
          ))}
          <Group grow align="start">
            <RolePicker
              label={text.ownerRole}
              standing={standing.ownerRole}
              value={values.ownerRole}
              disabled={readOnly}
              onChange={(ownerRole) => set({ ownerRole })}
            />
            <RolePicker
              label={text.escalateRole}
              standing={standing.escalateRole}
              value={values.escalateRole}
              disabled={readOnly}
              onChange={(escalateRole) => set({ escalateRole })}
            />
          </Group>
          <Group grow align="start">
            {number('escalateMinutes', text.escalateHint)}
            {number('quietMinutes', text.quietHint)}
          </Group>
          <ChainField
            label={text.escalateThen}
            description={text.escalateThenHint}
            disabled={readOnly}
            error={errorAt('escalateThen')}
            value={values.escalateThen ?? chainText(standing.escalateThen)}
            onChange={(escalateThen) => set({ escalateThen })}
          />
          {errors && (errors.form.length > 0 || Object.keys(errors.fields).length === 0) ? <ProblemNotice error={save.error} /> : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={onCancel}>
              {readOnly ? commonText.close : commonText.cancel}
            </Button>
            {readOnly ? null : (
              <Button type="submit" loading={save.isPending}>
                {commonText.save}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
      <DryRunPanel rule={rule} branch={branch} typed={values.parameters} types={types} />
    </Stack>
  );
}

function valuesOf(rule: ExceptionRule, setting: Row | undefined): RuleValues {
  const written = (setting?.parameters ?? {}) as Record<string, string>;
  const role = (value: unknown) => (value === undefined || value === null ? '' : value === '' ? '-' : String(value));
  return {
    active: typeof setting?.active === 'boolean' ? (setting.active ? 'on' : 'off') : '',
    severity: String(setting?.severity ?? ''),
    ownerRole: role(setting?.ownerRole),
    escalateMinutes: String(setting?.escalateMinutes ?? ''),
    escalateRole: role(setting?.escalateRole),
    quietMinutes: String(setting?.quietMinutes ?? ''),
    escalateThen: Array.isArray(setting?.escalateThen) ? chainText(setting.escalateThen) : null,
    parameters: Object.fromEntries(rule.parameters.map((one) => [one.name, fieldOfParameter(one.type, written[one.name])])),
  };
}

function RolePicker({
  label,
  standing,
  value,
  disabled,
  onChange,
}: {
  label: string;
  standing: string;
  value: string;
  disabled: boolean;
  onChange: (value: string) => void;
}) {
  const { can } = useSession();
  const roles = useQuery({
    queryKey: ['master', '/roles', 'all'],
    queryFn: () => masterData.list('/roles', { limit: 200 }),
    enabled: can('kernel.roles.view'),
    staleTime: 60_000,
  });
  const known = (roles.data?.items ?? []).map((role) => ({
    value: String(role.code),
    label: String(role.name ?? humanise(String(role.code))),
  }));
  const chosen = value !== '' && value !== '-' && !known.some((role) => role.value === value) ? [{ value, label: humanise(value) }] : [];
  return (
    <Select
      label={label}
      placeholder={text.inherits(standing === '' ? text.nobody : humanise(standing))}
      clearable
      searchable
      disabled={disabled}
      data={[{ value: '-', label: text.nobody }, ...chosen, ...known]}
      value={value || null}
      onChange={(next) => onChange(next ?? '')}
    />
  );
}
