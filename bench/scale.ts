// The curve of docs/scale.md: time of indexing, memory, disk, and a question cold and warm, by the number of items.
//
// Three parts, each of its own sizes (`--documents 10000,100000 --pictures 10000,100000,1000000 --codes …`; 0 leaves one out):
// documents  files of 25 made-up words, indexed for real, the auto-encoder trained on them
// pictures   drawn codes of an encoder of pictures in a catalog of so many items (many-pictures.ts)
// codes      drawn codes alone: 128 bits and 64 floats compared with all, and a graph over the floats up to --graphs N (1000000)
// Bars: a catalog of a million: first question cold < 1.5 s, < 400 MB with 128 bits each, disk ≤ 2 × metadata and codes.
// Also --rounds N (3), of cold questions; --svg FILE (the curve); --fresh (make and index everything anew).
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../dist/training/random.js';
import { cachedGraph } from './cached-graph.ts';
import { ARCHIVES, anyFileOf, photoFolder } from './collections.ts';
import { runContestant } from './contestant.ts';
import { cached, demand } from './data.ts';
import { SCAN_FLOATS } from './drawn-codes.ts';
import { installed, printHeader } from './machine.ts';
import { manyPicturesIndex } from './many-pictures.ts';
import { emptyPageCache } from './page-cache.ts';
import { median, type Sample } from './rounds.ts';
import { MEMORY, type ScalePoint, scaleChart, TIME } from './scale-chart.ts';
import { SCAN_BYTES, scanFiles } from './scan-files.ts';
import { syntheticText } from './synthetic-text.ts';

const WORDS = 25;
const WARM = 30;
const FILES_IN_FOLDER = 1_000;
const COLD = 's cold, the first';
const { values: flags } = parseArgs({
  options: {
    documents: { type: 'string', default: '10000,100000' },
    pictures: { type: 'string', default: '10000,100000,1000000' },
    codes: { type: 'string', default: '10000,100000,1000000,10000000' },
    graphs: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    svg: { type: 'string' },
    fresh: { type: 'boolean', default: false },
  },
});
const sizes = (given: string): number[] => given.split(',').map(Number).filter(Boolean);

interface Figures {
  /** Seconds from the start of the process, or of opening, to the first hits. */
  readonly cold: number;
  readonly afterwards: number;
  readonly warm: number;
  readonly megabytes: number;
}

const points: ScalePoint[] = [];
printHeader(
  'Index time, memory, disk and questions by the number of items',
  installed('better-sqlite3'),
  installed('hnswlib-node'),
);
const uncold = emptyPageCache();
console.log(
  uncold === undefined
    ? 'cold: the cache of files was emptied (/proc/sys/vm/drop_caches) before the process began; least of the rounds\n'
    : `cold figures are of a warm cache: ${uncold}\n`,
);
printRow(['', 'items', 'made s', 'made MB', 'disk MB', 'raw MB', 'cold s', 'again s', 'warm ms', 'MB']);

for (const size of sizes(flags.documents)) {
  const folder = await cached(`short-documents-${size}`, (made) => writeDocuments(made, size));
  const directory = await cached(`short-documents-${size}-index`, async (made) => {
    const sample = await runContestant('index-folder.mjs', made, folder, 'auto');
    writeFileSync(join(made, 'made.json'), JSON.stringify(sample));
  });
  const made = JSON.parse(readFileSync(join(directory, 'made.json'), 'utf8')) as Sample;
  const text = syntheticText(new Random(2), WORDS);
  for (const method of ['bm25', 'ae']) {
    const figures = await asked('scale-question.mjs', directory, method, 'text', text, `${WARM}`);
    note('documents', method, size, figures, {
      madeSeconds: made.seconds,
      madeMegabytes: made.peakMegabytes!,
      disk: diskOf(join(directory, '.sandglass')),
      raw: diskOf(folder),
    });
  }
}

if (sizes(flags.pictures).length > 0) {
  demand(...ARCHIVES.photos);
  const picture = anyFileOf(await photoFolder(1));
  for (const size of sizes(flags.pictures)) {
    const directory = await manyPicturesIndex(size, true);
    for (const method of ['ae-bits', 'ae']) {
      const figures = await asked('scale-question.mjs', directory, method, 'file', picture, `${WARM}`);
      note('pictures', method, size, figures, { disk: diskOf(join(directory, '.sandglass')) });
    }
  }
}

for (const size of sizes(flags.codes)) {
  for (const [form, width] of [
    ['bits', SCAN_BYTES],
    ['floats', SCAN_FLOATS],
  ] as const) {
    const file = join(await scanFiles(size), form);
    const [cold, again] = [await scanned(true), await scanned(false)];
    const figures = {
      cold: cold.openedSeconds + cold.seconds,
      afterwards: again.openedSeconds + again.seconds,
      warm: 1000 * again.seconds,
      megabytes: again.peakMegabytes!,
    };
    note('codes', `exact ${form}`, size, figures, { disk: statSync(file).size / 2 ** 20 });

    async function scanned(isCold: boolean): Promise<Sample & { readonly openedSeconds: number }> {
      if (isCold) emptyPageCache();
      const sample = await runContestant('scan.ts', form, file, `${width}`, '10', `${WARM}`, '1');
      return sample as Sample & { readonly openedSeconds: number };
    }
  }
  if (size > Number(flags.graphs)) continue;
  const { made, megabytes } = await cachedGraph(size);
  const figures = await asked('scale-graph.ts', `${size}`, `${WARM}`);
  note('codes', 'graph', size, figures, {
    madeSeconds: made.seconds,
    madeMegabytes: made.peakMegabytes,
    disk: megabytes,
  });
}

if (flags.svg !== undefined) {
  writeFileSync(flags.svg, scaleChart(points, 'items'));
  console.log(`the curve: ${flags.svg}`);
}

/** Asks in processes of their own: each round once with the cache emptied, once more after that. */
async function asked(script: string, ...values: string[]): Promise<Figures> {
  const rounds: Figures[] = [];
  for (let round = 0; round < Number(flags.rounds); round++) {
    emptyPageCache();
    const cold = await runContestant(script, ...values);
    const again = (await runContestant(script, ...values)) as Sample & { readonly milliseconds: readonly number[] };
    rounds.push({
      cold: cold.seconds,
      afterwards: again.seconds,
      warm: median(again.milliseconds),
      megabytes: again.peakMegabytes!,
    });
  }
  const least = (figure: keyof Figures): number => Math.min(...rounds.map((round) => round[figure]));
  return {
    cold: least('cold'),
    afterwards: least('afterwards'),
    warm: least('warm'),
    megabytes: Math.max(...rounds.map(({ megabytes }) => megabytes)),
  };
}

function note(
  part: string,
  method: string,
  size: number,
  { cold, afterwards, warm, megabytes }: Figures,
  made: {
    readonly madeSeconds?: number;
    readonly madeMegabytes?: number;
    readonly disk?: number;
    readonly raw?: number;
  },
): void {
  const what = `${part}: ${method}`;
  points.push({ items: size, what, value: warm, panel: TIME });
  points.push({ items: size, what, value: cold, panel: COLD });
  points.push({ items: size, what, value: megabytes, panel: MEMORY });
  printRow([
    what,
    size.toLocaleString('en'),
    made.madeSeconds?.toFixed(0) ?? '',
    made.madeMegabytes?.toFixed(0) ?? '',
    made.disk?.toFixed(1) ?? '',
    made.raw?.toFixed(1) ?? '',
    cold.toFixed(2),
    afterwards.toFixed(2),
    warm.toFixed(2),
    megabytes.toFixed(0),
  ]);
}

function printRow([what, ...cells]: string[]): void {
  console.log(what!.padEnd(20), cells.map((cell) => cell.padStart(10)).join(' '));
}

/** MB of all files, by their sizes. */
function diskOf(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0) / 2 ** 20;
}

function writeDocuments(folder: string, count: number): void {
  const random = new Random(1);
  for (let i = 0; i < count; i++) {
    const within = join(folder, String(Math.floor(i / FILES_IN_FOLDER)));
    if (i % FILES_IN_FOLDER === 0) mkdirSync(within);
    writeFileSync(join(within, `${i}.txt`), syntheticText(random, WORDS));
  }
}
