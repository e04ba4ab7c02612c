import { Button, SegmentedControl } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type Field, pointOfSale, type ShiftReport as Report, type Section, type Shift, type Table } from '@/api';
import { useAddress } from '@/kit/address';
import { nameOf } from '@/kit/format';
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

function ReportBody({ report }: { report: Report }) {
  const text = tillText.report;
  const money = (label: string, value: string | undefined): Field[] => (value === undefined ? [] : [{ label, value, type: 'money' }]);
  const sections: Section[] = [
    {
      title: text.sales,
      fields: [
        ...money(text.gross, report.gross),
        ...money(text.discounts, report.discounts),
        ...money(text.net, report.net),
        ...money(text.tax, report.tax),
        ...money(text.total, report.total),
        ...money(text.rounding, report.rounding),
        ...money(text.cost, report.cost),
        ...money(text.margin, report.margin),
      ],
    },
    {
      title: text.drawer,
      fields: [
        ...money(text.float, report.float),
        ...money(text.paidIn, report.paidIn),
        ...money(text.paidOut, report.paidOut),
        ...money(text.drops, report.drops),
      ],
    },
    {
      title: text.shift,
      fields: [
        { label: tillText.shift.terminal, value: nameOf(report.shift.terminal), type: 'text' },
        { label: tillText.shift.openedBy, value: nameOf(report.shift.openedBy), type: 'text' },
        { label: tillText.shift.openedAt, value: report.shift.openedAt, type: 'instant' },
        { label: text.receipts, value: report.sales, type: 'integer' },
        { label: text.reversals, value: report.reversals, type: 'integer' },
        { label: text.overrides, value: report.overrides, type: 'integer' },
        { label: text.openings, value: report.noSaleOpenings, type: 'integer' },
        { label: text.first, value: report.firstReceipt, type: 'text' },
        { label: text.last, value: report.lastReceipt, type: 'text' },
        { label: text.gaps, value: report.gaps.join(', '), type: 'text' },
        { label: text.made, value: report.madeAt, type: 'instant' },
      ],
    },
  ];
  const taxes: Table = {
    key: 'taxes',
    title: text.taxes,
    columns: [
      { key: 'code', label: text.code, type: 'text' },
      { key: 'component', label: text.component, type: 'text' },
      { key: 'rate', label: text.rate, type: 'rate' },
      { key: 'base', label: text.base, type: 'money' },
      { key: 'amount', label: text.tax, type: 'money' },
    ],
    rows: report.taxes,
  };
  return (
    <>
      <section className="panel">
        <div className="panel-head">
          <h2>{tillText.shift.tenders}</h2>
        </div>
        <TenderTable tenders={report.tenders} />
      </section>
      <Sections sections={sections} />
      <DocumentTables tables={[taxes]} />
    </>
  );
}
