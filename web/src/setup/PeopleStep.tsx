import { ActionIcon, Button, PasswordInput, Select, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { uuid7 } from '@/api';
import { setupText } from '@/messages';
import type { Draft } from './draft';
import classes from './Setup.module.css';
import type { StepProps } from './SetupWizard';

const text = setupText.people;

/** Whoever sets it up, and the first others. */
export function PeopleStep({ draft, change, choices, errors }: StepProps) {
  const { administrator } = draft;
  const mine = (key: 'name' | 'userName', autoComplete: string) => (
    <TextInput
      label={text[key]}
      autoComplete={autoComplete}
      required
      withAsterisk={false}
      error={errors[`administrator.${key}`]}
      value={administrator[key]}
      onChange={(event) => change({ administrator: { ...administrator, [key]: event.currentTarget.value } })}
    />
  );
  const secret = (key: 'password' | 'repeat', hint?: string) => (
    <PasswordInput
      label={text[key]}
      description={hint}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      autoComplete="new-password"
      required
      withAsterisk={false}
      minLength={choices.passwordLength}
      error={errors[`administrator.${key}`]}
      value={administrator[key]}
      onChange={(event) => change({ administrator: { ...administrator, [key]: event.currentTarget.value } })}
    />
  );
  return (
    <>
      <fieldset className={classes.group}>
        <legend>{text.you}</legend>
        <div className={classes.fields}>
          {mine('name', 'name')}
          {mine('userName', 'username')}
          {secret('password', text.passwordHint(choices.passwordLength))}
          {secret('repeat')}
        </div>
      </fieldset>
      <fieldset className={classes.group}>
        <legend>{text.others}</legend>
        <p className="dim small" style={{ marginTop: 0 }}>
          {text.othersHint}
        </p>
        {draft.users.map((user, at) => (
          <Person key={user.key} user={user} at={at} draft={draft} change={change} choices={choices} errors={errors} />
        ))}
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} />}
          onClick={() => change({ users: [...draft.users, { key: uuid7(), name: '', userName: '', password: '', role: 'cashier' }] })}
        >
          {text.add}
        </Button>
      </fieldset>
    </>
  );
}

function Person({ user, at, draft, change, choices, errors }: StepProps & { user: Draft['users'][number]; at: number }) {
  const set = (part: Partial<Draft['users'][number]>) =>
    change({ users: draft.users.map((item) => (item.key === user.key ? { ...item, ...part } : item)) });
  const field = (key: 'name' | 'userName', label: string) => (
    <TextInput
      label={label}
      autoComplete="off"
      required
      withAsterisk={false}
      error={errors[`users.${at}.${key}`]}
      value={user[key]}
      onChange={(event) => set({ [key]: event.currentTarget.value })}
    />
  );
  return (
    <fieldset className={classes.person} aria-label={text.person(at + 1)}>
      {field('name', text.name)}
      {field('userName', text.userName)}
      <PasswordInput
        label={text.first}
        autoComplete="new-password"
        required
        withAsterisk={false}
        minLength={choices.passwordLength}
        error={errors[`users.${at}.password`]}
        value={user.password}
        onChange={(event) => set({ password: event.currentTarget.value })}
      />
      <div style={{ display: 'flex', gap: '0.5rem', alignItems: 'end' }}>
        <Select
          style={{ flex: 1 }}
          label={text.role}
          searchable
          allowDeselect={false}
          data={choices.roles.map((role) => ({ value: role.code, label: role.name }))}
          error={errors[`users.${at}.role`]}
          value={user.role}
          onChange={(value) => set({ role: value ?? user.role })}
        />
        <ActionIcon
          variant="default"
          size="input-sm"
          aria-label={text.remove(user.name)}
          onClick={() => change({ users: draft.users.filter((item) => item.key !== user.key) })}
        >
          <IconTrash size={16} />
        </ActionIcon>
      </div>
    </fieldset>
  );
}
