// The sandglass of an auto-encoder: its layers under one another, as wide as they have units.
import { type Markup, markup } from '../compare/markup.ts';
import { countText } from './report-format.ts';
import type { LabLayer, LabRun } from './results.ts';

const WIDTH = 360;
/** The drawing stands between the names of the layers and their shapes. */
const CENTRE = 180;
const WIDEST = 150;
const NARROWEST = 5;
const BAR = 14;
const STEP = 27;

/** An SVG picture. The width of a layer goes with the square root of its units: beside 784 one still sees 2. */
export function architectureDrawing({ layers, architecture }: LabRun): Markup {
  const most = Math.max(...layers.map(units), 1);
  const widths = layers.map((layer) => Math.max(WIDEST * Math.sqrt(units(layer) / most), NARROWEST));
  const height = layers.length * STEP - (STEP - BAR) + 2;
  return markup`<svg class="sandglass" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${`Layers of ${architecture}`}">
${layers.map((layer, place) => {
  const top = 1 + place * STEP;
  const width = widths[place]!;
  const next = widths[place + 1];
  const text = top + BAR / 2 + 4;
  return markup`${next === undefined ? undefined : markup`<path class="flow" d="${funnel(width, next, top + BAR, top + STEP)}"/>`}<rect class="${layer.code ? 'layer code' : 'layer'}" x="${fixed(CENTRE - width / 2)}" y="${top}" width="${fixed(width)}" height="${BAR}" rx="2"/><text x="0" y="${text}">${layer.name}</text><text x="${WIDTH}" y="${text}" text-anchor="end">${shapeText(layer)}</text>
`;
})}</svg>`;
}

function funnel(from: number, to: number, top: number, bottom: number): string {
  const [a, b, c, d] = [-from / 2, from / 2, to / 2, -to / 2].map((x) => fixed(CENTRE + x));
  return `M${a} ${top}L${b} ${top}L${c} ${bottom}L${d} ${bottom}Z`;
}

function units({ shape }: LabLayer): number {
  return shape.reduce((product, length) => product * length, 1);
}

function shapeText({ shape }: LabLayer): string {
  return shape.map(countText).join(' × ');
}

function fixed(value: number): string {
  return String(Math.round(value * 10) / 10);
}
