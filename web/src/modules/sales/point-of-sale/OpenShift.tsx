import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { pointOfSale, type Register, uuid7 } from '@/api';
import { readDecimal } from '@/kit/decimal';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { toastDone } from '@/kit/toast';
import { tillText } from '@/messages';
import classes from './register.module.css';

const text = tillText.shift;

/** No shift, no sale: the cashier counts the float and opens one. */
export function OpenShift({ register }: { register: Register }) {
  const client = useQueryClient();
  const [float, setFloat] = useState('');
  const [touched, setTouched] = useState(false);
  const [key] = useState(uuid7);
  const amount = readDecimal(float);
  const open = useMutation({
    mutationFn: () => pointOfSale.openShift(register.terminal.code, amount ?? '0', `${key}:${amount}`),
    onSuccess: (shift) => {
      toastDone(text.opened(shift.number), { to: `/sales/point-of-sale/shifts/${shift.id}` });
      void client.invalidateQueries({ queryKey: ['register'] });
      void client.invalidateQueries({ queryKey: ['terminals'] });
    },
  });
  return (
    <section className={`panel ${classes.card}`}>
      <h2>{text.openTitle(register.terminal.name)}</h2>
      <p className="dim">{text.openText}</p>
      <form
        className={classes.big}
        onSubmit={(event) => {
          event.preventDefault();
          setTouched(true);
          if (amount !== undefined) open.mutate();
        }}
      >
        <Stack gap="md">
          <TextInput
            label={text.float}
            inputMode="decimal"
            value={float}
            onChange={(event) => setFloat(event.currentTarget.value)}
            autoFocus
            data-autofocus
            size="lg"
            rightSection={<span className="dim">{register.profile.currency}</span>}
            rightSectionWidth={60}
            error={touched && amount === undefined ? tillText.dialogs.notANumber : undefined}
          />
          <ProblemNotice error={open.error} />
          <Group grow>
            <Button component={Link} to="?choose=1" variant="default">
              {tillText.otherTerminal}
            </Button>
            <Button type="submit" loading={open.isPending}>
              {text.open}
            </Button>
          </Group>
        </Stack>
      </form>
    </section>
  );
}
