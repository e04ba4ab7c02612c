import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { operations, type Row } from '@/api';
import { DataTable } from '@/kit/DataTable';
import { ProblemNotice } from '@/kit/ProblemNotice';
import { dayAfter, dayText } from '@/kit/period';
import { useSession } from '@/kit/session';
import { EmptyState, QueryState } from '@/kit/states';
import { toastDone } from '@/kit/toast';
import { shellText } from '@/messages';

const text = shellText.away;
const none = { to: '', from: dayText(new Date()), until: '', note: '' };

/** Whoever is away names a deputy, who sees and approves in their place until they are back. */
export function AwayPanel() {
  const client = useQueryClient();
  const { session } = useSession();
  const [form, setForm] = useState(none);
  const standing = useQuery({ queryKey: ['delegations'], queryFn: operations.delegations });
  const again = () => void client.invalidateQueries({ queryKey: ['delegations'] });
  const make = useMutation({
    mutationFn: () =>
      operations.delegate({
        to: form.to.trim(),
        ...(form.from <= dayText(new Date()) ? {} : { startsAt: instantOf(form.from) }),
        endsAt: instantOf(form.until === '' ? '' : dayAfter(form.until)),
        note: form.note.trim(),
      }),
    onSuccess: (made) => {
      toastDone(text.made(made.toName));
      setForm(none);
      again();
    },
  });
  const revoke = useMutation({
    mutationFn: (id: string) => operations.revokeDelegation(id),
    onSuccess: () => {
      toastDone(text.revoked);
      again();
    },
  });
  const field = (key: keyof typeof none, more: object = {}) => (
    <TextInput
      label={text.fields[key]}
      value={form[key]}
      onChange={(event) => setForm({ ...form, [key]: event.currentTarget.value })}
      withAsterisk={false}
      {...more}
    />
  );
  return (
    <section className="panel" id="away">
      <div className="panel-head">
        <h2>{text.title}</h2>
      </div>
      <form
        className="panel-body"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <Stack gap="sm" maw={460}>
          <p style={{ margin: 0 }} className="dim">
            {text.hint}
          </p>
          {field('to', { required: true, autoComplete: 'off', description: text.toHint })}
          <Group grow>
            {field('from', { type: 'date', required: true })}
            {field('until', { type: 'date', required: true })}
          </Group>
          {field('note', { maxLength: 500 })}
          <ProblemNotice error={make.error ?? revoke.error} />
          <Group>
            <Button type="submit" loading={make.isPending}>
              {text.delegate}
            </Button>
          </Group>
        </Stack>
      </form>
      <QueryState query={standing} rows={2}>
        {(data) => (
          <DataTable
            label={text.standing}
            density="compact"
            rows={data.items as unknown as Row[]}
            rowName={(row) => `${row.fromName} ${row.toName}`}
            columns={[
              { key: 'fromName', label: text.away, type: 'text' },
              { key: 'toName', label: text.deputy, type: 'text' },
              { key: 'startsAt', label: text.fields.from, type: 'instant' },
              { key: 'endsAt', label: text.fields.until, type: 'instant' },
              { key: 'note', label: text.fields.note, type: 'text' },
            ]}
            actions={(row) =>
              row.from === session.user.id
                ? [{ code: 'revoke', label: text.revoke, danger: true, run: () => revoke.mutate(String(row.id)) }]
                : []
            }
            empty={<EmptyState title={text.none} />}
          />
        )}
      </QueryState>
    </section>
  );
}

/** Days are entered as the person's own: the first from its beginning, the last to its end. */
function instantOf(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return year && month && date ? new Date(year, month - 1, date).toISOString() : '';
}
