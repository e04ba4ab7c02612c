import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useParams } from 'react-router';
import { pointOfSale, type Shift, type TenderCount } from '@/api';
import { DataTable } from '@/kit/DataTable';
import { nameOf } from '@/kit/format';
import { type Crumb, Page } from '@/kit/Page';
import { QueryState } from '@/kit/states';
import { tillText } from '@/messages';

const text = tillText.shift;
const base = '/sales/point-of-sale';

export function shiftCrumbs(shift?: Shift): Crumb[] {
  return [
    { label: tillText.title, to: base },
    { label: text.list, to: `${base}/shifts` },
    ...(shift ? [{ label: shift.number, to: `${base}/shifts/${shift.id}` }] : []),
  ];
}

export function terminalCode(shift: Shift): string {
  return shift.terminal;
}

export function useShift() {
  const { id = '' } = useParams();
  return useQuery({ queryKey: ['shift', id], queryFn: () => pointOfSale.shift(id) });
}

/** A page of one shift, once it is known. */
export function ShiftPageFrame({ title, children }: { title: string; children: (shift: Shift) => ReactNode }) {
  const shift = useShift();
  if (shift.data) return <>{children(shift.data)}</>;
  return (
    <Page title={title} crumbs={shiftCrumbs()}>
      <section className="panel">
        <QueryState query={shift}>{() => null}</QueryState>
      </section>
    </Page>
  );
}

/** Methods with what was expected, counted and the difference; columns that are not known yet are not drawn. */
export function TenderTable({ tenders }: { tenders: TenderCount[] }) {
  const has = (key: keyof TenderCount) => tenders.some((tender) => tender[key] !== undefined);
  return (
    <DataTable
      label={text.tenders}
      rows={tenders.map((tender) => ({ ...tender, id: tender.method, name: tender.name ?? nameOf(tender.method) }))}
      columns={[
        { key: 'name', label: text.method, type: 'text' },
        ...(has('expected') ? [{ key: 'expected', label: text.expected, type: 'money' as const }] : []),
        ...(has('counted') ? [{ key: 'counted', label: text.counted, type: 'money' as const }] : []),
        ...(has('variance') ? [{ key: 'variance', label: text.variance, type: 'money' as const }] : []),
      ]}
    />
  );
}
