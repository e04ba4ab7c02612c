import { Button, Group, Modal, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem, pointOfSale } from '@/api';
import { humanise } from '@/kit/format';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { commonText, shellText, tillText } from '@/messages';
import type { AuthoriseShape } from '@/modules/extensions';
import classes from './register.module.css';

const text = tillText.authorise;

/** A second person signs for one action at this till. The cashier stays signed in; the token serves that one document. */
export default function AuthoriseDialog({ action, terminalId, roles, reason, onDone, onClose }: AuthoriseShape) {
  const [userName, setUserName] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const confirm = useMutation({
    mutationFn: () =>
      pointOfSale.authorise({
        userName: userName.trim(),
        password,
        action,
        terminalId,
        ...(reason ? { reason } : {}),
        ...(code.trim() ? { code: code.trim() } : {}),
      }),
    onSuccess: (answer) => onDone(answer.token, answer.by.name),
  });
  const asksCode = confirm.error !== null && asProblem(confirm.error).code === 'SIGN_IN_CODE_REQUIRED';
  return (
    <Modal opened onClose={onClose} title={text.title} size="md">
      <form
        className={classes.big}
        onSubmit={(event) => {
          event.preventDefault();
          confirm.mutate();
        }}
      >
        <Stack gap="md">
          <div>
            {text.text((roles ?? []).map((role) => humanise(role).toLowerCase()).join(' or '))}
            {reason ? <div className="dim">{humanise(reason)}</div> : null}
          </div>
          <TextInput
            size="md"
            label={text.userName}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={userName}
            onChange={(event) => setUserName(event.currentTarget.value)}
            data-autofocus
            required
            withAsterisk={false}
          />
          <PasswordInput
            size="md"
            label={text.password}
            autoComplete="off"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            required
            withAsterisk={false}
          />
          {asksCode || code !== '' ? (
            <TextInput
              size="md"
              label={shellText.login.code}
              inputMode="numeric"
              maxLength={6}
              autoComplete="one-time-code"
              autoFocus
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
          ) : null}
          {asksCode ? null : <ProblemNotice error={confirm.error} />}
          <Group grow>
            <Button variant="default" onClick={onClose}>
              {commonText.cancel}
            </Button>
            <Button type="submit" loading={confirm.isPending}>
              {text.submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
