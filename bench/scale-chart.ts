// Curves of bench/text-scale.ts and bench/scale.ts, by the number of items: a panel for memory, one or more for times.
import * as Plot from '@observablehq/plot';
import { drawPlot } from '../dist/compare/draw-plot.js';
import { withNamespace } from './svg-namespace.ts';

export const MEMORY = 'MB at most';
export const TIME = 'ms a question';

export interface ScalePoint {
  readonly items: number;
  /** A method, or the memory. */
  readonly what: string;
  readonly value: number;
  readonly panel: string;
}

const COLOURS = ['#1f6f8b', '#d9a441', '#b5503c', '#5a8f4e', '#7a5c99', '#777777'];

/** An SVG, its axes logarithmic. @param items what is counted, for the axis and the label */
export function scaleChart(points: readonly ScalePoint[], items: string): string {
  const methods = [...new Set(points.filter(({ panel }) => panel === TIME).map(({ what }) => what))];
  const others = [...new Set(points.map(({ what }) => what))].filter((what) => !methods.includes(what));
  const fewest = Math.min(...points.map((point) => point.items));
  const most = Math.max(...points.map(({ value }) => value).filter(Number.isFinite));
  // Lines end near one another; their names stand where there are none.
  const names = methods.map((what, i) => ({ what, items: fewest, value: most / 1.5 ** (i + 1), panel: TIME }));
  const chart = drawPlot(`Memory, and time of a question, by the number of ${items}`, {
    width: 720,
    height: 320,
    marginLeft: 60,
    x: { type: 'log', label: items, grid: true, tickFormat: '~s' },
    y: { type: 'log', label: null, grid: true, ticks: 5, tickFormat: '~s' },
    fx: { label: null },
    color: { legend: false, domain: [...methods, ...others], range: COLOURS },
    marks: [
      Plot.lineY(points, { fx: 'panel', x: 'items', y: 'value', stroke: 'what', strokeWidth: 2, marker: true }),
      Plot.text(names, {
        fx: 'panel',
        x: 'items',
        y: 'value',
        text: 'what',
        fill: 'what',
        fontSize: 13,
        textAnchor: 'start',
        dx: 8,
      }),
    ],
  });
  return withNamespace(chart.html);
}
