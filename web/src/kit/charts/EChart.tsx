import { useComputedColorScheme } from '@mantine/core';
import { BarChart, HeatmapChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, MarkPointComponent, TooltipComponent, VisualMapComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';

use([
  LineChart,
  BarChart,
  HeatmapChart,
  GridComponent,
  TooltipComponent,
  VisualMapComponent,
  MarkPointComponent,
  AriaComponent,
  SVGRenderer,
]);

export interface ChartColours {
  ink: string;
  dim: string;
  line: string;
  surface: string;
  accentSoft: string;
  danger: string;
  series: [string, string, string, string, string];
}

function readColours(element: HTMLElement): ChartColours {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--p-${name}`).trim();
  return {
    ink: colour('ink'),
    dim: colour('ink-2'),
    line: colour('line'),
    surface: colour('surface'),
    accentSoft: colour('accent-soft'),
    danger: colour('danger'),
    series: [colour('series-1'), colour('series-2'), colour('series-3'), colour('series-4'), colour('series-5')],
  };
}

/** The one place that knows ECharts; loaded when the first chart is shown. Colours follow the theme. */
export default function EChart({
  option,
  height,
  label,
  onPoint,
}: {
  option: (colours: ChartColours) => EChartsCoreOption;
  height: number;
  label: string;
  onPoint?: ((index: number, series: number) => void) | undefined;
}) {
  const element = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the page, so a changed scheme draws anew
  useEffect(() => {
    const host = element.current;
    if (host === null) return;
    const chart = init(host, undefined, { renderer: 'svg' });
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    chart.setOption({ animation: !still, animationDuration: 250, textStyle: { fontFamily: 'inherit' }, ...option(readColours(host)) });
    if (onPoint) chart.on('click', (event) => onPoint(event.dataIndex, event.seriesIndex ?? 0));
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(host);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [option, scheme, onPoint]);
  return <div ref={element} role="img" aria-label={label} style={{ height, width: '100%' }} />;
}
