import { Button, Code, Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { session as calls, Problem } from '@/api';
import { Page } from '@/kit/Page';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { useSession } from '@/kit/session';
import { toastDone } from '@/kit/toast';
import { commonText, shellText } from '@/messages';
import { AwayPanel } from './AwayPanel';

const text = shellText.account;

/** One's own password, two-factor secret and deputies. */
export function Component() {
  const { session } = useSession();
  return (
    <Page title={text.title} sub={`${session.user.name} · ${session.user.userName}`} narrow>
      <PasswordPanel />
      <TotpPanel />
      <AwayPanel />
    </Page>
  );
}

function PasswordPanel() {
  const [form, setForm] = useState({ current: '', new: '', repeat: '' });
  const change = useMutation({
    mutationFn: () => {
      if (form.new !== form.repeat) throw new Problem(422, { title: text.mismatch, code: 'MISMATCH' });
      return calls.password({ current: form.current, new: form.new });
    },
    onSuccess: () => {
      toastDone(text.changed);
      setForm({ current: '', new: '', repeat: '' });
    },
  });
  const field = (key: keyof typeof form, autoComplete: string) => (
    <PasswordInput
      label={text[key]}
      autoComplete={autoComplete}
      required
      withAsterisk={false}
      value={form[key]}
      onChange={(event) => setForm({ ...form, [key]: event.currentTarget.value })}
    />
  );
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{shellText.login.password}</h2>
      </div>
      <form
        className="panel-body"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <Stack gap="sm" maw={380}>
          {field('current', 'current-password')}
          {field('new', 'new-password')}
          {field('repeat', 'new-password')}
          <ProblemNotice error={change.error} />
          <Group>
            <Button type="submit" loading={change.isPending}>
              {text.change}
            </Button>
          </Group>
        </Stack>
      </form>
    </section>
  );
}

function TotpPanel() {
  const [code, setCode] = useState('');
  const begin = useMutation({ mutationFn: calls.totpBegin });
  const confirm = useMutation({ mutationFn: () => calls.totpConfirm(code.trim()), onSuccess: () => toastDone(text.on) });
  const [password, setPassword] = useState<string>();
  const remove = useMutation({
    mutationFn: () => calls.totpRemove(password ?? ''),
    onSuccess: () => {
      toastDone(text.off);
      setPassword(undefined);
    },
  });
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.totp}</h2>
      </div>
      <Stack className="panel-body" gap="sm" maw={460}>
        <p style={{ margin: 0 }} className="dim">
          {text.totpText}
        </p>
        {begin.data && !confirm.isSuccess ? (
          <>
            <p style={{ margin: 0 }}>{text.secret}</p>
            <Code block>{begin.data.secret}</Code>
            <TextInput
              label={shellText.login.code}
              inputMode="numeric"
              maxLength={6}
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
            <Group>
              <Button onClick={() => confirm.mutate()} loading={confirm.isPending}>
                {text.turnOn}
              </Button>
            </Group>
          </>
        ) : password === undefined ? (
          <Group>
            <Button variant="default" onClick={() => begin.mutate()} loading={begin.isPending}>
              {text.begin}
            </Button>
            <Button variant="subtle" color="gray" onClick={() => setPassword('')}>
              {text.turnOff}
            </Button>
          </Group>
        ) : (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              remove.mutate();
            }}
          >
            <Stack gap="sm" maw={380}>
              <PasswordInput
                label={text.current}
                autoComplete="current-password"
                required
                withAsterisk={false}
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
                data-autofocus
              />
              <Group>
                <Button type="submit" loading={remove.isPending}>
                  {text.turnOff}
                </Button>
                <Button variant="default" onClick={() => setPassword(undefined)}>
                  {commonText.cancel}
                </Button>
              </Group>
            </Stack>
          </form>
        )}
        <ProblemNotice error={begin.error ?? confirm.error ?? remove.error} />
      </Stack>
    </section>
  );
}
