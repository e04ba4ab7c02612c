import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react';
import type { JournalAccount } from '@/api';
import { ChoicePicker } from '@/kit/ChoicePicker';
import { isZero } from '@/kit/decimal';
import { formatMoney } from '@/kit/format';
import { useSession } from '@/kit/session';
import { bookText } from '@/messages';
import classes from './books.module.css';
import { emptyLine, type TypedLine, totals } from './lines';

const text = bookText.editor;

/** Lines entered by keyboard: Enter to the next cell and from the last one to a new line, Alt+Ins for a line anywhere. */
export function JournalLines({
  lines,
  onChange,
  accounts,
  wrong,
}: {
  lines: TypedLine[];
  onChange: (lines: TypedLine[]) => void;
  accounts: JournalAccount[];
  wrong: (pointer: string) => string | undefined;
}) {
  const { session } = useSession();
  const table = useRef<HTMLTableElement>(null);
  const focusNew = useRef(false);
  const several = session.branches.length > 1;
  const choices = useMemo(() => accounts.map((account) => ({ value: account.code, label: `${account.code} ${account.name}` })), [accounts]);
  const sums = totals(lines);
  const balanced = isZero(sums.difference);
  const add = () => {
    focusNew.current = true;
    onChange([...lines, emptyLine()]);
  };
  useEffect(() => {
    if (!focusNew.current) return;
    focusNew.current = false;
    table.current?.querySelector<HTMLInputElement>('tbody tr:last-child input')?.focus();
  });
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Insert' && event.altKey) {
      event.preventDefault();
      add();
      return;
    }
    if (event.key !== 'Enter' || event.ctrlKey || !(event.target instanceof HTMLInputElement)) return;
    // An open list of choices takes Enter for itself.
    if (event.target.getAttribute('aria-expanded') === 'true') return;
    event.preventDefault();
    const cells = [...(table.current?.querySelectorAll<HTMLInputElement>('tbody input:not([type="hidden"])') ?? [])];
    const next = cells[cells.indexOf(event.target) + 1];
    if (next) next.focus();
    else add();
  };
  const set = (key: number, part: Partial<TypedLine>) => onChange(lines.map((line) => (line.key === key ? { ...line, ...part } : line)));
  return (
    <div className={classes.scroll}>
      <table className={classes.lines} ref={table} onKeyDown={keys}>
        <thead>
          <tr>
            <th>{bookText.account}</th>
            <th>{bookText.subject}</th>
            {several ? <th>{bookText.branch}</th> : null}
            <th className="end">{bookText.debit}</th>
            <th className="end">{bookText.credit}</th>
            <th>{text.lineText}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {lines.map((line, at) => {
            const subject = accounts.find((account) => account.code === line.account)?.subject;
            const place = `/lines/${at}`;
            return (
              <tr key={line.key}>
                <td>
                  <Select
                    aria-label={text.cell(bookText.account, at + 1)}
                    data={choices}
                    value={line.account || null}
                    onChange={(account) => set(line.key, { account: account ?? '', subject: '' })}
                    searchable
                    selectFirstOptionOnChange
                    error={wrong(`${place}/account`) ?? wrong(place)}
                    w={230}
                  />
                </td>
                <td>
                  <SubjectCell
                    kind={subject}
                    value={line.subject}
                    label={text.cell(bookText.subject, at + 1)}
                    onChange={(value) => set(line.key, { subject: value })}
                    error={wrong(`${place}/subject`)}
                  />
                </td>
                {several ? (
                  <td>
                    <Select
                      aria-label={text.cell(bookText.branch, at + 1)}
                      placeholder={text.own}
                      data={session.branches.map((branch) => ({ value: branch.code, label: branch.name }))}
                      value={line.branch || null}
                      onChange={(branch) => set(line.key, { branch: branch ?? '' })}
                      error={wrong(`${place}/branch`)}
                      clearable
                      w={150}
                    />
                  </td>
                ) : null}
                {(['debit', 'credit'] as const).map((side) => (
                  <td key={side}>
                    <TextInput
                      aria-label={text.cell(bookText[side], at + 1)}
                      className={classes.amount}
                      inputMode="decimal"
                      value={line[side]}
                      error={wrong(`${place}/${side}`)}
                      onChange={(event) =>
                        set(line.key, {
                          [side]: event.currentTarget.value,
                          ...(event.currentTarget.value ? { [side === 'debit' ? 'credit' : 'debit']: '' } : {}),
                        })
                      }
                      w={110}
                    />
                  </td>
                ))}
                <td>
                  <TextInput
                    aria-label={text.cell(text.lineText, at + 1)}
                    value={line.text}
                    maxLength={200}
                    error={wrong(`${place}/text`)}
                    onChange={(event) => set(line.key, { text: event.currentTarget.value })}
                  />
                </td>
                <td>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={text.remove(at + 1)}
                    onClick={() => onChange(lines.filter((other) => other.key !== line.key))}
                  >
                    <IconX size={16} />
                  </ActionIcon>
                </td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <td colSpan={several ? 3 : 2}>
              <Button variant="subtle" size="xs" leftSection={<IconPlus size={14} />} onClick={add}>
                {text.add}
              </Button>
              <span className="dim">{text.total}</span>
            </td>
            <td className="num">{formatMoney(sums.debit)}</td>
            <td className="num">{formatMoney(sums.credit)}</td>
            <td colSpan={2} className={classes.difference} data-balanced={balanced} aria-live="polite">
              {balanced ? text.balanced : `${text.difference} ${formatMoney(sums.difference)}`}
            </td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

/** Whose the entry is, where the account is kept by subject. */
function SubjectCell({
  kind,
  value,
  label,
  onChange,
  error,
}: {
  kind: string | undefined;
  value: string;
  label: string;
  onChange: (value: string) => void;
  error: string | undefined;
}) {
  if (kind === 'party')
    return (
      <ChoicePicker
        route="/books/journals"
        kind="party"
        value={value || undefined}
        onChange={(party) => onChange(party ?? '')}
        label={text.party}
        w={180}
      />
    );
  if (kind === 'method')
    return (
      <TextInput
        aria-label={label}
        placeholder={text.method}
        value={value}
        error={error}
        onChange={(event) => onChange(event.currentTarget.value.toUpperCase())}
        w={180}
      />
    );
  return <span className="dim">–</span>;
}
