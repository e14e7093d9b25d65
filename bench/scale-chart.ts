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

const COLOURS = ['#1f6f8b', '#d9a441', '#b5503c', '#5a8f4e', '#7a5c99', '#777777', '#2a9d8f'];

/** Pixels from one name to the next. */
const LINE = 16;

/** An SVG, its axes logarithmic. @param items what is counted, for the axis and the label */
export function scaleChart(points: readonly ScalePoint[], items: string): string {
  const methods = [...new Set(points.filter(({ panel }) => panel === TIME).map(({ what }) => what))];
  const others = [...new Set(points.map(({ what }) => what))].filter((what) => !methods.includes(what));
  const chart = drawPlot(`Memory, and time of a question, by the number of ${items}`, {
    width: 900,
    height: 360,
    marginLeft: 60,
    x: { type: 'log', label: items, grid: true, tickFormat: '~s' },
    y: { type: 'log', label: null, grid: true, ticks: 5, tickFormat: '~s' },
    fx: { label: null, padding: 0.14 },
    color: { legend: false, domain: [...methods, ...others], range: COLOURS },
    marks: [
      Plot.lineY(points, { fx: 'panel', x: 'items', y: 'value', stroke: 'what', strokeWidth: 2, marker: true }),
      // Lines end near one another; their names stand where there are none.
      ...methods.map((what, i) =>
        Plot.text([{ what, panel: TIME }], {
          fx: 'panel',
          frameAnchor: 'top-left',
          text: 'what',
          fill: 'what',
          fontSize: 13,
          dx: 8,
          dy: 8 + i * LINE,
        }),
      ),
    ],
  });
  return withNamespace(chart.html);
}
