import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch, IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { customers } from '@/api';
import { useAddress } from '@/kit/address';
import { DataTable } from '@/kit/DataTable';
import { useSession } from '@/kit/session';
import { EmptyState, QueryState } from '@/kit/states';
import { customerText } from '@/messages';
import { FunctionPage } from '@/pages/useFunction';
import { newFrom } from './customers';
import classes from './customers.module.css';

const text = customerText.find;

/** A customer by whatever is at hand: a telephone number, a card, a number, the beginning of a name. */
export function Component() {
  return <FunctionPage>{() => <Find />}</FunctionPage>;
}

function Find() {
  const { get, set } = useAddress();
  const navigate = useNavigate();
  const { can } = useSession();
  const typed = get('q') ?? '';
  const [q] = useDebouncedValue(typed.trim(), 150);
  const found = useQuery({
    queryKey: ['customers', 'lookup', q],
    queryFn: ({ signal }) => customers.lookup(q, signal),
    enabled: q !== '',
    placeholderData: (before) => before,
  });
  return (
    <section className="panel">
      <form
        className={classes.search}
        onSubmit={(event) => {
          event.preventDefault();
          const first = found.data?.items[0];
          if (first) navigate(`/customers/directory/${first.id}`);
        }}
      >
        <TextInput
          label={text.label}
          description={text.hint}
          leftSection={<IconSearch size={16} />}
          value={typed}
          maxLength={200}
          autoComplete="off"
          autoFocus
          onChange={(event) => set({ q: event.currentTarget.value || undefined })}
        />
      </form>
      {q === '' ? null : (
        <QueryState query={found}>
          {(data) =>
            data.items.length === 0 ? (
              <EmptyState
                title={text.none}
                action={
                  can('customers.directory.create') ? (
                    <Button leftSection={<IconUserPlus size={16} />} onClick={() => navigate(`/customers/directory/new?${newFrom(q)}`)}>
                      {text.create}
                    </Button>
                  ) : undefined
                }
              >
                {text.noneHint(q)}
              </EmptyState>
            ) : (
              <DataTable
                label={text.results}
                columns={[
                  { key: 'number', label: text.number, type: 'text' },
                  { key: 'name', label: text.name, type: 'text' },
                  { key: 'phone', label: text.phone, type: 'text' },
                  { key: 'email', label: text.email, type: 'text' },
                  { key: 'standing', label: text.standing, type: 'status' },
                ]}
                rows={data.items.map((hit) => ({ ...hit }))}
                href={(row) => `/customers/directory/${String(row.id)}`}
                busy={found.isPlaceholderData}
              />
            )
          }
        </QueryState>
      )}
    </section>
  );
}
