import { Button, Group, Popover, Stack, TextInput, UnstyledButton } from '@mantine/core';
import { IconCalendar, IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { commonText } from '@/messages';
import { useAddress } from './address';
import classes from './FilterBar.module.css';
import { formatDate } from './format';
import { type PeriodCode, periodCodeOf, periodCodes, periodOf } from './period';
import { useToday } from './session';

/** Chooses `from` and `to` of the address, by name or by day. */
export function PeriodPicker({ allowAny = true, fallback }: { allowAny?: boolean; fallback?: PeriodCode }) {
  const { get, set } = useAddress();
  const [opened, setOpened] = useState(false);
  const today = useToday();
  const chosen = fallback && !get('from') && !get('to') ? periodOf(fallback, today) : { from: get('from'), to: get('to') };
  const code = periodCodeOf(chosen.from, chosen.to, today);
  const text = commonText.period;
  const label = code
    ? text[code]
    : chosen.from || chosen.to
      ? `${formatDate(chosen.from) || '…'} – ${formatDate(chosen.to) || '…'}`
      : text.any;
  const choose = (period: { from: string | undefined; to: string | undefined }) => {
    set({ from: period.from, to: period.to });
    setOpened(false);
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" shadow="md" trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconCalendar size={16} />}
          rightSection={<IconChevronDown size={14} />}
          onClick={() => setOpened(!opened)}
          aria-label={`${text.label}: ${label}`}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="xs">
        <Stack gap={2}>
          {periodCodes.map((item) => (
            <UnstyledButton key={item} className={classes.option} data-active={item === code} onClick={() => choose(periodOf(item, today))}>
              {text[item]}
            </UnstyledButton>
          ))}
          {allowAny ? (
            <UnstyledButton
              className={classes.option}
              data-active={!chosen.from && !chosen.to}
              onClick={() => choose({ from: undefined, to: undefined })}
            >
              {text.any}
            </UnstyledButton>
          ) : null}
        </Stack>
        <form
          className={classes.own}
          onSubmit={(event) => {
            event.preventDefault();
            const form = new FormData(event.currentTarget);
            choose({ from: String(form.get('from') ?? '') || undefined, to: String(form.get('to') ?? '') || undefined });
          }}
        >
          <TextInput type="date" name="from" label={commonText.from} defaultValue={chosen.from ?? ''} size="xs" />
          <TextInput type="date" name="to" label={commonText.to} defaultValue={chosen.to ?? ''} size="xs" />
          <Group justify="flex-end">
            <Button type="submit" size="xs">
              {commonText.apply}
            </Button>
          </Group>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
