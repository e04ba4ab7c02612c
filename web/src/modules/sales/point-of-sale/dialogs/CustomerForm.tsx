import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { pointOfSale, type TillCustomer } from '@/api';
import { QueryState } from '@/kit/states';
import { tillText } from '@/messages';
import classes from '../register.module.css';
import type { TillDialogShape } from './TillDialogs';

const text = tillText.dialogs;

/** Finds a customer by card, phone, number or name; Enter takes the one that is marked. */
export function CustomerForm({ dispatch, onClose }: TillDialogShape) {
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), 180);
  const [active, setActive] = useState(0);
  const found = useQuery({
    queryKey: ['till-customers', q],
    queryFn: ({ signal }) => pointOfSale.customers(q, signal),
    enabled: q.length >= 2,
  });
  const customers = found.data?.items ?? [];
  const take = (customer: TillCustomer) => {
    dispatch({ type: 'customer', customer });
    onClose();
  };
  return (
    <div className={classes.big}>
      <TextInput
        size="lg"
        leftSection={<IconSearch size={20} />}
        aria-label={text.customerHint}
        placeholder={text.customerHint}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setActive(Math.min(active + 1, customers.length - 1));
          else if (event.key === 'ArrowUp') setActive(Math.max(active - 1, 0));
          else if (event.key === 'Enter' && customers[active] && q === typed.trim()) take(customers[active]);
          else return;
          event.preventDefault();
        }}
        data-autofocus
      />
      <div style={{ minHeight: '12rem', marginBlockStart: '0.5rem' }}>
        {q.length < 2 ? null : (
          <QueryState query={found} rows={4}>
            {(data) =>
              data.items.length === 0 ? (
                <p className="dim">{text.noCustomers}</p>
              ) : (
                <div role="listbox" aria-label={text.customer}>
                  {data.items.map((customer, index) => (
                    <button
                      key={customer.id}
                      type="button"
                      role="option"
                      aria-selected={index === active}
                      className={classes.suggestion}
                      data-active={index === active}
                      onClick={() => take(customer)}
                    >
                      <span className="mono dim">{customer.number}</span>
                      <span className="ellipsis strong">{customer.name}</span>
                      <span className="dim small">{customer.phone ?? customer.card ?? customer.email}</span>
                    </button>
                  ))}
                </div>
              )
            }
          </QueryState>
        )}
      </div>
    </div>
  );
}
