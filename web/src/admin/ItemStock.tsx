import { useQuery } from '@tanstack/react-query';
import { type Column, masterData, type Row } from '@/api';
import { DataTable } from '@/kit/DataTable';
import { QueryState } from '@/kit/states';
import { adminText } from '@/messages';

const text = adminText.stock;

/** What is on hand of an item, by warehouse and lot; its value for those who may see it. */
export function ItemStock({ id }: { id: string }) {
  const stock = useQuery({
    queryKey: ['master', '/catalogue/items', id, 'stock'],
    queryFn: () => masterData.one('/catalogue/items', `${id}/stock`),
  });
  return (
    <section aria-label={text.title}>
      <h3>{text.title}</h3>
      <QueryState query={stock} rows={2}>
        {(data) => {
          const positions = (data.positions as Row[] | undefined) ?? [];
          if (positions.length === 0) return <p className="dim">{text.none}</p>;
          const columns: Column[] = [
            { key: 'warehouse', label: text.warehouse, type: 'text' },
            ...(positions.some((row) => row.lot) ? [{ key: 'lot', label: text.lot, type: 'text' } as Column] : []),
            { key: 'onHand', label: text.onHand, type: 'quantity' },
            ...(positions.some((row) => row.value !== undefined) ? [{ key: 'value', label: text.value, type: 'money' } as Column] : []),
          ];
          return (
            <DataTable
              label={text.title}
              columns={columns}
              rows={positions}
              rowKey={(row, index) => `${String(row.warehouse)}${String(row.lot ?? '')}${index}`}
              totals={{ onHand: data.onHand, ...(data.value === undefined ? {} : { value: data.value }) }}
              density="compact"
            />
          );
        }}
      </QueryState>
    </section>
  );
}
