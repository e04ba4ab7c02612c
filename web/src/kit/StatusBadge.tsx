import { humanise } from './format';
import classes from './StatusBadge.module.css';

export type Tone = 'neutral' | 'info' | 'success' | 'warning' | 'danger';

const tones: Record<string, Tone> = {
  draft: 'neutral',
  parked: 'neutral',
  cancelled: 'neutral',
  inactive: 'neutral',
  closed: 'neutral',
  expired: 'neutral',
  low: 'neutral',
  snoozed: 'neutral',
  locked: 'neutral',
  submitted: 'info',
  'in-review': 'info',
  pending: 'info',
  open: 'info',
  running: 'info',
  acknowledged: 'info',
  counted: 'info',
  scheduled: 'info',
  approved: 'success',
  posted: 'success',
  active: 'success',
  paid: 'success',
  resolved: 'success',
  won: 'success',
  done: 'success',
  new: 'info',
  late: 'danger',
  medium: 'warning',
  waiting: 'warning',
  'on-hold': 'warning',
  'due-soon': 'warning',
  partial: 'warning',
  rejected: 'danger',
  reversed: 'danger',
  overdue: 'danger',
  failed: 'danger',
  high: 'danger',
  critical: 'danger',
  escalated: 'warning',
  lost: 'danger',
  blocked: 'danger',
};

export function toneOf(status: string): Tone {
  return tones[status.toLowerCase()] ?? 'neutral';
}

/** A status as a word with a mark; the mark's shape repeats what the colour says. */
export function StatusBadge({ status, label, tone }: { status: string; label?: string; tone?: Tone }) {
  return (
    <span className={classes.badge} data-tone={tone ?? toneOf(status)}>
      <span className={classes.mark} aria-hidden="true" />
      {label ?? humanise(status)}
    </span>
  );
}
