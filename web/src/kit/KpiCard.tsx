import { IconArrowDownRight, IconArrowRight, IconArrowUpRight } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Kpi } from '@/api';
import { commonText } from '@/messages';
import { formatCell, formatRate } from './format';
import classes from './KpiCard.module.css';
import { Sparkline } from './Sparkline';

/** Whether a change is good news: by its direction and by what the measure calls better. */
export function verdict(change: number | undefined, better: Kpi['better']): 'good' | 'bad' | 'none' {
  if (change === undefined || change === 0 || better === undefined || better === 'none') return 'none';
  return change > 0 === (better === 'up') ? 'good' : 'bad';
}

/** One figure with how it moved, against the period before, and the way to its rows. */
export function KpiCard({ kpi, to }: { kpi: Kpi; to?: string | undefined }) {
  // Judged by what is shown: a change of less than a thousandth is none.
  const change = kpi.changeRate === undefined ? undefined : Math.round(Number(kpi.changeRate) * 1000) / 1000;
  const judged = verdict(change, kpi.better);
  const Arrow = change === undefined || change === 0 ? IconArrowRight : change > 0 ? IconArrowUpRight : IconArrowDownRight;
  const content = (
    <>
      <span className={classes.head}>
        <span className={classes.label}>{kpi.label}</span>
        {kpi.spark && kpi.spark.length > 1 ? <Sparkline values={kpi.spark.map(Number)} width={64} height={24} /> : null}
      </span>
      <span className={`${classes.value} num`}>{kpi.value === undefined ? '–' : formatCell(kpi.value, kpi.type)}</span>
      <span className={classes.foot}>
        {change === undefined ? (
          <span className="dim">{commonText.kpi.noPrevious}</span>
        ) : (
          <>
            <span className={classes.change} data-verdict={judged}>
              <Arrow size={14} aria-hidden="true" />
              <span className="num">{formatRate(Math.abs(change), undefined, 1)}</span>
              <span className="visually-hidden">
                {judged === 'good' ? commonText.kpi.better : judged === 'bad' ? commonText.kpi.worse : commonText.kpi.same}
              </span>
            </span>
            <span className={`${classes.before} num`}>
              {kpi.previous === undefined ? '' : commonText.kpi.previous(formatCell(kpi.previous, kpi.type))}
            </span>
          </>
        )}
      </span>
    </>
  );
  return to ? (
    <Link to={to} className={`panel plain ${classes.card}`}>
      {content}
    </Link>
  ) : (
    <div className={`panel ${classes.card}`}>{content}</div>
  );
}
