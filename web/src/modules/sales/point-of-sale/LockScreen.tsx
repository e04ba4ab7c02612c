import { Button, PasswordInput, Stack } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { useSession, useSignIn } from '@/kit/session';
import { tillText } from '@/messages';
import classes from './register.module.css';

const text = tillText.lock;

/** Covers the till while nobody sells; opens with the cashier's own password. */
export function LockScreen({ onUnlock }: { onUnlock: () => void }) {
  const { session, signOut } = useSession();
  const signIn = useSignIn();
  const [password, setPassword] = useState('');
  const unlock = useMutation({ mutationFn: () => signIn({ userName: session.user.userName, password }), onSuccess: onUnlock });
  return (
    <div className={classes.lock} role="dialog" aria-modal="true" aria-label={text.title}>
      <section className={`panel ${classes.card}`}>
        <IconLock size={28} aria-hidden="true" />
        <h2>{text.title}</h2>
        <p className="dim">{text.text(session.user.name)}</p>
        <form
          className={classes.big}
          onSubmit={(event) => {
            event.preventDefault();
            unlock.mutate();
          }}
        >
          <Stack gap="sm">
            <PasswordInput
              aria-label={tillText.authorise.password}
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              autoFocus
              size="md"
            />
            <ProblemNotice error={unlock.error} />
            <Button type="submit" loading={unlock.isPending}>
              {text.unlock}
            </Button>
            <Button
              variant="subtle"
              color="gray"
              onClick={() => {
                onUnlock();
                void signOut();
              }}
            >
              {text.other}
            </Button>
          </Stack>
        </form>
      </section>
    </div>
  );
}
