import { Select, TextInput } from '@mantine/core';
import type { ImportAsk, ImportColumns, ImportKind } from '@/api';
import { humanise } from '@/kit/format';
import { importText as text } from '@/messages';

const constant = '\u0000constant';

/** Which column of the file is which field, with what the first rows have in it. */
export function ColumnMapping({
  fields,
  columns,
  mapping,
  onChange,
}: {
  fields: ImportKind['fields'];
  columns: ImportColumns;
  mapping: ImportAsk['mapping'];
  onChange: (mapping: ImportAsk['mapping']) => void;
}) {
  const without = (of: Record<string, string> | undefined, field: string) =>
    Object.fromEntries(Object.entries(of ?? {}).filter(([key]) => key !== field));
  const set = (field: string, heading: string | null) =>
    onChange({
      ...mapping,
      columns: heading && heading !== constant ? { ...mapping.columns, [field]: heading } : without(mapping.columns, field),
      constants: heading === constant ? { ...mapping.constants, [field]: '' } : without(mapping.constants, field),
    });
  const sample = (heading: string | undefined) => {
    const at = heading === undefined ? -1 : columns.headings.indexOf(heading);
    return at < 0
      ? ''
      : columns.samples
          .map((row) => row[at])
          .filter(Boolean)
          .slice(0, 3)
          .join(' · ');
  };
  return (
    <section aria-label={text.columns}>
      <h2 style={{ marginTop: '1rem' }}>{text.columns}</h2>
      {columns.remembered ? <p className="dim small">{text.remembered}</p> : null}
      <div style={{ display: 'grid', gap: '0.75rem 1.5rem', gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 19rem), 1fr))' }}>
        {fields.map((field) => {
          const given = mapping.constants?.[field.name];
          return (
            <div key={field.name}>
              <Select
                label={humanise(field.name)}
                withAsterisk={field.required}
                clearable
                placeholder={text.none}
                value={given === undefined ? (mapping.columns[field.name] ?? null) : constant}
                onChange={(heading) => set(field.name, heading)}
                data={[...new Set(columns.headings)]
                  .filter(Boolean)
                  .map((heading) => ({ value: heading, label: heading }))
                  .concat({ value: constant, label: text.constant })}
              />
              {given === undefined ? (
                <div className="dim small">{sample(mapping.columns[field.name])}</div>
              ) : (
                <TextInput
                  mt={4}
                  aria-label={text.constantOf(humanise(field.name))}
                  value={given}
                  onChange={(event) =>
                    onChange({ ...mapping, constants: { ...mapping.constants, [field.name]: event.currentTarget.value } })
                  }
                />
              )}
            </div>
          );
        })}
        <Select
          label={text.decimal}
          allowDeselect={false}
          value={mapping.decimalSeparator ?? '.'}
          onChange={(value) => onChange({ ...mapping, decimalSeparator: value ?? '.' })}
          data={[
            { value: '.', label: text.point },
            { value: ',', label: text.comma },
          ]}
        />
        <Select
          label={text.dates}
          allowDeselect={false}
          value={mapping.dateFormat ?? 'yyyy-MM-dd'}
          onChange={(value) => onChange({ ...mapping, dateFormat: value ?? 'yyyy-MM-dd' })}
          data={['yyyy-MM-dd', 'dd.MM.yyyy', 'dd/MM/yyyy', 'MM/dd/yyyy']}
        />
      </div>
    </section>
  );
}
