import { IconAlertTriangle } from '@tabler/icons-react';
import { asProblem, pointerToPath } from '@/api';
import { commonText } from '@/messages';
import classes from './ProblemNotice.module.css';

/** What went wrong, in place: the sentence, then each point with a link to its field when the form has one. */
export function ProblemNotice({ error, onField }: { error: unknown; onField?: (path: string) => void }) {
  if (error === null || error === undefined) return null;
  const problem = asProblem(error);
  const text = problem.code === 'VERSION_CONFLICT' ? commonText.problem.conflict : (problem.detail ?? problem.title);
  return (
    <div className={classes.notice} role="alert">
      <IconAlertTriangle size={18} aria-hidden="true" />
      <div>
        <p className={classes.text}>{problem.offline ? commonText.offline.hint : text}</p>
        {problem.errors.length > 0 ? (
          <ul className={classes.list}>
            {problem.errors.map((item) => (
              <li key={`${item.pointer}${item.code}`}>
                {onField && item.pointer ? (
                  <button type="button" className={classes.link} onClick={() => onField(pointerToPath(item.pointer ?? ''))}>
                    {item.detail ?? item.code}
                  </button>
                ) : (
                  (item.detail ?? item.code)
                )}
              </li>
            ))}
          </ul>
        ) : null}
        <p className={`${classes.code} mono`}>
          {problem.code}
          {problem.incident ? ` · ${commonText.error.incident(problem.incident)}` : ''}
        </p>
      </div>
    </div>
  );
}
