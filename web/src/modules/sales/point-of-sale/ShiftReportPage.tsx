import { Button, SegmentedControl } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type Field, pointOfSale, type Row, type Section, type Shift, type Table, type TenderCount } from '@/api';
import { useAddress } from '@/kit/address';
import { humanise, nameOf } from '@/kit/format';
import { Page } from '@/kit/Page';
import { QueryState } from '@/kit/states';
import { commonText, tillText } from '@/messages';
import { DocumentTables, Sections } from '@/pages/DocumentBody';
import { ShiftPageFrame, shiftCrumbs, TenderTable } from './shiftParts';

const text = tillText.shift;

/** The X report while the shift runs, the Z report when it is closed. */
export function Component() {
  return <ShiftPageFrame title={text.x}>{(shift) => <ShiftReport shift={shift} />}</ShiftPageFrame>;
}

function ShiftReport({ shift }: { shift: Shift }) {
  const { get, set } = useAddress();
  const kind = get('kind') === 'z' ? 'z' : 'x';
  const report = useQuery({ queryKey: ['shift-report', shift.id, kind], queryFn: () => pointOfSale.shiftReport(shift.id, kind) });
  return (
    <Page
      title={`${text[kind]} ${shift.number}`}
      crumbs={shiftCrumbs(shift)}
      narrow
      actions={
        <>
          {shift.state === 'closed' ? (
            <SegmentedControl
              value={kind}
              onChange={(value) => set({ kind: value }, true)}
              data={[
                { value: 'x', label: text.x },
                { value: 'z', label: text.z },
              ]}
            />
          ) : null}
          <Button variant="default" leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
            {commonText.print}
          </Button>
        </>
      }
    >
      <QueryState query={report}>{(data) => <ReportBody report={data} />}</QueryState>
    </Page>
  );
}

function ReportBody({ report }: { report: Row }) {
  const sections = (report.sections as Section[] | undefined) ?? [facts(report)];
  const tenders = report.tenders as TenderCount[] | undefined;
  const tables = (report.tables as Table[] | undefined) ?? plainTables(report);
  return (
    <>
      <Sections sections={sections} />
      {tenders && report.tables === undefined ? (
        <section className="panel">
          <div className="panel-head">
            <h2>{text.tenders}</h2>
          </div>
          <TenderTable tenders={tenders} />
        </section>
      ) : null}
      <DocumentTables tables={tables} />
    </>
  );
}

/** A report that came as plain members, as name and value; the type follows from what the value looks like. */
export function facts(report: Row): Section {
  const fields: Field[] = Object.entries(report)
    .filter(([key, value]) => key !== 'id' && value !== null && (typeof value !== 'object' || 'name' in value || 'code' in value))
    .map(([key, value]) => ({ label: humanise(key), value: typeof value === 'object' ? nameOf(value) : value, type: typeOf(value) }));
  return { title: tillText.shift.number, fields };
}

function typeOf(value: unknown): Field['type'] {
  if (typeof value === 'number') return 'integer';
  if (typeof value !== 'string') return 'text';
  if (/^-?\d+\.\d{2,3}$/.test(value)) return 'money';
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return 'instant';
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return 'date';
  return 'text';
}

function plainTables(report: Row): Table[] {
  return Object.entries(report)
    .filter((entry): entry is [string, Row[]] => Array.isArray(entry[1]) && entry[0] !== 'tenders' && typeof entry[1][0] === 'object')
    .map(([key, rows]) => ({
      key,
      title: humanise(key),
      columns: Object.keys(rows[0] ?? {}).map((column) => ({ key: column, label: humanise(column), type: typeOf(rows[0]?.[column]) })),
      rows,
    }));
}
