import { Button, Checkbox, Group, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { asProblem, errorsByField, masterData, operations, type Row } from '@/api';
import { humanise, nameOf } from '@/kit/format';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { functionName } from '@/kit/paths';
import { useMeta, useSession } from '@/kit/session';
import { commonText } from '@/messages';
import { ChainField } from './ChainField';
import { bodyOf, type FormValues, formOf, missingFields } from './form';
import type { ResourceField, ResourceForm as ResourceShape } from './pages';

/** One record of master data: made with POST, changed with PATCH under its version; errors stand at their fields. */
export function ResourceForm({
  path,
  fields,
  row,
  extra,
  extraBody,
  form,
  whole,
  idKey = 'id',
  readOnly = false,
  onDone,
  onCancel,
}: {
  path: string;
  fields: ResourceField[];
  row?: Row | undefined;
  extra?: ReactNode | ((body: Row) => ReactNode);
  extraBody?: Row;
  form?: ResourceShape | undefined;
  whole?: 'post' | 'put' | undefined;
  /** The member that names the record in its address. */
  idKey?: string;
  readOnly?: boolean;
  onDone: (saved: Row) => void;
  onCancel: () => void;
}) {
  const shown = row === undefined ? undefined : (form?.show(row) ?? row);
  const [values, setValues] = useState<FormValues>(() => formOf(fields, shown));
  const [touched, setTouched] = useState(false);
  const save = useMutation({
    mutationFn: () => {
      const changes = { ...bodyOf(fields, values, whole ? undefined : shown), ...extraBody };
      const body = form?.send(changes, row) ?? changes;
      if (whole === 'put') {
        const { [idKey]: id, ...rest } = body;
        return masterData.put(path, String(id), rest);
      }
      return row === undefined || whole
        ? masterData.create(path, body)
        : masterData.change(path, String(row[idKey] ?? row.code), body, row.version as number | undefined);
    },
    onSuccess: (saved) => onDone(saved ?? values),
  });
  /** All that the form says now, as it would be sent for a new record. */
  const asked = () => {
    const all = bodyOf(fields, values, undefined);
    return form?.send(all, undefined) ?? all;
  };
  const missing = touched ? missingFields(fields, values) : [];
  const errors = save.error
    ? errorsByField(
        asProblem(save.error),
        fields.map((field) => field.key),
      )
    : undefined;
  const set = (key: string, value: string | boolean) => setValues((before) => ({ ...before, [key]: value }));
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTouched(true);
        if (missingFields(fields, values).length === 0) save.mutate();
      }}
    >
      <Stack gap="sm">
        {fields.map((field) => (
          <FieldInput
            key={field.key}
            field={field}
            value={values[field.key] ?? ''}
            of={String(values.function ?? '')}
            ofKind={String(values.kind ?? '')}
            disabled={readOnly || (row !== undefined && (field.fixed ?? false))}
            error={missing.includes(field.key) ? commonText.required : errors?.fields[field.key]}
            onChange={(value) => set(field.key, value)}
          />
        ))}
        {typeof extra === 'function' ? extra(asked()) : extra}
        {errors && (errors.form.length > 0 || Object.keys(errors.fields).length === 0) ? <ProblemNotice error={save.error} /> : null}
        <Group justify="flex-end" mt="xs">
          <Button variant="default" onClick={onCancel}>
            {readOnly ? commonText.close : commonText.cancel}
          </Button>
          {readOnly ? null : (
            <Button type="submit" loading={save.isPending}>
              {row === undefined ? commonText.create : commonText.save}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

function FieldInput({
  field,
  value,
  of,
  ofKind,
  disabled,
  error,
  onChange,
}: {
  field: ResourceField;
  value: string | boolean;
  /** The function that the record is about, where measures are chosen from. */
  of: string;
  /** The kind of document that it is about, where figures are chosen from. */
  ofKind: string;
  disabled: boolean;
  error: string | undefined;
  onChange: (value: string | boolean) => void;
}) {
  const shared = { label: field.label, description: field.hint, disabled, error, withAsterisk: field.required ?? false };
  const text = typeof value === 'string' ? value : '';
  switch (field.kind) {
    case 'boolean':
      return (
        <Checkbox
          label={field.label}
          disabled={disabled}
          error={error}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'choice':
      return (
        <Select
          {...shared}
          data={(field.choices ?? []).map((code) => ({ value: code, label: field.names?.[code] ?? humanise(code) }))}
          value={text || null}
          onChange={(next) => onChange(next ?? '')}
        />
      );
    case 'reference':
      return (
        <ReferenceInput
          {...shared}
          {...(field.none ? { placeholder: field.none } : {})}
          from={field.from ?? { path: '', value: 'code' }}
          value={text}
          onChange={onChange}
        />
      );
    case 'function':
      return <FunctionInput {...shared} value={text} onChange={onChange} />;
    case 'measure':
      return <MeasureInput {...shared} of={of} value={text} onChange={onChange} />;
    case 'documentKind':
    case 'figure':
      return (
        <RuleInput
          {...shared}
          {...(field.none ? { placeholder: field.none } : {})}
          about={field.kind}
          of={of}
          ofKind={ofKind}
          value={text}
          onChange={onChange}
        />
      );
    case 'chain':
      return <ChainField label={field.label} description={field.hint} error={error} disabled={disabled} value={text} onChange={onChange} />;
    case 'role':
      return <RoleInput {...shared} value={text} onChange={onChange} />;
    case 'password':
      return (
        <PasswordInput {...shared} autoComplete="new-password" value={text} onChange={(event) => onChange(event.currentTarget.value)} />
      );
    case 'date':
    case 'instant':
      return <TextInput {...shared} type="date" value={text} onChange={(event) => onChange(event.currentTarget.value)} />;
    default:
      return (
        <TextInput
          {...shared}
          {...(field.none ? { placeholder: field.none } : {})}
          inputMode={field.kind === 'number' || field.kind === 'rate' || field.kind === 'integer' ? 'decimal' : undefined}
          rightSection={field.kind === 'rate' ? <span className="dim">%</span> : undefined}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}

interface InputShape {
  label: string;
  value: string;
  disabled: boolean;
  error: string | undefined;
  description: string | undefined;
  withAsterisk: boolean;
  onChange: (value: string) => void;
}

function FunctionInput({ value, onChange, ...shared }: InputShape) {
  const functions = useMeta().data?.modules.flatMap((module) => module.functions) ?? [];
  const data = functions.map((fn) => ({ value: fn.code, label: fn.name }));
  if (value !== '' && !data.some((item) => item.value === value)) data.push({ value, label: humanise(value) });
  return <Select {...shared} data={data} searchable value={value || null} onChange={(next) => onChange(next ?? '')} />;
}

function MeasureInput({ of, value, onChange, ...shared }: InputShape & { of: string }) {
  const measures = useMeta()
    .data?.modules.flatMap((module) => module.functions)
    .find((fn) => fn.code === of)?.measures;
  const data = (measures ?? []).map((measure) => ({ value: measure.key, label: measure.label }));
  if (value !== '' && !data.some((item) => item.value === value)) data.push({ value, label: humanise(value) });
  return <Select {...shared} data={data} searchable value={value || null} onChange={(next) => onChange(next ?? '')} />;
}

/** What approval rules can say, in the words of the functions. */
export function useRuleChoices() {
  return useQuery({ queryKey: ['approval-rule-choices'], queryFn: operations.approvalRuleChoices, staleTime: 5 * 60_000 }).data?.functions;
}

/** A kind of document that asks for approval, or a figure that a rule for it compares. */
function RuleInput({
  about,
  of,
  ofKind,
  value,
  onChange,
  placeholder,
  ...shared
}: InputShape & { about: 'documentKind' | 'figure'; of: string; ofKind: string; placeholder?: string }) {
  const kinds = useRuleChoices()?.find((fn) => fn.code === of)?.kinds ?? [];
  const data =
    about === 'documentKind'
      ? kinds.filter((kind) => kind.code !== '').map((kind) => ({ value: kind.code, label: kind.name }))
      : (kinds.find((kind) => kind.code === ofKind)?.figures ?? []).map((figure) => ({ value: figure.name, label: figure.label }));
  if (value !== '' && !data.some((item) => item.value === value)) data.push({ value, label: humanise(value) });
  return (
    <Select
      {...shared}
      data={data}
      clearable
      {...(placeholder ? { placeholder } : {})}
      value={value || null}
      onChange={(next) => onChange(next ?? '')}
    />
  );
}

/** A role by its name; by its code for those who may not look at the roles. */
function RoleInput({ value, onChange, ...shared }: InputShape) {
  const { can } = useSession();
  return can('kernel.roles.view') ? (
    <ReferenceInput {...shared} from={{ path: '/roles', value: 'code' }} value={value} onChange={onChange} />
  ) : (
    <TextInput {...shared} value={value} onChange={(event) => onChange(event.currentTarget.value)} />
  );
}

type Source = NonNullable<ResourceField['from']>;

function keyIn(row: Row, from: Source): string {
  return String(row[from.value] ?? row.code ?? row.id);
}

/** What people call a record; an account is known by its number as well. */
function namedIn(row: Row, from: Source): string {
  if (from.value === 'role') return humanise(String(row.role));
  return from.path === '/ledger/chart' ? `${row.code} ${row.name}` : nameOf(row);
}

function useOptions(from: Source, q: string) {
  return useQuery({
    queryKey: ['master', from.path, 'options', q],
    queryFn: ({ signal }) => masterData.list(from.path, { limit: 200, ...(q ? { q } : {}) }, signal),
    staleTime: 60_000,
    placeholderData: (before) => before,
  });
}

/** A record behind an id: found among the first of its kind, else asked for by itself. */
function useReferred(from: Source, value: string) {
  const options = useOptions(from, '');
  const found = options.data?.items.find((row) => keyIn(row, from) === value);
  const whole = options.isSuccess && options.data.next === undefined;
  const single = useQuery({
    queryKey: ['master', from.path, 'one', value],
    queryFn: () => masterData.one(from.path, value),
    enabled: value !== '' && options.isSuccess && found === undefined && !whole,
    staleTime: 5 * 60_000,
    retry: false,
  });
  return found ?? single.data;
}

export function FunctionName({ code }: { code: string }) {
  return functionName(useMeta().data, code) ?? humanise(code);
}

export function MeasureName({ of, code }: { of: string; code: string }) {
  const fn = useMeta()
    .data?.modules.flatMap((module) => module.functions)
    .find((item) => item.code === of);
  return fn?.measures.find((measure) => measure.key === code)?.label ?? humanise(code);
}

/** `sales.point-of-sale/T1` is the series of the point of sale at T1. */
export function SeriesName({ code }: { code: string }) {
  const [of = '', ...rest] = code.split('/');
  return [functionName(useMeta().data, of) ?? humanise(of), ...rest].join(' · ');
}

export function RoleName({ code }: { code: string }) {
  const { can } = useSession();
  if (code === '') return null;
  return can('kernel.roles.view') ? <ReferenceName from={{ path: '/roles', value: 'code' }} value={code} /> : humanise(code);
}

/** The name behind a reference in a table. */
export function ReferenceName({ from, value }: { from: Source; value: string }) {
  const row = useReferred(from, value);
  if (from.value === 'role') return humanise(value);
  return row ? namedIn(row, from) : value.length > 20 ? '…' : value;
}

/** Chooses a record of other master data; long lists are searched on the server. */
export function ReferenceInput({
  from,
  value,
  onChange,
  ...shared
}: {
  from: Source;
  value: string;
  onChange: (value: string) => void;
  label: string;
  disabled?: boolean;
  error?: string | undefined;
  description?: string | undefined;
  withAsterisk?: boolean;
  placeholder?: string;
}) {
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), 200);
  const referred = useReferred(from, value);
  const options = useOptions(from, referred && nameOf(referred) === q ? '' : q);
  const named = (row: Row) => namedIn(row, from);
  const data = new Map((options.data?.items ?? []).map((row) => [keyIn(row, from), named(row)]));
  if (value !== '' && !data.has(value)) data.set(value, referred ? named(referred) : value);
  return (
    <Select
      {...shared}
      data={[...data].map(([key, name]) => ({ value: key, label: name }))}
      searchable
      clearable
      filter={({ options: all }) => all}
      onSearchChange={setTyped}
      value={value || null}
      onChange={(next) => onChange(next ?? '')}
    />
  );
}
