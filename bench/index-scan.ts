// How fast is exact search? A million codes of 128 bits, a million of 64 floats; the same in fewer bytes, with what is found.
//
// Bars: bits ≤ 2 ms and ≥ .35 of the speed of faiss IndexBinaryFlat; floats ≥ .5 of IndexFlatIP; one thread each.
// Options: --rows N (1,000,000), --rounds N (5), --questions N (40), --fresh (make the cached data anew).

import { join } from 'node:path';
import { missingModules, pythonVersions, runContestant } from './contestant.ts';
import { SCAN_FLOATS } from './drawn-codes.ts';
import { printHeader } from './machine.ts';
import { numberOption } from './options.ts';
import { type Contestant, interleave, median, type Sample } from './rounds.ts';
import { SCAN_BYTES, scanFiles } from './scan-files.ts';

const K = 10;

interface ScanSample extends Sample {
  readonly least: number;
  /** The sum of all distances, or scores, of what was found. */
  readonly total: number;
  readonly found?: readonly (readonly number[])[];
  /** Of a row. */
  readonly bytes?: number;
}

const rows = numberOption('rows', 1_000_000);
const questions = numberOption('questions', 40);
const folder = await scanFiles(rows);

const OURS: readonly [name: string, form: string, threads: number][] = [
  ['128 bits', 'bits', 1],
  ['128 bits, threads', 'bits', 0],
  ['64 floats', 'floats', 1],
  ['64 floats, threads', 'floats', 0],
  ['64 float16', 'float16', 1],
  ['64 int8', 'int8', 1],
  ['64 signs', 'signs', 1],
  ['64 signs, 100 rescored', 'rescored', 1],
];
const samples = new Map<string, ScanSample[]>();
const contestant = (name: string, ...command: [string, ...string[]]): Contestant => ({
  name,
  async run() {
    const sample = (await runContestant(...command)) as ScanSample;
    samples.set(name, [...(samples.get(name) ?? []), sample]);
    return sample;
  },
});
const lacking = missingModules('faiss', 'numpy');
const contestants = OURS.map(([name, form, threads]) => {
  const [file, width] = form === 'bits' ? ['bits', SCAN_BYTES] : ['floats', SCAN_FLOATS];
  return contestant(name, 'scan.ts', form, join(folder, file), `${width}`, `${K}`, `${questions}`, `${threads}`);
});
if (lacking === undefined) {
  const peer = (name: string, kind: string, width: number) =>
    contestant(name, 'faiss-scan.py', kind, join(folder, kind), `${width}`, `${K}`, `${questions}`);
  contestants.splice(1, 0, peer('faiss IndexBinaryFlat', 'bits', SCAN_BYTES));
  contestants.splice(4, 0, peer('faiss IndexFlatIP', 'floats', SCAN_FLOATS));
}

printHeader(
  `Exact search over ${rows.toLocaleString('en')} codes, the ${K} best (bars: bits ≤ 2 ms, ≥ .35 of faiss; floats ≥ .5 of faiss)`,
  pythonVersions('faiss-cpu', 'numpy'),
);
if (lacking !== undefined) console.log(`faiss is left out: ${lacking}\n`);
await interleave(contestants, numberOption('rounds', 5));

const truth = samples.get('64 floats')![0]!.found!;
console.log(`${''.padEnd(26)} median ms   min ms  bytes  recall@${K}`);
for (const [name, all] of samples) {
  const { found, bytes } = all[0]!;
  const time = (of: (sample: ScanSample) => number, choose: (all: number[]) => number) =>
    (1000 * choose(all.map(of))).toFixed(2).padStart(9);
  const recall = found && name.startsWith('64') ? recallOf(found).toFixed(3) : '';
  console.log(
    `${name.padEnd(26)} ${time(({ seconds }) => seconds, median)} ${time(
      ({ least }) => least,
      (times) => Math.min(...times),
    )} ` + `${`${bytes ?? ''}`.padStart(6)} ${recall.padStart(10)}`,
  );
}
if (lacking === undefined) {
  printSpeed('128 bits', 'faiss IndexBinaryFlat', '≥ .35');
  printSpeed('64 floats', 'faiss IndexFlatIP', '≥ .5');
}

/** How many times as fast `ours` is, round by round; and that both found rows as near. */
function printSpeed(ours: string, theirs: string, bar: string): void {
  const [a, b] = [samples.get(ours)!, samples.get(theirs)!];
  const ratios = a.map(({ seconds }, round) => b[round]!.seconds / seconds);
  const difference = Math.abs(a[0]!.total - b[0]!.total) / Math.abs(b[0]!.total);
  console.log(
    `${ours} : ${theirs}, speed ${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}; bar: ${bar}); ` +
      `sums of what was found differ by ${difference.toExponential(1)}`,
  );
}

/** The share of the best rows by floats that were found. */
function recallOf(found: readonly (readonly number[])[]): number {
  const shares = found.map((own, question) => own.filter((row) => truth[question]!.includes(row)).length / K);
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
