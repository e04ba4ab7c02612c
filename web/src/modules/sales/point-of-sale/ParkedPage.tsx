import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { pointOfSale, type Row } from '@/api';
import { DataTable } from '@/kit/DataTable';
import { EmptyState, QueryState } from '@/kit/states';
import { tillText } from '@/messages';
import { FunctionPage } from '@/pages/useFunction';

const text = tillText.parkedPage;

export function Component() {
  return <FunctionPage>{() => <Parked />}</FunctionPage>;
}

function Parked() {
  const parked = useQuery({ queryKey: ['parked'], queryFn: () => pointOfSale.parked() });
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.title}</h2>
        <Button component={Link} to="/sales/point-of-sale/register" variant="default">
          {text.terminal}
        </Button>
      </div>
      <QueryState query={parked} rows={4}>
        {(data) => (
          <DataTable
            label={text.title}
            rows={data.items as unknown as Row[]}
            columns={[
              { key: 'label', label: text.label, type: 'text' },
              { key: 'parkedBy', label: text.by, type: 'user' },
              { key: 'parkedAt', label: text.at, type: 'instant' },
              { key: 'total', label: text.total, type: 'money' },
            ]}
            empty={<EmptyState title={tillText.dialogs.noParked} />}
          />
        )}
      </QueryState>
    </section>
  );
}
