import { Button, Group, Modal, MultiSelect, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { reports, type Schedule, type ScheduleDraft } from '@/api';
import { commonText, reportText } from '@/messages';
import { ProblemNotice } from './ProblemNotice';
import { useSession } from './session';
import { toastDone } from './toast';

const text = reportText.schedule;
const options = (names: Record<string, string>) => Object.entries(names).map(([value, label]) => ({ value, label }));

/** Has a page, or the view that it shows, made into a file at set times; or changes how an existing schedule does. */
export function ScheduleDialog({
  page,
  query,
  viewId,
  name = '',
  schedule,
  onClose,
}: {
  page: string;
  query: string;
  viewId?: string;
  name?: string;
  schedule?: Schedule;
  onClose: () => void;
}) {
  const { session } = useSession();
  const client = useQueryClient();
  const [every, setEvery] = useState(schedule?.every ?? 'daily');
  const [period, setPeriod] = useState(schedule?.period ?? 'yesterday');
  const [format, setFormat] = useState(schedule?.format ?? 'xlsx');
  const [onDay, setOnDay] = useState(Number(schedule?.onDay ?? 1));
  const [branches, setBranches] = useState<string[]>(schedule?.branches ?? []);
  const [roles, setRoles] = useState<string[]>((schedule?.recipients ?? []).flatMap((one) => one.role ?? []));
  const make = useMutation({
    mutationFn: (draft: ScheduleDraft) =>
      schedule ? reports.changeSchedule(schedule.id, draft, Number(schedule.version)) : reports.makeSchedule(draft),
    onSuccess: (made) => {
      toastDone((schedule ? text.changed : text.made)(made.name));
      void client.invalidateQueries({ queryKey: ['schedules'] });
      onClose();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const users = String(form.get('recipients') ?? '')
      .split(',')
      .map((user) => user.trim())
      .filter((user) => user !== '');
    make.mutate({
      name: String(form.get('name') ?? ''),
      format,
      every,
      onDay: every === 'daily' ? 1 : onDay,
      at: String(form.get('at') ?? ''),
      period,
      ...(viewId === undefined ? { page, query } : { viewId }),
      ...(schedule ? { branch: schedule.branch, active: schedule.active } : {}),
      branches,
      keepDays: Number(form.get('keepDays') ?? 30),
      recipients: [...users.map((user) => ({ user })), ...roles.map((role) => ({ role }))],
    });
  };
  return (
    <Modal opened onClose={onClose} title={schedule ? text.edit : text.title} size="lg">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput name="name" label={text.name} defaultValue={name} maxLength={100} required data-autofocus />
          <Group grow align="start">
            <Select
              label={text.every}
              data={options(text.everyNames)}
              value={every}
              allowDeselect={false}
              onChange={(value) => {
                setEvery(value ?? 'daily');
                setOnDay(1);
                setPeriod(value === 'weekly' ? 'last-week' : value === 'monthly' ? 'last-month' : 'yesterday');
              }}
            />
            {every === 'weekly' ? (
              <Select
                label={text.weekday}
                data={text.weekdays.map((label, at) => ({ value: String(at + 1), label }))}
                value={String(onDay)}
                allowDeselect={false}
                onChange={(value) => setOnDay(Number(value ?? 1))}
              />
            ) : null}
            {every === 'monthly' ? (
              <NumberInput label={text.monthDay} min={1} max={31} value={onDay} onChange={(value) => setOnDay(Number(value))} />
            ) : null}
            <TextInput
              name="at"
              type="time"
              label={text.at}
              defaultValue={schedule?.at ?? '06:30'}
              required
              description={text.atHint(
                session.branches.find((branch) => branch.code === schedule?.branch)?.name ?? session.branch?.name ?? '',
              )}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
            />
          </Group>
          <Group grow align="start">
            <Select
              label={text.period}
              data={options(text.periods)}
              value={period}
              allowDeselect={false}
              onChange={(value) => setPeriod(value ?? 'yesterday')}
            />
            <Select
              label={text.format}
              data={options(text.formats)}
              value={format}
              allowDeselect={false}
              onChange={(value) => setFormat(value ?? 'xlsx')}
            />
            <NumberInput name="keepDays" label={text.keepDays} min={1} max={365} defaultValue={Number(schedule?.keepDays ?? 30)} />
          </Group>
          <MultiSelect
            label={text.branches}
            placeholder={branches.length === 0 ? text.allBranches : ''}
            data={session.branches.map((branch) => ({ value: branch.code, label: branch.name }))}
            value={branches}
            onChange={setBranches}
            clearable
          />
          <TextInput
            name="recipients"
            label={text.recipients}
            defaultValue={(schedule?.recipients ?? []).flatMap((one) => one.user ?? []).join(', ')}
          />
          <MultiSelect label={text.roles} data={session.roles} value={roles} onChange={setRoles} clearable />
          <p className="dim">{text.hint}</p>
          <ProblemNotice error={make.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {commonText.cancel}
            </Button>
            <Button type="submit" loading={make.isPending}>
              {schedule ? commonText.save : text.make}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
