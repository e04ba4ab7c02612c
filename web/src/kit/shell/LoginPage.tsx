import { Button, PasswordInput, PinInput, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Problem } from '@/api';
import { shellText } from '@/messages';
import { ProblemNotice } from '../ProblemNotice';
import { useSignIn } from '../session';
import { Brand } from './Brand';
import classes from './LoginPage.module.css';

const known: Record<string, string> = {
  SIGN_IN_FAILED: shellText.login.failed,
  SIGN_IN_LOCKED: shellText.login.locked,
  SIGN_IN_CODE_REQUIRED: '',
};

/** User name and password; then, for those who have it, the code. The address is kept, so one lands where one was going. */
export default function LoginPage({ ended }: { ended: boolean }) {
  const signIn = useSignIn();
  const [userName, setUserName] = useState('');
  const [password, setPassword] = useState('');
  const [askCode, setAskCode] = useState(false);
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const text = shellText.login;

  const submit = async (withCode?: string) => {
    setBusy(true);
    setError(undefined);
    try {
      await signIn({ userName: userName.trim(), password, ...(withCode ? { code: withCode } : {}) });
    } catch (caught) {
      if (caught instanceof Problem && caught.code === 'SIGN_IN_CODE_REQUIRED' && !withCode) setAskCode(true);
      else {
        const told =
          caught instanceof Problem ? (askCode && caught.code === 'SIGN_IN_FAILED' ? text.codeFailed : known[caught.code]) : undefined;
        setError(told ? new Problem(401, { title: told, detail: told, code: (caught as Problem).code }) : caught);
        setCode('');
      }
    } finally {
      setBusy(false);
    }
  };

  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <Brand large />
        <h1 className={classes.title}>{askCode ? text.codeTitle : text.title}</h1>
        <p className={classes.sub}>{ended && !askCode ? text.ended : askCode ? text.codeHint : text.sub}</p>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void submit(askCode ? code : undefined);
          }}
        >
          <Stack gap="md">
            {askCode ? (
              <PinInput
                length={6}
                type="number"
                oneTimeCode
                autoFocus
                size="lg"
                aria-label={text.code}
                value={code}
                onChange={setCode}
                onComplete={(value) => void submit(value)}
              />
            ) : (
              <>
                <TextInput
                  label={text.userName}
                  name="username"
                  autoComplete="username"
                  autoCapitalize="none"
                  spellCheck={false}
                  required
                  withAsterisk={false}
                  autoFocus
                  size="md"
                  value={userName}
                  onChange={(event) => setUserName(event.currentTarget.value)}
                />
                <PasswordInput
                  label={text.password}
                  name="password"
                  autoComplete="current-password"
                  required
                  withAsterisk={false}
                  size="md"
                  value={password}
                  onChange={(event) => setPassword(event.currentTarget.value)}
                />
              </>
            )}
            <ProblemNotice error={error} />
            <Button type="submit" size="md" fullWidth loading={busy}>
              {askCode ? text.verify : text.submit}
            </Button>
            {askCode ? (
              <Button
                variant="subtle"
                color="gray"
                onClick={() => {
                  setAskCode(false);
                  setPassword('');
                  setError(undefined);
                }}
              >
                {text.other}
              </Button>
            ) : null}
          </Stack>
        </form>
      </div>
    </main>
  );
}
