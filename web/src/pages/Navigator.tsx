import { Link } from 'react-router';
import type { Kpi } from '@/api';
import { formatCell } from '@/kit/format';
import { functionPath } from '@/kit/paths';
import { useMeta } from '@/kit/session';
import { functionIcon } from '@/kit/shell/icons';
import { QueryState } from '@/kit/states';
import { centreText } from '@/messages';
import classes from './Centre.module.css';
import { navigatorOf, shortLabel } from './centre';

const text = centreText.navigator;

/** The modules with their functions, one figure each. */
export function Navigator({ kpis }: { kpis: Kpi[] }) {
  const meta = useMeta();
  return (
    <QueryState query={meta} rows={3}>
      {(data) => (
        <nav className={classes.navigator} aria-label={text.title}>
          {navigatorOf(data, kpis).map((module) => (
            <section key={module.code}>
              <h2 className={classes.module}>
                <Link to={`/${module.code}`}>{module.name}</Link>
              </h2>
              <div className={classes.tiles}>
                {module.entries.map(({ fn, kpi }) => {
                  const Icon = functionIcon(fn.code);
                  return (
                    <Link key={fn.code} to={functionPath(fn)} className={`panel plain ${classes.tile}`}>
                      <Icon size={20} stroke={1.7} aria-hidden />
                      <span className={classes.tileText}>
                        <span className="strong">{fn.name}</span>
                        {kpi?.value === undefined ? (
                          <span className="dim small">{text.none}</span>
                        ) : (
                          <span className="dim small">
                            {shortLabel(kpi, fn)} <span className="num strong">{formatCell(kpi.value, kpi.type)}</span>
                          </span>
                        )}
                      </span>
                    </Link>
                  );
                })}
              </div>
            </section>
          ))}
        </nav>
      )}
    </QueryState>
  );
}
