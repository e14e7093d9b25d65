// The claim of Hinton & Salakhutdinov (2006) staged again: ten numbers of an auto-encoder against fifty of LSA, as curves.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as Plot from '@observablehq/plot';
import { drawPlot } from '../dist/compare/draw-plot.js';
import type { TextRecipeOptions } from '../dist/training/recipes/text-settings.js';
import { withNamespace } from './svg-namespace.ts';
import type { CountedSet } from './text-bags.ts';
import { floatScores, lsaCodes, plainScores, textCodes } from './text-methods.ts';
import { curveAt } from './text-precision.ts';

const CODE = 10;
const DIRECTIONS = [10, 50];
const FILE = 'text-curves.svg';

/** Trains, ranks every document for every query, prints the curves and draws them into docs/. */
export async function drawCurves(counted: CountedSet, settings: TextRecipeOptions): Promise<void> {
  const documents = counted.database.counts.rows;
  const ranks = [
    ...Array.from({ length: 13 }, (_, i) => 2 ** (i + 1) - 1).filter((rank) => rank < documents),
    documents,
  ];
  const judged = { database: counted.database.labels, queries: counted.queries.labels };
  const curves = [
    {
      name: `ae, ${CODE} numbers`,
      points: await curveAt(
        ranks,
        floatScores(await textCodes(counted, { seed: 1, ...settings, codeSize: CODE })),
        judged,
      ),
    },
  ];
  for (const size of DIRECTIONS) {
    const { lsa } = await lsaCodes(counted, size, 1);
    curves.push({ name: `lsa, ${size} numbers`, points: await curveAt(ranks, floatScores(lsa), judged) });
  }
  curves.push({ name: 'tfidf', points: await curveAt(ranks, plainScores(counted).tfidf!(), judged) });
  for (const { name, points } of curves) {
    const figures = points.map(
      ({ rank, precision, recall }) => `${rank}: ${precision.toFixed(3)}/${recall.toFixed(3)}`,
    );
    console.log(`${name.padEnd(16)} rank: precision/recall  ${figures.join('  ')}`);
  }
  const points = curves.flatMap(({ name, points }) => points.map((point) => ({ name, ...point })));
  const svg = drawPlot('Precision against recall: ten numbers of the auto-encoder, LSA of ten and fifty, TF-IDF', {
    width: 640,
    height: 400,
    marginRight: 120,
    x: { label: 'recall', domain: [0, 1], grid: true },
    y: { label: 'precision', domain: [0, 0.8], grid: true },
    marks: [
      Plot.line(points, { x: 'recall', y: 'precision', stroke: 'name', strokeWidth: 2 }),
      Plot.dot(points, { x: 'recall', y: 'precision', fill: 'name', r: 2.5 }),
    ],
    color: {
      legend: false,
      domain: curves.map(({ name }) => name),
      range: ['#1f6f8b', '#d9a441', '#b5503c', '#777777'],
    },
  });
  const folder = join(import.meta.dirname, '../docs');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, FILE),
    withNames(
      svg.html,
      curves.map(({ name }) => name),
    ),
  );
  console.log(`drawn: docs/${FILE}`);
}

/** The names of the lines stand beside them. */
function withNames(svg: string, names: readonly string[]): string {
  const colours = ['#1f6f8b', '#d9a441', '#b5503c', '#777777'];
  const legend = names
    .map((name, i) => `<text x="470" y="${40 + 18 * i}" fill="${colours[i]}" font-size="13">${name}</text>`)
    .join('');
  return `${withNamespace(svg).replace(/<\/svg>\s*$/, `${legend}</svg>`)}\n`;
}
