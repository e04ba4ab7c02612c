import { ActionIcon, Skeleton, Tooltip } from '@mantine/core';
import { IconChartLine, IconTable } from '@tabler/icons-react';
import type { EChartsCoreOption } from 'echarts/core';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { commonText } from '@/messages';
import { localised } from '../format';
import classes from './charts.module.css';
import type { ChartColours } from './EChart';

const EChart = lazy(() => import('./EChart'));

export interface ChartTable {
  columns: string[];
  rows: ReactNode[][];
}

/**
 * A titled chart with its figures as a table one press away, so that nothing is told by a picture alone.
 * `option` must keep its identity while nothing changed: make it with useCallback or useMemo.
 */
export function ChartFrame({
  title,
  sentence,
  option,
  table,
  height = 260,
  tools,
  legend,
  onPoint,
  heading = true,
}: {
  title: string;
  sentence?: ReactNode;
  option: (colours: ChartColours) => EChartsCoreOption;
  table: ChartTable;
  height?: number;
  tools?: ReactNode;
  legend?: { label: string; colour: string; dashed?: boolean }[];
  onPoint?: (index: number, series: number) => void;
  heading?: boolean;
}) {
  const [asTable, setAsTable] = useState(false);
  return (
    <section className="panel" aria-label={title}>
      <div className="panel-head">
        {heading ? <h2>{title}</h2> : <div style={{ flex: 1 }} />}
        {tools}
        <Tooltip label={asTable ? commonText.asChart : commonText.asTable}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={asTable ? commonText.asChart : commonText.asTable}
            aria-pressed={asTable}
            onClick={() => setAsTable(!asTable)}
          >
            {asTable ? <IconChartLine size={18} /> : <IconTable size={18} />}
          </ActionIcon>
        </Tooltip>
      </div>
      <div className="panel-body">
        {sentence ? <p className={classes.sentence}>{typeof sentence === 'string' ? localised(sentence) : sentence}</p> : null}
        {legend && legend.length > 1 && !asTable ? (
          <ul className={classes.legend}>
            {legend.map((item) => (
              <li key={item.label}>
                <span
                  className={classes.swatch}
                  data-dashed={item.dashed ?? false}
                  style={{ '--swatch': item.colour } as React.CSSProperties}
                  aria-hidden="true"
                />
                {item.label}
              </li>
            ))}
          </ul>
        ) : null}
        {asTable ? (
          <div className={classes.tableBox} style={{ maxHeight: height + 60 }} tabIndex={0} role="region" aria-label={title}>
            <table className={classes.table}>
              <thead>
                <tr>
                  {table.columns.map((column, index) => (
                    <th key={column} scope="col" className={index > 0 ? 'end' : ''}>
                      {column}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {table.rows.map((row, index) => (
                  <tr key={index}>
                    {row.map((cell, column) =>
                      column === 0 ? (
                        <th key={table.columns[column]} scope="row">
                          {cell}
                        </th>
                      ) : (
                        <td key={table.columns[column]} className="num end">
                          {cell}
                        </td>
                      ),
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        ) : (
          <Suspense fallback={<Skeleton height={height} />}>
            <EChart option={option} height={height} label={title} onPoint={onPoint} />
          </Suspense>
        )}
      </div>
    </section>
  );
}
