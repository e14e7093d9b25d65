// The charts of the lab's page. Imported only when the page is drawn.
import * as Plot from '@observablehq/plot';
import { drawPlot } from '../compare/draw-plot.ts';
import { type Markup, visible } from '../compare/markup.ts';
import { errorText, mean, timeText } from './report-format.ts';
import type { LabCurve, LabErrorRow, LabRetrievalRow, LabRun, LabStacked } from './results.ts';

const WIDTH = 360;
/** Colours keep their meaning through the page. */
const AUTO_ENCODER = 'var(--m0)';
const PCA = 'var(--m1)';
const LINES = [AUTO_ENCODER, 'var(--m2)', 'var(--m3)', 'var(--m4)', 'var(--m5)', 'var(--m6)'];
const LONGEST_NAME = 24;
/** Beyond this ratio of the largest to the smallest loss the early epochs would hide the later ones. */
const WIDE_RANGE = 4;

/** Loss of each epoch, of the validation set, and of the steps between as a thin line. */
export function lossChart(run: LabRun): Markup {
  const { lossPerEpoch, validationLossPerEpoch = [], lossPerStep } = run;
  const epochs = curvePoints([
    { name: 'training', values: lossPerEpoch },
    { name: 'validation', values: validationLossPerEpoch },
  ]);
  const lastStep = lossPerStep?.steps.at(-1) ?? 0;
  const steps = (lossPerStep?.losses ?? []).map((loss, at) => ({
    epoch: (lossPerStep!.steps[at]! / (lastStep || 1)) * lossPerEpoch.length,
    loss,
  }));
  return drawPlot(
    `Loss of ${run.name} by epoch, from ${errorText(lossPerEpoch[0] ?? Number.NaN)} to ${errorText(lossPerEpoch.at(-1) ?? Number.NaN)}`,
    {
      ...curveFrame([...epochs, ...steps].map(({ loss }) => loss)),
      x: epochAxis(lossPerEpoch.length),
      color: { domain: ['training', 'validation'], range: [AUTO_ENCODER, PCA] },
      marks: [
        Plot.line(steps, { x: 'epoch', y: 'loss', stroke: 'var(--soft)', strokeWidth: 0.75, strokeOpacity: 0.6 }),
        ...lines(epochs),
      ],
    },
  );
}

/** Several curves by epoch, with the colours of {@link curveColour}. */
export function curvesChart(label: string, curves: readonly LabCurve[]): Markup {
  const points = curvePoints(curves);
  return drawPlot(label, {
    ...curveFrame(points.map(({ loss }) => loss)),
    x: epochAxis(Math.max(...curves.map(({ values }) => values.length))),
    color: { domain: curves.map(({ name }) => visible(name)), range: curves.map((_, place) => curveColour(place)) },
    marks: lines(points),
  });
}

export function curveColour(place: number): string {
  return LINES[place % LINES.length]!;
}

export function stackedChart({ pretrained, fromScratch }: LabStacked): Markup {
  return curvesChart('Loss by epoch of fine-tuning, pre-trained and from scratch', [
    { name: 'pre-trained', values: pretrained.lossPerEpoch },
    { name: 'from scratch', values: fromScratch.lossPerEpoch },
  ]);
}

/** Error against code size, both by factors: auto-encoders, PCA, and what was published. */
export function errorChart(rows: readonly LabErrorRow[]): Markup {
  const points = rows.flatMap(({ codeSize, autoEncoder, pca, published }) => [
    { kind: 'auto-encoder', codeSize, error: autoEncoder },
    { kind: 'PCA', codeSize, error: pca },
    { kind: 'published', codeSize, error: published?.error },
  ]);
  const known = points.flatMap(({ error, ...rest }) => (error === undefined ? [] : [{ ...rest, error }]));
  // A logarithmic axis would leave names of sizes out.
  const byFactors = ({ codeSize }: { codeSize: number }) => Math.log2(codeSize);
  const joined = known.filter(({ kind }) => kind !== 'published');
  return drawPlot('Reconstruction error against the numbers kept of a picture, auto-encoders and PCA', {
    width: WIDTH,
    height: 270,
    marginLeft: 40,
    marginRight: 24,
    marginTop: 18,
    marginBottom: 40,
    x: {
      ...axisLabel('numbers kept of a picture'),
      ticks: rows.map(({ codeSize }) => Math.log2(codeSize)),
      tickFormat: (power: number) => String(Math.round(2 ** power)),
      insetLeft: 16,
    },
    y: {
      type: 'log',
      insetBottom: 14,
      insetTop: 6,
      label: null,
      grid: true,
      ticks: 5,
      tickFormat: (value: number) => String(value),
    },
    color: { domain: ['auto-encoder', 'PCA', 'published'], range: [AUTO_ENCODER, PCA, 'var(--ink)'] },
    symbol: { domain: ['auto-encoder', 'PCA', 'published'], range: ['circle', 'square2', 'star'] },
    marks: [
      Plot.line(joined, { x: byFactors, y: 'error', stroke: 'kind', strokeWidth: 2 }),
      Plot.dot(known, {
        x: byFactors,
        y: 'error',
        fill: 'kind',
        symbol: 'kind',
        r: 4,
        stroke: 'var(--card)',
        title: ({ kind, codeSize, error }) => `${kind}, ${codeSize} numbers: ${errorText(error)}`,
      }),
      Plot.text(joined, {
        x: byFactors,
        y: 'error',
        text: ({ error }) => errorText(error),
        dy: -11,
        fill: 'var(--ink)',
        stroke: 'var(--card)',
        strokeWidth: 3,
      }),
    ],
  });
}

/** Mean seconds of an epoch, a bar a run. */
export function timeChart(runs: readonly LabRun[]): Markup {
  return bars(
    'Mean time of an epoch',
    runs.map((run) => ({ name: run.name, value: mean(run.secondsPerEpoch), fill: AUTO_ENCODER })),
    timeText,
  );
}

/** Mean average precision, a bar a code. */
export function retrievalChart(rows: readonly LabRetrievalRow[]): Markup {
  return bars(
    'Mean average precision of each code',
    rows.map((row) => ({
      name: row.name,
      value: row.meanAveragePrecision,
      fill: row.kind === 'auto-encoder' ? AUTO_ENCODER : PCA,
    })),
    (value) => value.toFixed(3),
  );
}

interface Bar {
  readonly name: string;
  readonly value: number;
  readonly fill: string;
}

function bars(label: string, values: readonly Bar[], write: (value: number) => string): Markup {
  const rows = values.map((bar) => ({ ...bar, name: shorten(bar.name) }));
  const names = rows.map(({ name }) => name);
  return drawPlot(label, {
    width: WIDTH,
    height: 26 * rows.length + 30,
    marginLeft: 14 + 6.6 * Math.max(...names.map((name) => name.length), 1),
    marginRight: 52,
    marginTop: 4,
    marginBottom: 26,
    x: { label: null, ticks: 4, grid: true, nice: true, zero: true },
    y: { domain: names, label: null, tickSize: 0, padding: 0.3 },
    marks: [
      Plot.barX(rows, { x: 'value', y: 'name', fill: (bar: Bar) => bar.fill, rx: 2 }),
      Plot.text(rows, {
        x: 'value',
        y: 'name',
        text: ({ value }) => write(value),
        textAnchor: 'start',
        dx: 6,
        fontWeight: 600,
      }),
    ],
  });
}

interface CurvePoint {
  readonly name: string;
  readonly epoch: number;
  readonly loss: number;
}

function curvePoints(curves: readonly LabCurve[]): CurvePoint[] {
  return curves.flatMap(({ name, values }) => values.map((loss, at) => ({ name: visible(name), epoch: at + 1, loss })));
}

function lines(points: readonly CurvePoint[]): Plot.Markish[] {
  return [
    Plot.line(points, { x: 'epoch', y: 'loss', stroke: 'name', strokeWidth: 2 }),
    Plot.dot(points, {
      x: 'epoch',
      y: 'loss',
      fill: 'name',
      r: 2.5,
      title: ({ name, epoch, loss }) => `${name}, epoch ${epoch}: ${errorText(loss)}`,
    }),
  ];
}

function curveFrame(losses: readonly number[]): Plot.PlotOptions {
  const real = losses.filter(Number.isFinite);
  const [least, most] = [Math.min(...real), Math.max(...real)];
  const byFactors = least > 0 && most > WIDE_RANGE * least;
  return {
    width: WIDTH,
    height: 220,
    marginLeft: 48,
    marginRight: 12,
    marginTop: 12,
    marginBottom: 40,
    y: {
      type: byFactors ? 'log' : 'linear',
      label: null,
      grid: true,
      ticks: 5,
      tickFormat: (value: number) => String(value),
    },
  };
}

function epochAxis(epochs: number): Plot.ScaleOptions {
  return { domain: [0, Math.max(epochs, 1)], ...axisLabel('epochs'), ticks: Math.min(epochs, 8), tickFormat: 'd' };
}

function axisLabel(label: string): Plot.ScaleOptions {
  return { label, labelAnchor: 'center', labelArrow: 'none' };
}

function shorten(name: string): string {
  const clean = visible(name);
  return clean.length <= LONGEST_NAME ? clean : `${clean.slice(0, LONGEST_NAME - 1)}…`;
}
