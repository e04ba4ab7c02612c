import type { Section, Table } from '@/api';
import { CellValue } from '@/kit/cells';
import { DataTable } from '@/kit/DataTable';
import { isNumericType } from '@/kit/format';
import { EmptyState } from '@/kit/states';
import { pageText } from '@/messages';
import classes from './DocumentPage.module.css';

/** Facts of a document as name and value, in titled groups. */
export function Sections({ sections, currency }: { sections: Section[]; currency?: string | undefined }) {
  if (sections.length === 0) return null;
  return (
    <div className={classes.sections}>
      {sections.map((section) => (
        <section key={section.title} className="panel">
          <div className="panel-head">
            <h2>{section.title}</h2>
          </div>
          <dl className={classes.pairs} data-wide={sections.length === 1}>
            {section.fields.map((field) => (
              <FieldLine key={field.label} field={field} currency={currency} />
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

function FieldLine({ field, currency }: { field: Section['fields'][number]; currency: string | undefined }) {
  return (
    <div>
      <dt>{field.label}</dt>
      <dd data-numeric={isNumericType(field.type)}>
        <CellValue value={field.value} type={field.type} currency={currency} />
      </dd>
    </div>
  );
}

export function DocumentTables({ tables, currency }: { tables: Table[]; currency?: string | undefined }) {
  return (
    <>
      {tables.map((table) => (
        <section key={table.key} className="panel">
          <div className="panel-head">
            <h2>{table.title}</h2>
            <span className="dim num">{table.rows.length}</span>
          </div>
          <DataTable
            label={table.title}
            columns={table.columns}
            rows={table.rows}
            rowKey={(_, index) => String(index)}
            currency={currency}
            empty={<EmptyState title={pageText.detail.rows} />}
          />
        </section>
      ))}
    </>
  );
}
