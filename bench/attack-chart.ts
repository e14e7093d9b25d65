// The attack benchmark as small charts, one for each family of attacks: recall by strength, PHash against encoders.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as Plot from '@observablehq/plot';
import { drawPlot } from '../dist/compare/draw-plot.js';
import { ATTACKS } from './image-attacks.ts';
import { withNamespace } from './svg-namespace.ts';

const FILE = 'image-attacks.svg';
const COLUMNS = 5;
/** Seen on white and on black. */
const COLOURS = ['#8a8f98', '#e08214', '#2b8cbe', '#41ab5d', '#c51b8a'];
const BASELINE = 'phash';
/** Letters are dark on light pages and light on dark ones, where a viewer tells; a grey that both carry where none does. */
const STYLE =
  '<style>svg{color:#6e7781}@media(prefers-color-scheme:light){svg{color:#333b44}}@media(prefers-color-scheme:dark){svg{color:#c3ccd5}}</style>';

interface Curve {
  readonly name: string;
  readonly perAttack: readonly number[];
}

/** Draws PHash and up to four more methods, encoders first, into docs/. */
export function drawAttackChart(results: readonly Curve[]): void {
  const encoders = results.filter(({ name }) => /^\S+ \d+ (floats|bits)$/.test(name));
  const others = encoders.length > 0 ? encoders : results.filter(({ name }) => name !== BASELINE);
  const curves = [...results.filter(({ name }) => name === BASELINE), ...others].slice(0, COLOURS.length);
  const families = [...new Set(ATTACKS.map(({ family }) => family))];
  const points = curves.flatMap(({ name, perAttack }) =>
    ATTACKS.map(({ name: attack, family }, i) => {
      const place = families.indexOf(family);
      const strengths = ATTACKS.filter((other) => other.family === family);
      return {
        name,
        family,
        column: place % COLUMNS,
        row: Math.floor(place / COLUMNS),
        // Every family fills its chart, whatever the number of its strengths.
        x: strengths.findIndex((other) => other.name === attack) / (strengths.length - 1),
        strength: attack.slice(family.length + 1).replace(/^0/, ''),
        recall: perAttack[i]!,
      };
    }),
  );
  const one = points.filter(({ name }) => name === curves[0]!.name);
  const rows = Math.ceil(families.length / COLUMNS);
  const cell = { fx: 'column', fy: 'row' } as const;
  const svg = drawPlot(
    `Share of attacked copies found, by attack and strength: ${curves.map(({ name }) => name).join(', ')}`,
    {
      width: 880,
      height: 70 + rows * 140,
      marginTop: 62,
      marginLeft: 44,
      marginRight: 10,
      marginBottom: 34,
      x: { axis: null, domain: [-0.08, 1.08] },
      y: { label: null, domain: [0, 1], ticks: [0, 0.5, 1], tickFormat: '.1f' },
      fx: { axis: null, padding: 0.12 },
      fy: { axis: null, padding: 0.34 },
      color: { domain: curves.map(({ name }) => name), range: COLOURS.slice(0, curves.length) },
      marks: [
        Plot.gridY([0, 0.5, 1], { strokeOpacity: 0.2 }),
        Plot.axisY({ ticks: [0, 0.5, 1], tickFormat: '.1f', label: null, facetAnchor: 'left' }),
        Plot.line(points, { ...cell, x: 'x', y: 'recall', stroke: 'name', strokeWidth: 2 }),
        Plot.dot(points, { ...cell, x: 'x', y: 'recall', fill: 'name', r: 2.5 }),
        Plot.text(one, { ...cell, x: 'x', y: 0, text: 'strength', dy: 12, fontSize: 10, fillOpacity: 0.8 }),
        Plot.text(
          one.filter(({ x }) => x === 0),
          { ...cell, x: () => 0.5, y: 1, text: 'family', dy: -14, fontWeight: 'bold' },
        ),
      ],
    },
  );
  writeFileSync(join(import.meta.dirname, '../docs', FILE), asFile(svg.html, curves));
  console.log(`drawn: docs/${FILE}`);
}

/** The names of the lines stand above them. */
function asFile(svg: string, curves: readonly Curve[]): string {
  let left = 44;
  const legend = curves.map(({ name }, i) => {
    const entry =
      `<circle cx="${left + 5}" cy="20" r="5" fill="${COLOURS[i]}"/>` +
      `<text x="${left + 15}" y="24" font-size="13" text-anchor="start" fill="currentColor">${name}</text>`;
    left += 40 + name.length * 7.2;
    return entry;
  });
  return `${withNamespace(svg).replace(/<\/svg>\s*$/, `${legend.join('')}${STYLE}</svg>`)}\n`;
}
