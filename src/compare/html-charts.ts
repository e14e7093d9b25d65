// The charts of the HTML report, drawn to SVG when the page is built. Imported only when a page is asked for.
import * as Plot from '@observablehq/plot';
import { drawPlot } from './draw-plot.ts';
import type { Interval } from './figures.ts';
import { type Markup, visible } from './markup.ts';
import type { MethodStyle } from './method-styles.ts';
import type { ComparisonReport, KindFigures, MethodReport } from './report.ts';

/** All charts are this wide, in pixels at most: they fit a telephone, and stand side by side where there is room. */
const WIDTH = 360;
/** Height of one kind of corruption, in pixels. */
const ROW = 26;
const LONGEST_NAME = 26;

/** A picture of the shape and colour of one method. */
export function legendMark({ colour, shape, standsOut }: MethodStyle): Markup {
  return drawPlot('', {
    width: 16,
    height: 16,
    margin: 0,
    x: { domain: [0, 1], axis: null },
    y: { domain: [0, 1], axis: null },
    marks: [Plot.dot([0], { x: 0.5, y: 0.5, r: standsOut ? 5 : 3.5, fill: colour, symbol: shape })],
  });
}

/** One figure of every method as bars, the interval as a whisker. */
export function barChart(
  methods: readonly MethodReport[],
  styles: readonly MethodStyle[],
  label: string,
  figureOf: (method: MethodReport) => { readonly value: number; readonly interval: Interval },
): Markup {
  const bars = methods.map((method) => {
    const { value, interval } = figureOf(method);
    return { method: shorten(method.method), value, low: interval[0], high: interval[1] };
  });
  const longest = Math.max(...bars.map(({ high, value }) => Math.max(high, value)), 0.01);
  return drawPlot(`${label} of each method`, {
    width: WIDTH,
    height: (bars.length > 7 ? 24 : 34) * bars.length + 34,
    marginLeft: nameMargin(bars.map(({ method }) => method)),
    marginRight: 48,
    marginTop: 4,
    marginBottom: 30,
    x: { domain: [0, longest > 0.8 ? 1 : longest], nice: true, ticks: 4, label: null, grid: true },
    y: { domain: bars.map(({ method }) => method), label: null, tickSize: 0, padding: 0.3 },
    color: colours(methods, styles),
    marks: [
      Plot.barX(bars, {
        x: 'value',
        y: 'method',
        fill: 'method',
        rx: 2,
        title: ({ method, value, low, high }) =>
          `${method}: ${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`,
      }),
      Plot.ruleY(bars, { y: 'method', x1: 'low', x2: 'high', strokeWidth: 1.5 }),
      Plot.tickX(bars, { x: 'low', y: 'method', inset: bars.length > 7 ? 4 : 7, strokeWidth: 1.5 }),
      Plot.tickX(bars, { x: 'high', y: 'method', inset: bars.length > 7 ? 4 : 7, strokeWidth: 1.5 }),
      Plot.text(bars, {
        x: 'high',
        y: 'method',
        text: ({ value }) => value.toFixed(3),
        textAnchor: 'start',
        dx: 6,
        fontWeight: 600,
      }),
    ],
  });
}

/** Mean reciprocal rank by kind of corruption: a line a kind, a dot a method. */
export function kindChart(
  methods: readonly MethodReport[],
  styles: readonly MethodStyle[],
  seen: boolean,
): Markup | undefined {
  const dots = methods.flatMap(({ method, perKind = [] }) =>
    perKind
      .filter((kind) => kind.seen === seen)
      .map((kind) => ({
        method: shorten(method),
        kind: shorten(kind.kind),
        family: kind.family ?? '',
        ...rankOf(kind),
      })),
  );
  if (dots.length === 0) return undefined;
  const kinds = [...new Set([...dots].sort((a, b) => a.family.localeCompare(b.family)).map(({ kind }) => kind))];
  return drawPlot(`mean reciprocal rank by ${seen ? 'practised' : 'held-out'} corruption`, {
    width: WIDTH,
    height: ROW * (kinds.length + 1) + 48,
    marginLeft: nameMargin(kinds),
    marginRight: 12,
    marginTop: 10,
    marginBottom: 38,
    x: {
      domain: [0, 1],
      ticks: 5,
      label: 'mean reciprocal rank',
      labelAnchor: 'center',
      labelArrow: 'none',
      grid: true,
    },
    y: { domain: kinds, label: null, tickSize: 0, padding: 1 },
    color: colours(methods, styles),
    symbol: { domain: names(methods), range: styles.map(({ shape }) => shape) },
    marks: [
      Plot.ruleY(
        dots,
        Plot.groupY({ x1: 'min', x2: 'max' }, { x: 'mrr', y: 'kind', strokeOpacity: 0.35, strokeWidth: 2 }),
      ),
      // A little above and below the line, so that equal values do not hide one another.
      ...methods.map((method, place) =>
        Plot.dot(
          dots.filter((dot) => dot.method === shorten(method.method)),
          {
            x: 'mrr',
            y: 'kind',
            dy: 4.5 * (place - (methods.length - 1) / 2),
            fill: 'method',
            symbol: 'method',
            r: 4,
            stroke: 'var(--card)',
            strokeWidth: 1,
            title: ({ method, kind, mrr, low, high }) =>
              `${kind}, ${method}: ${mrr.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`,
          },
        ),
      ),
    ],
  });
}

/** Precision (labelled) or the share of originals found (label-free) against the number of hits that are looked at. */
export function curveChart(report: ComparisonReport, styles: readonly MethodStyle[]): Markup {
  const { methods } = report;
  const { points, highest, label } = curvePoints(report);
  return drawPlot(`${label}, for each method`, {
    width: WIDTH,
    height: 250,
    marginLeft: 40,
    marginRight: 14,
    marginTop: 12,
    marginBottom: 40,
    x: {
      type: 'log',
      label: 'k, the number of hits looked at',
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: 4,
      tickFormat: 'd',
    },
    y: { domain: [0, highest > 0.7 ? 1 : highest * 1.05], label: null, grid: true, ticks: 5 },
    color: colours(methods, styles),
    symbol: { domain: names(methods), range: styles.map(({ shape }) => shape) },
    marks: [
      Plot.line(points, { x: 'k', y: 'value', stroke: 'method', strokeWidth: 2 }),
      Plot.dot(points, {
        x: 'k',
        y: 'value',
        fill: 'method',
        symbol: 'method',
        r: 3.5,
        title: ({ method, k, value }) => `${method}, k = ${k}: ${value.toFixed(3)}`,
      }),
    ],
  });
}

/** The same curves, one small chart a method with all others in grey behind it: for more methods than can share one. */
export function curveCharts(report: ComparisonReport, styles: readonly MethodStyle[]): Markup {
  const { points, highest, label } = curvePoints(report);
  const placed = points.map((point) => {
    const place = names(report.methods).indexOf(point.method);
    return { ...point, column: place % CURVE_COLUMNS, row: Math.floor(place / CURVE_COLUMNS) };
  });
  const firsts = placed.filter(({ k }) => k === 1);
  const facet = { fx: 'column', fy: 'row' } as const;
  return drawPlot(`${label}, for each method`, {
    width: WIDTH,
    height: 100 * Math.ceil(report.methods.length / CURVE_COLUMNS) + 30,
    marginLeft: 30,
    marginRight: 8,
    marginTop: 22,
    marginBottom: 32,
    fx: { axis: null, padding: 0.14 },
    fy: { axis: null, padding: 0.36 },
    x: { type: 'log', label: null, ticks: [1, 10, 100], tickFormat: 'd', tickSize: 3 },
    y: { domain: [0, highest > 0.7 ? 1 : highest * 1.05], label: null, grid: true, ticks: 3, tickSize: 0 },
    color: colours(report.methods, styles),
    marks: [
      Plot.line(placed, { ...facet, facet: 'exclude', x: 'k', y: 'value', z: 'method', stroke: 'var(--line)' }),
      Plot.line(placed, { ...facet, x: 'k', y: 'value', stroke: 'method', strokeWidth: 2.5 }),
      Plot.text(firsts, {
        ...facet,
        frameAnchor: 'top-left',
        text: 'method',
        dy: -16,
        dx: 2,
        fontWeight: 600,
        textAnchor: 'start',
      }),
    ],
  });
}

const CURVE_COLUMNS = 2;

interface CurvePlace {
  readonly method: string;
  readonly k: number;
  readonly value: number;
}

function curvePoints({ protocol, methods }: ComparisonReport): {
  points: CurvePlace[];
  highest: number;
  label: string;
} {
  const known = protocol === 'label-free';
  const points = methods.flatMap(({ method, curve }) =>
    curve.map(({ k, precision, recall }) => ({ method: shorten(method), k, value: known ? recall : precision })),
  );
  const highest = Math.max(...points.map(({ value }) => value), 0.01);
  return { points, highest, label: known ? 'originals found within k' : 'precision at k' };
}

function colours(methods: readonly MethodReport[], styles: readonly MethodStyle[]): Plot.ScaleOptions {
  return { domain: names(methods), range: styles.map(({ colour }) => colour) };
}

function names(methods: readonly MethodReport[]): string[] {
  return methods.map(({ method }) => shorten(method));
}

function rankOf({ mrr, intervals }: KindFigures): { mrr: number; low: number; high: number } {
  return { mrr, low: intervals.mrr[0], high: intervals.mrr[1] };
}

function shorten(name: string): string {
  const clean = visible(name);
  return clean.length <= LONGEST_NAME ? clean : `${clean.slice(0, LONGEST_NAME - 1)}…`;
}

/** Room for the longest name, at about 6.6 pixels a letter. */
function nameMargin(labels: readonly string[]): number {
  return 14 + 6.6 * Math.max(...labels.map((label) => label.length), 1);
}
