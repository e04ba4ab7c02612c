import { Button, Checkbox, Group, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { asProblem, errorsByField, masterData, type Row } from '@/api';
import { humanise, nameOf } from '@/kit/format';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { commonText } from '@/messages';
import { bodyOf, type FormValues, formOf, missingFields } from './form';
import type { ResourceField } from './pages';

/** One record of master data: made with POST, changed with PATCH under its version; errors stand at their fields. */
export function ResourceForm({
  path,
  fields,
  row,
  extra,
  extraBody,
  onDone,
  onCancel,
}: {
  path: string;
  fields: ResourceField[];
  row?: Row | undefined;
  extra?: ReactNode;
  extraBody?: Row;
  onDone: (saved: Row) => void;
  onCancel: () => void;
}) {
  const [values, setValues] = useState<FormValues>(() => formOf(fields, row));
  const [touched, setTouched] = useState(false);
  const save = useMutation({
    mutationFn: () => {
      const body = { ...bodyOf(fields, values, row), ...extraBody };
      return row === undefined
        ? masterData.create(path, body)
        : masterData.change(path, String(row.id ?? row.code), body, row.version as number | undefined);
    },
    onSuccess: (saved) => onDone(saved ?? values),
  });
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
            disabled={row !== undefined && (field.fixed ?? false)}
            error={missing.includes(field.key) ? commonText.required : errors?.fields[field.key]}
            onChange={(value) => set(field.key, value)}
          />
        ))}
        {extra}
        {errors && (errors.form.length > 0 || Object.keys(errors.fields).length === 0) ? <ProblemNotice error={save.error} /> : null}
        <Group justify="flex-end" mt="xs">
          <Button variant="default" onClick={onCancel}>
            {commonText.cancel}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {row === undefined ? commonText.create : commonText.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function FieldInput({
  field,
  value,
  disabled,
  error,
  onChange,
}: {
  field: ResourceField;
  value: string | boolean;
  disabled: boolean;
  error: string | undefined;
  onChange: (value: string | boolean) => void;
}) {
  const shared = { label: field.label, description: field.hint, disabled, error, withAsterisk: field.required ?? false };
  const text = typeof value === 'string' ? value : '';
  switch (field.kind) {
    case 'boolean':
      return <Checkbox label={field.label} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
    case 'choice':
      return (
        <Select
          {...shared}
          data={(field.choices ?? []).map((code) => ({ value: code, label: humanise(code) }))}
          value={text || null}
          onChange={(next) => onChange(next ?? '')}
        />
      );
    case 'reference':
      return <ReferenceInput {...shared} from={field.from ?? { path: '', value: 'code' }} value={text} onChange={onChange} />;
    case 'password':
      return (
        <PasswordInput {...shared} autoComplete="new-password" value={text} onChange={(event) => onChange(event.currentTarget.value)} />
      );
    case 'date':
      return <TextInput {...shared} type="date" value={text} onChange={(event) => onChange(event.currentTarget.value)} />;
    default:
      return (
        <TextInput
          {...shared}
          inputMode={field.kind === 'number' || field.kind === 'rate' ? 'decimal' : undefined}
          rightSection={field.kind === 'rate' ? <span className="dim">%</span> : undefined}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}

export function ReferenceInput({
  from,
  value,
  onChange,
  ...shared
}: {
  from: { path: string; value: 'code' | 'id' };
  value: string;
  onChange: (value: string) => void;
  label: string;
  disabled?: boolean;
  error?: string | undefined;
  description?: string | undefined;
  withAsterisk?: boolean;
  placeholder?: string;
}) {
  const options = useQuery({
    queryKey: ['master', from.path, 'options'],
    queryFn: ({ signal }) => masterData.list(from.path, { limit: 500 }, signal),
    staleTime: 60_000,
  });
  const data = (options.data?.items ?? []).map((row) => ({ value: String(row[from.value] ?? row.code ?? row.id), label: nameOf(row) }));
  const known = value === '' || data.some((item) => item.value === value) ? data : [...data, { value, label: value }];
  return <Select {...shared} data={known} searchable clearable value={value || null} onChange={(next) => onChange(next ?? '')} />;
}
