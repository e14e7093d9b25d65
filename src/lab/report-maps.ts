// Maps: thousands of pictures as points of a plane, coloured by what they show.
import { type Markup, markup } from '../compare/markup.ts';
import { countText, shareText } from './report-format.ts';
import type { LabMap, LabResults } from './results.ts';

/** As many colours as ten digits need; further classes begin again. */
const COLOURS = 10;
const SIDE = 1000;
/** Inside of the frame, so that points on its edge are whole. */
const MARGIN = 12;
/** The frame takes in all but this share of the points on each side: a few far ones would press the others together. */
const FAR = 0.002;
/** Classes are painted in turns, so that the last one does not hide the others. */
const TURNS = 12;

export function mapSection({ maps, dataSet }: LabResults): Markup | undefined {
  if (maps.length === 0) return undefined;
  const present = classesOf(maps.flatMap(({ labels }) => labels));
  const nameOf = (label: number) => dataSet.labelNames?.[label] ?? String(label);
  const best = Math.max(...maps.map(({ accuracy5nn }) => accuracy5nn));
  return markup`<section id="maps">
<h2>Maps: two numbers a picture</h2>
<p>Every test picture as a point, placed without knowledge of its label and coloured by it. The figure is the share of points whose five nearest neighbours on the map vote for the right label.</p>
<fieldset class="labels"><legend>Show</legend>
<label><input type="radio" name="label" id="label-all" checked>all</label>
${present.map(
  (
    label,
  ) => markup`<label><input type="radio" name="label" id="label-${label}"><span class="dot c${label % COLOURS}"></span>${nameOf(label)}</label>
`,
)}</fieldset>
<div class="charts maps">
${maps.map((map) => mapFigure(map, nameOf, map.accuracy5nn === best))}
</div>
</section>`;
}

/** Dims all points but those of the label that is chosen; the page runs no script. */
export function mapStyle({ maps }: LabResults): string {
  return classesOf(maps.flatMap(({ labels }) => labels))
    .map((label) => `#maps:has(#label-${label}:checked) .map g:not(.l${label}) { opacity: .07; }`)
    .join('\n');
}

function mapFigure(map: LabMap, nameOf: (label: number) => string, isBest: boolean): Markup {
  const { x, y, beyond } = frame(map.points);
  const accuracy = shareText(map.accuracy5nn);
  const many = countText(map.labels.length);
  return markup`<figure class="map"><figcaption>${map.name} · 5-NN accuracy ${isBest ? markup`<strong>${accuracy}</strong>` : accuracy}<span>${map.note}${
    beyond === 0 ? undefined : ` ${countText(beyond)} far points are drawn at the edge.`
  }</span></figcaption><svg viewBox="0 0 ${SIDE} ${SIDE}" role="img" aria-label="${`Map by ${map.name}: ${many} points, 5-NN accuracy ${accuracy}`}">
${pointPaths(map.labels, x, y)}${centres(map.labels, x, y).map(
  ([label, cx, cy]) => markup`<g class="l${label}"><text x="${cx}" y="${cy}">${nameOf(label)}</text></g>`,
)}</svg></figure>`;
}

/** Each once, rising. They are written into the page's style: nothing but whole numbers. */
function classesOf(labels: readonly number[]): number[] {
  return [...new Set(labels)].filter(Number.isInteger).sort((a, b) => a - b);
}

/** Points as strokes of no length with round ends: ten bytes a point. */
function pointPaths(labels: readonly number[], x: Int32Array, y: Int32Array): Markup[] {
  const classes = classesOf(labels);
  const turn = Math.ceil(labels.length / TURNS);
  const paths: Markup[] = [];
  for (let start = 0; start < labels.length; start += turn) {
    for (const label of classes) {
      const points = new Set<string>();
      for (let at = start; at < Math.min(start + turn, labels.length); at++) {
        if (labels[at] === label) points.add(`M${x[at]} ${y[at]}h0`);
      }
      if (points.size > 0) {
        paths.push(markup`<g class="l${label}"><path class="c${label % COLOURS}" d="${[...points].join('')}"/></g>
`);
      }
    }
  }
  return paths;
}

/** The middle of each class, by medians: where its name is written. */
function centres(labels: readonly number[], x: Int32Array, y: Int32Array): [label: number, x: number, y: number][] {
  return classesOf(labels).map((label) => {
    const own = (values: Int32Array) => median(values.filter((_, at) => labels[at] === label));
    return [label, own(x), own(y)];
  });
}

/** Whole numbers from 0 to {@link SIDE}, both axes to one scale, y upwards. */
function frame(points: readonly number[]): { x: Int32Array; y: Int32Array; beyond: number } {
  const xs = Float64Array.from(points.filter((_, at) => at % 2 === 0));
  const ys = Float64Array.from(points.filter((_, at) => at % 2 === 1));
  const ranges = [xs, ys].map((values) => {
    const sorted = values.toSorted();
    const [low, high] = [quantile(sorted, FAR), quantile(sorted, 1 - FAR)];
    return { middle: (low + high) / 2, length: high - low };
  });
  const scale = (SIDE - 2 * MARGIN) / (Math.max(...ranges.map(({ length }) => length)) * 1.04 || 1);
  let beyond = 0;
  const inside = (value: number) => Math.min(Math.max(Math.round(value), MARGIN), SIDE - MARGIN);
  const x = new Int32Array(xs.length);
  const y = new Int32Array(xs.length);
  for (let at = 0; at < xs.length; at++) {
    const right = SIDE / 2 + (xs[at]! - ranges[0]!.middle) * scale;
    const down = SIDE / 2 - (ys[at]! - ranges[1]!.middle) * scale;
    x[at] = inside(right);
    y[at] = inside(down);
    if (Math.abs(right - x[at]!) > 1 || Math.abs(down - y[at]!) > 1) beyond++;
  }
  return { x, y, beyond };
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.round(share * (sorted.length - 1))] ?? 0;
}

function median(values: Int32Array): number {
  return values.toSorted()[Math.floor(values.length / 2)] ?? 0;
}
