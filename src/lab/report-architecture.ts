// The sandglass of an auto-encoder: its layers under one another, as wide as they have units.
import { type Markup, markup } from '../compare/markup.ts';
import { countText } from './report-format.ts';
import type { LabLayer, LabRun } from './results.ts';

const WIDTH = 360;
/** About a letter's width; the drawing takes what the names of the layers and their shapes leave. */
const LETTER = 6.4;
const LONGEST_NAME = 30;
const SPACE = 10;
const NARROWEST = 5;
const BAR = 14;
const STEP = 27;

/** An SVG picture, or nothing without layers. The width of a layer goes with the square root of its units: beside 784 one still sees 2. */
export function architectureDrawing({ layers, architecture }: LabRun): Markup | undefined {
  if (layers.length === 0) return undefined;
  const most = Math.max(...layers.map(units), 1);
  const left = LETTER * Math.max(...layers.map(({ name }) => shorten(name).length)) + SPACE;
  const right = WIDTH - LETTER * Math.max(...layers.map((layer) => shapeText(layer).length)) - SPACE;
  const centre = (left + right) / 2;
  const widths = layers.map((layer) => Math.max((right - left) * Math.sqrt(units(layer) / most), NARROWEST));
  const height = layers.length * STEP - (STEP - BAR) + 2;
  return markup`<svg class="sandglass" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${`Layers of ${architecture}`}">
${layers.map((layer, place) => {
  const top = 1 + place * STEP;
  const width = widths[place]!;
  const next = widths[place + 1];
  const text = top + BAR / 2 + 4;
  return markup`${next === undefined ? undefined : markup`<path class="flow" d="${funnel(centre, [width, next], [top + BAR, top + STEP])}"/>`}<rect class="${layer.code ? 'layer code' : 'layer'}" x="${fixed(centre - width / 2)}" y="${top}" width="${fixed(width)}" height="${BAR}" rx="2"/><text x="0" y="${text}">${shorten(layer.name)}</text><text x="${WIDTH}" y="${text}" text-anchor="end">${shapeText(layer)}</text>
`;
})}</svg>`;
}

function funnel(centre: number, [from, to]: [number, number], [top, bottom]: [number, number]): string {
  const [a, b, c, d] = [-from / 2, from / 2, to / 2, -to / 2].map((x) => fixed(centre + x));
  return `M${a} ${top}L${b} ${top}L${c} ${bottom}L${d} ${bottom}Z`;
}

function units({ shape }: LabLayer): number {
  return shape.reduce((product, length) => product * length, 1);
}

function shapeText({ shape }: LabLayer): string {
  return shape.map(countText).join(' × ');
}

function shorten(name: string): string {
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 1)}…`;
}

function fixed(value: number): string {
  return String(Math.round(value * 10) / 10);
}
