// What do questions cost by the number of documents? Memory and time of bow, tfidf and bm25 over synthetic short documents.
//
// Bar: a million documents in less than 1.5 GB, a question in less than 50 ms after warming up.
// Options: --sizes 10000,100000,1000000, --words N in a document (25), --queries N (60), --svg FILE (the curve),
// --stored (the same through an index on disk: written, opened, asked).
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runContestant } from './contestant.ts';
import { installed, printHeader } from './machine.ts';
import { median, type Sample } from './rounds.ts';
import { MEMORY, type ScalePoint, scaleChart, TIME } from './scale-chart.ts';

const { values: flags } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10000,100000,1000000' },
    words: { type: 'string', default: '25' },
    queries: { type: 'string', default: '60' },
    svg: { type: 'string' },
    stored: { type: 'boolean', default: false },
  },
});
const sizes = flags.sizes.split(',').map(Number);

interface ScaleSample extends Sample {
  readonly indexMegabytes: number;
  readonly entries: number;
  /** Drawing the documents, and writing them to the disk. */
  readonly makingSeconds: number;
  /** Of each question, by method; half of them of 10 words, half as long as a document. */
  readonly milliseconds: Readonly<Record<string, readonly number[]>>;
  /** Mean processor milliseconds of a question, by method: what it takes on a machine that does nothing else. */
  readonly cpu: Readonly<Record<string, number>>;
}

printHeader(
  'Questions by the number of documents (bar: 1,000,000 in < 1.5 GB, < 50 ms a question)',
  installed(flags.stored ? 'better-sqlite3' : '@observablehq/plot'),
);
console.log(
  `documents of ${flags.words} words drawn by Zipf's law from 500,000; questions of 10 words and of ${flags.words}, the 10 best; ` +
    `${flags.stored ? 'an index on disk, through the library' : 'the inverted index in memory'}`,
);
const points: ScalePoint[] = [];
const rows = [
  [
    'documents',
    'entries',
    'made s',
    'opened s',
    'index MB',
    'peak MB',
    'bow ms',
    'tfidf ms',
    'bm25 ms',
    ...(flags.stored ? ['minhash ms'] : []),
    'slowest ms',
    'cpu ms',
  ],
];
for (const size of sizes) {
  const script = flags.stored ? 'text-scale-stored.ts' : 'text-scale.ts';
  const sample = (await runContestant(script, String(size), flags.words, flags.queries)) as ScaleSample;
  const times = Object.entries(sample.milliseconds);
  rows.push([
    size.toLocaleString('en'),
    sample.entries.toLocaleString('en'),
    sample.makingSeconds.toFixed(1),
    sample.seconds.toFixed(2),
    sample.indexMegabytes.toFixed(0),
    sample.peakMegabytes?.toFixed(0) ?? '',
    ...times.map(([, taken]) => median(taken).toFixed(2)),
    Math.max(...times.flatMap(([, taken]) => taken)).toFixed(1),
    Object.values(sample.cpu)
      .map((value) => value.toFixed(1))
      .join('/'),
  ]);
  for (const [what, taken] of times) points.push({ items: size, what, value: median(taken), panel: TIME });
  points.push({ items: size, what: 'memory', value: sample.peakMegabytes ?? Number.NaN, panel: MEMORY });
}
const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
for (const row of rows) console.log(row.map((cell, i) => cell.padStart(widths[i]!)).join('  '));

if (flags.svg !== undefined) {
  writeFileSync(flags.svg, scaleChart(points, 'documents'));
  console.log(`the curve: ${flags.svg}`);
}
