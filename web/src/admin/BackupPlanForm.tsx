import { Button, Checkbox, NumberInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem, type Backups, backups, errorsByField } from '@/api';
import { InstantText } from '@/kit/cells';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { toastDone } from '@/kit/toast';
import { adminText } from '@/messages';
import classes from './admin.module.css';

const text = adminText.backups;

/** When and where backups are made by themselves, and how many are kept. */
export function BackupPlanForm({ data, mayChange }: { data: Backups; mayChange: boolean }) {
  const client = useQueryClient();
  const { version, ...plan } = data.plan;
  const [form, setForm] = useState({ ...plan, keyFile: plan.keyFile ?? '' });
  const save = useMutation({
    mutationFn: () => backups.plan({ ...form, keep: Number(form.keep), keyFile: form.keyFile.trim() || null }, version),
    onSuccess: () => {
      toastDone(text.saved);
      void client.invalidateQueries({ queryKey: ['backups'] });
    },
  });
  const errors = save.error ? errorsByField(asProblem(save.error), ['at', 'timeZone', 'folder', 'keep', 'keyFile']).fields : {};
  const field = (key: 'at' | 'timeZone' | 'folder' | 'keyFile', label: string, hint?: string) => (
    <TextInput
      label={label}
      description={hint}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      readOnly={!mayChange}
      required={key !== 'keyFile'}
      withAsterisk={false}
      error={errors[key]}
      value={form[key]}
      onChange={(event) => setForm({ ...form, [key]: event.currentTarget.value })}
    />
  );
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{text.schedule}</h2>
      </div>
      <form
        className="panel-body"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <p style={{ marginTop: 0 }}>
          {data.nextAt ? (
            <>
              {text.next}: <InstantText value={data.nextAt} />
            </>
          ) : (
            text.notPlanned
          )}
        </p>
        <div className={classes.formGrid}>
          <Checkbox
            className={classes.wide}
            label={text.active}
            disabled={!mayChange}
            checked={form.active}
            onChange={(event) => setForm({ ...form, active: event.currentTarget.checked })}
          />
          {field('at', text.at, text.atHint)}
          {field('timeZone', text.timeZone)}
          {field('folder', text.folder, text.folderHint)}
          <NumberInput
            label={text.keep}
            description={text.keepHint}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            min={1}
            max={1000}
            allowDecimal={false}
            readOnly={!mayChange}
            error={errors.keep}
            value={form.keep}
            onChange={(value) => setForm({ ...form, keep: Number(value) })}
          />
          <div className={classes.wide}>{field('keyFile', text.keyFile, text.keyFileHint)}</div>
        </div>
        <ProblemNotice error={save.error} />
        {mayChange ? (
          <Button type="submit" mt="md" loading={save.isPending}>
            {text.save}
          </Button>
        ) : null}
      </form>
    </section>
  );
}
