import type { TimelineEvent } from '@/api';
import { pageText } from '@/messages';
import { InstantText } from './cells';
import classes from './DocumentTimeline.module.css';
import { humanise, nameOf } from './format';
import { StatusBadge, toneOf } from './StatusBadge';

/** A before or after value of a change, short enough for one line. */
function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export function DiffTable({ diff }: { diff: NonNullable<TimelineEvent['diff']> }) {
  return (
    <table className={classes.diff}>
      <thead>
        <tr>
          <th scope="col">{pageText.timeline.field}</th>
          <th scope="col">{pageText.timeline.before}</th>
          <th scope="col">{pageText.timeline.after}</th>
        </tr>
      </thead>
      <tbody>
        {diff.map((change) => (
          <tr key={change.path}>
            <th scope="row" className="mono">
              {change.path}
            </th>
            <td>
              <del>{shown(change.before)}</del>
            </td>
            <td>
              <ins>{shown(change.after)}</ins>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Who did what and when, oldest first, with what each step changed. */
export function DocumentTimeline({ events }: { events: TimelineEvent[] }) {
  return (
    <ol className={classes.timeline}>
      {events.map((event, index) => (
        <li key={`${event.at}${index}`} className={classes.event} data-tone={toneOf(event.to ?? event.action)}>
          <div className={classes.head}>
            <span className="strong">{humanise(event.action)}</span>
            {event.from && event.to && event.from !== event.to ? (
              <span className={classes.move}>
                <StatusBadge status={event.from} /> → <StatusBadge status={event.to} />
              </span>
            ) : event.to ? (
              <StatusBadge status={event.to} />
            ) : null}
          </div>
          <div className="dim">
            {nameOf(event.user) || pageText.timeline.system} · <InstantText value={event.at} />
          </div>
          {event.reason || event.text ? (
            <p className={classes.reason}>
              {event.reason ? humanise(event.reason) : ''}
              {event.reason && event.text ? ': ' : ''}
              {event.text}
            </p>
          ) : null}
          {event.diff && event.diff.length > 0 ? (
            <details className={classes.details}>
              <summary>{pageText.timeline.changes(event.diff.length)}</summary>
              <DiffTable diff={event.diff} />
            </details>
          ) : null}
        </li>
      ))}
    </ol>
  );
}
