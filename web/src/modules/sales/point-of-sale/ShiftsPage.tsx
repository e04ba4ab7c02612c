import { useQuery } from '@tanstack/react-query';
import { pointOfSale, type Row } from '@/api';
import { useAddress } from '@/kit/address';
import { DataTable } from '@/kit/DataTable';
import { FilterBar } from '@/kit/FilterBar';
import { nameOf } from '@/kit/format';
import { EmptyState, QueryState } from '@/kit/states';
import { tillText } from '@/messages';
import { Pager } from '@/pages/FunctionList';
import { FunctionPage } from '@/pages/useFunction';

const text = tillText.shift;

export function Component() {
  return <FunctionPage>{() => <Shifts />}</FunctionPage>;
}

function Shifts() {
  const { all } = useAddress();
  const { page: _, ...query } = all;
  const shifts = useQuery({
    queryKey: ['shifts', query],
    queryFn: () => pointOfSale.shifts({ limit: 50, ...query }),
    placeholderData: (before) => before,
  });
  return (
    <section className="panel">
      <div style={{ padding: '0.75rem 1rem' }}>
        <FilterBar
          search={false}
          period={false}
          route="/sales/point-of-sale"
          columns={[
            {
              key: 'state',
              label: text.state,
              type: 'status',
              filterable: true,
              options: Object.entries(text.states).map(([value, label]) => ({ value, label })),
            },
            { key: 'terminal', label: text.terminal, type: 'text', filterable: true, choices: 'terminal' },
          ]}
        />
      </div>
      <QueryState query={shifts} rows={8}>
        {(data) => (
          <>
            <DataTable
              label={text.list}
              rows={data.items as unknown as Row[]}
              busy={shifts.isPlaceholderData}
              href={(row) => `/sales/point-of-sale/shifts/${row.id}`}
              columns={[
                { key: 'number', label: text.number, type: 'text' },
                { key: 'terminal', label: text.terminal, type: 'text', render: (row) => nameOf(row.terminal) },
                { key: 'state', label: text.state, type: 'status' },
                { key: 'openedBy', label: text.openedBy, type: 'user' },
                { key: 'openedAt', label: text.openedAt, type: 'instant' },
                { key: 'closedAt', label: text.closedAt, type: 'instant' },
              ]}
              empty={<EmptyState title={text.noShifts}>{text.noShiftsHint}</EmptyState>}
            />
            <Pager next={data.next} total={data.total} />
          </>
        )}
      </QueryState>
    </section>
  );
}
