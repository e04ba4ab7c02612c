import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { IconPlus, IconSubtask, IconTrash } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import type { SegmentMeasure } from '@/api';
import { segmentText } from '@/messages';
import { type ConditionPart, changed, emptyCondition, emptyGroup, type GroupPart, mostLevels, type Part } from './rule';
import classes from './segments.module.css';

const text = segmentText.editor;
const kinds = [
  { value: 'all', label: text.all },
  { value: 'any', label: text.any },
  { value: 'not-all', label: text.notAll },
  { value: 'not-any', label: text.notAny },
];

/** A rule as rows of measure, comparison and value, in groups within groups. */
export function RuleRows({
  rule,
  measures,
  onChange,
  wrong,
}: {
  rule: GroupPart;
  measures: SegmentMeasure[];
  onChange: (rule: GroupPart) => void;
  wrong: (key: string) => string | undefined;
}) {
  const change = (key: string, to: (part: Part) => Part | null) => {
    if (key === rule.key) {
      const next = to(rule);
      if (next?.kind === 'group') onChange(next);
    } else {
      const next = changed(rule, key, to);
      onChange(next.of.length === 0 ? { ...next, of: [emptyCondition()] } : next);
    }
  };
  return <Group group={rule} level={1} measures={measures} change={change} wrong={wrong} />;
}

interface Shared {
  measures: SegmentMeasure[];
  change: (key: string, to: (part: Part) => Part | null) => void;
  wrong: (key: string) => string | undefined;
}

function Group({ group, level, ...shared }: Shared & { group: GroupPart; level: number }) {
  const add = (part: Part) => shared.change(group.key, (now) => (now.kind === 'group' ? { ...now, of: [...now.of, part] } : now));
  const keys = (event: KeyboardEvent) => {
    const picking = (event.target as HTMLElement).getAttribute('aria-expanded') === 'true';
    if (event.ctrlKey && event.key.toLowerCase() === 'g' && level < mostLevels) {
      event.preventDefault();
      event.stopPropagation();
      add(emptyGroup(!group.all));
    } else if (event.key === 'Enter' && !event.ctrlKey && !picking && (event.target as HTMLElement).tagName === 'INPUT') {
      event.preventDefault();
      event.stopPropagation();
      add(emptyCondition());
    }
  };
  return (
    <div className={classes.group} data-level={level} role="group" aria-label={labelOf(group)} onKeyDown={keys}>
      <div className={classes.head}>
        <Select
          aria-label={text.group}
          data={kinds}
          allowDeselect={false}
          value={`${group.not ? 'not-' : ''}${group.all ? 'all' : 'any'}`}
          onChange={(kind) =>
            kind &&
            shared.change(group.key, (now) =>
              now.kind === 'group' ? { ...now, not: kind.startsWith('not-'), all: kind.endsWith('all') } : now,
            )
          }
        />
        {level > 1 ? (
          <ActionIcon variant="subtle" color="gray" aria-label={text.remove} onClick={() => shared.change(group.key, () => null)}>
            <IconTrash size={16} />
          </ActionIcon>
        ) : null}
      </div>
      {group.of.map((part) =>
        part.kind === 'group' ? (
          <Group key={part.key} group={part} level={level + 1} {...shared} />
        ) : (
          <Condition key={part.key} part={part} {...shared} />
        ),
      )}
      {shared.wrong(group.key) ? (
        <p className={classes.wrong} role="alert">
          {shared.wrong(group.key)}
        </p>
      ) : null}
      <div className={classes.head}>
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => add(emptyCondition())}>
          {text.addRow}
        </Button>
        {level < mostLevels ? (
          <Button size="xs" variant="default" leftSection={<IconSubtask size={14} />} onClick={() => add(emptyGroup(!group.all))}>
            {text.addGroup}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

function Condition({ part, measures, change, wrong }: Shared & { part: ConditionPart }) {
  const measure = measures.find((one) => one.key === part.measure);
  const set = (to: Partial<ConditionPart>) => change(part.key, (now) => ({ ...(now as ConditionPart), ...to }));
  const choose = (key: string | null) => {
    const next = measures.find((one) => one.key === key);
    if (next) set({ measure: next.key, op: next.ops.includes(part.op) ? part.op : (next.ops[0] ?? ''), value: '' });
  };
  return (
    <div className={classes.row}>
      <Select
        aria-label={text.measure}
        placeholder={text.measure}
        searchable
        data={measures.map((one) => ({ value: one.key, label: one.label }))}
        value={part.measure || null}
        onChange={choose}
        error={wrong(part.key)}
      />
      <Select
        aria-label={text.op}
        allowDeselect={false}
        disabled={measure === undefined}
        data={(measure?.ops ?? []).map((op) => ({ value: op, label: text.ops[op] ?? op }))}
        value={part.op || null}
        onChange={(op) => op && set({ op })}
      />
      {measure?.options ? (
        <Select
          aria-label={text.value}
          placeholder={text.value}
          searchable
          data={measure.options}
          value={part.value || null}
          onChange={(value) => set({ value: value ?? '' })}
        />
      ) : (
        <TextInput
          aria-label={text.value}
          placeholder={text.value}
          type={measure?.type === 'date' ? 'date' : 'text'}
          inputMode={measure && ['integer', 'money', 'rate'].includes(measure.type) ? 'decimal' : undefined}
          disabled={measure === undefined}
          value={part.value}
          maxLength={100}
          onChange={(event) => set({ value: event.currentTarget.value })}
        />
      )}
      <ActionIcon variant="subtle" color="gray" aria-label={text.remove} onClick={() => change(part.key, () => null)}>
        <IconTrash size={16} />
      </ActionIcon>
    </div>
  );
}

const labelOf = (group: GroupPart) => kinds.find((kind) => kind.value === `${group.not ? 'not-' : ''}${group.all ? 'all' : 'any'}`)?.label;
