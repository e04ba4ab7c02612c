import { Button, PasswordInput, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { session as calls, Problem } from '@/api';
import { shellText } from '@/messages';
import { ProblemNotice } from '../ProblemNotice';
import { Brand } from './Brand';
import classes from './LoginPage.module.css';

const text = shellText.account;

/** Whoever was given a password chooses an own one before anything else. */
export default function MustChangePassword() {
  const client = useQueryClient();
  const [form, setForm] = useState({ current: '', new: '', repeat: '' });
  const change = useMutation({
    mutationFn: () => {
      if (form.new !== form.repeat) throw new Problem(422, { title: text.mismatch, code: 'MISMATCH' });
      return calls.password({ current: form.current, new: form.new });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['session'] }),
  });
  const field = (key: keyof typeof form, autoComplete: string) => (
    <PasswordInput
      size="md"
      label={text[key]}
      autoComplete={autoComplete}
      required
      withAsterisk={false}
      value={form[key]}
      onChange={(event) => setForm({ ...form, [key]: event.currentTarget.value })}
    />
  );
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <Brand large />
        <h1 className={classes.title}>{text.mustTitle}</h1>
        <p className={classes.sub}>{text.mustText}</p>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            change.mutate();
          }}
        >
          <Stack gap="md">
            {field('current', 'current-password')}
            {field('new', 'new-password')}
            {field('repeat', 'new-password')}
            <ProblemNotice error={change.error} />
            <Button type="submit" size="md" fullWidth loading={change.isPending}>
              {text.change}
            </Button>
          </Stack>
        </form>
      </div>
    </main>
  );
}
