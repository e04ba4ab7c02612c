import { Button, Group } from '@mantine/core';
import { Link } from 'react-router';
import type { Register, ShiftBrief } from '@/api';
import { tillText } from '@/messages';
import classes from './register.module.css';

const text = tillText.shift;

/** A counted shift sells nothing more: it is closed first, and then the till opens the next one. */
export function CountedShift({ register, shift }: { register: Register; shift: ShiftBrief }) {
  return (
    <section className={`panel ${classes.card}`}>
      <h2>{text.countedTitle(shift.number)}</h2>
      <p className="dim">{text.countedText(register.terminal.name)}</p>
      <Group grow>
        <Button component={Link} to="?choose=1" variant="default">
          {tillText.otherTerminal}
        </Button>
        <Button component={Link} to={`/sales/point-of-sale/shifts/${shift.id}/close`} data-autofocus autoFocus>
          {text.close}
        </Button>
      </Group>
    </section>
  );
}
