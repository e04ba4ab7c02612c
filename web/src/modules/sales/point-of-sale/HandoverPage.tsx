import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { pointOfSale, type Shift, uuid7 } from '@/api';
import { Page } from '@/kit/Page';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { toastDone } from '@/kit/toast';
import { tillText } from '@/messages';
import classes from './CloseShiftPage.module.css';
import { CountSheet, useCountSheet } from './countSheet';
import { ShiftPageFrame, shiftCrumbs, terminalCode } from './shiftParts';

const text = tillText.handover;

export function Component() {
  return <ShiftPageFrame title={text.title}>{(shift) => <Handover key={shift.id} shift={shift} />}</ShiftPageFrame>;
}

/** This cashier's count, then the name of the next one: the drawer stays, the responsibility moves. */
function Handover({ shift }: { shift: Shift }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const register = useQuery({ queryKey: ['register', terminalCode(shift)], queryFn: () => pointOfSale.register(terminalCode(shift)) });
  const sheet = useCountSheet(register.data, shift);
  const [toUser, setToUser] = useState('');
  const [password, setPassword] = useState('');
  const handover = useMutation({
    mutationFn: () => pointOfSale.handover(shift.id, { ...sheet.request(), toUser: toUser.trim(), password }, uuid7()),
    onSuccess: () => {
      toastDone(text.done, { to: `/sales/point-of-sale/shifts/${shift.id}` });
      void client.invalidateQueries();
      navigate('/sales/point-of-sale/shifts');
    },
  });
  return (
    <Page title={text.title} crumbs={shiftCrumbs(shift)} sub={text.text} narrow>
      <CountSheet sheet={sheet} />
      <section className="panel">
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            handover.mutate();
          }}
        >
          <TextInput
            label={text.toUser}
            size="md"
            autoComplete="off"
            autoCapitalize="none"
            required
            withAsterisk={false}
            value={toUser}
            onChange={(event) => setToUser(event.currentTarget.value)}
          />
          <PasswordInput
            label={text.password}
            size="md"
            autoComplete="off"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <ProblemNotice error={handover.error} />
          <Button type="submit" h={44} loading={handover.isPending}>
            {text.submit}
          </Button>
        </form>
      </section>
    </Page>
  );
}
