// Are passages found that were pasted into other posts, and nothing else? 20 Newsgroups, beside Python's datasketch.
//
// Bar: 95 % of the passages of 50 words, at most 1 % of the reported pairs false.
// Options: --words N (50, the length of a passage), --edited N (0, of a hundred words so many are replaced by others),
// --seed N (1), --validation (the training half, for choosing settings).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Random, sample, seededRandom } from '../dist/compare/random.js';
import { sharedPassages } from '../dist/text/shared-passages.js';
import { surfaceWords } from '../dist/text/surface-words.js';
import { missingModules, pythonVersions, runContestant } from './contestant.ts';
import { demand, scratch } from './data.ts';
import { printHeader } from './machine.ts';
import { minhashOver } from './post-methods.ts';
import { TEXT_SETS } from './text-sets.ts';

const ITEMS = 5_000;
const PASTED = 1_000;
/** Questions into which nothing was pasted. */
const UNTOUCHED = 1_000;
/** Two posts with so many words in a row in common are rightly reported, whether or not something was pasted, */
const QUOTED = 20;
/** and those with so many in runs of eight: a quotation with the initials of the quoted before every line. */
const QUOTED_BY_LINES = 50;

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

interface Question {
  readonly text: string;
  /** The row that the passage came from, -1 when nothing was pasted. */
  readonly source: number;
}

const { values: flags } = parseArgs({
  options: {
    words: { type: 'string', default: '50' },
    edited: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    validation: { type: 'boolean', default: false },
  },
});
const [length, edited, seed] = [Number(flags.words), Number(flags.edited) / 100, Number(flags.seed)];
const source = TEXT_SETS['20newsgroups']!;
demand(...source.archives);
printHeader(
  `20 Newsgroups: are passages of ${length} words found in other posts?`,
  pythonVersions('datasketch', 'numpy'),
);

const random = seededRandom('reuse', seed);
const set = await source.load();
const posts = sample(flags.validation ? set.database : set.queries, ITEMS + PASTED + UNTOUCHED, random).map(
  ({ text }) => text,
);
const items = posts.slice(0, ITEMS);
const itemWords = items.map(wordsOf);
const questions = posts.slice(ITEMS).map((text, i) => (i < PASTED ? pasted(text) : { text, source: -1 }));
const quoted = quotingRows();
const quotedByLines = new Map<number, boolean>();
console.log(
  `protocol: ${ITEMS} posts of the ${flags.validation ? 'training' : 'test'} half are searched, whole with headers; ${PASTED} others ask, a passage ` +
    `of ${length} words of one of the searched pasted into each${edited > 0 ? `, ${flags.edited} % of its words replaced` : ''}, and ${UNTOUCHED} ` +
    `more as they are; false is a reported pair with nothing pasted and neither ${QUOTED} words in a row in common nor ${QUOTED_BY_LINES} in runs of eight; seed ${seed}\n`,
);
console.log('                                found  reported   false  share   bytes/item  ms/question');

const started = performance.now();
const method = minhashOver(items, {
  ids: Int32Array.from(items, (_, row) => row + 1),
  ties: Uint32Array.from(items, () => random() * 2 ** 32),
});
const builtAt = performance.now();
const reps = await method.represent(
  questions.map(({ text }) => ({ kind: 'text', terms: [], counts: new Uint16Array(), text })),
);
const answers = reps.map((rep) => {
  const rows: number[] = [];
  method.scores(rep).forEach((score, row) => {
    if (score > 0) rows.push(row);
  });
  return rows;
});
const askedAt = performance.now();
const ours = judge('sandglass minhash', answers, method.bytesPerItem, (askedAt - builtAt) / questions.length);
console.log(`  (${ITEMS} posts cut and indexed in ${((builtAt - started) / 1000).toFixed(1)} s)`);

const missing = missingModules('datasketch');
if (missing !== undefined) console.log(`datasketch is left out: ${missing}`);
else await askDatasketch();

async function askDatasketch(): Promise<void> {
  const folder = scratch('reuse');
  mkdirSync(folder, { recursive: true });
  const texts = {
    items: itemWords.map((words) => words.map(({ text }) => text)),
    questions: questions.map(({ text }) => wordsOf(text).map((word) => word.text)),
  };
  writeFileSync(join(folder, 'texts.json'), JSON.stringify(texts));
  const sample = await runContestant('datasketch-reuse.py', folder);
  const { minhash, ensemble } = JSON.parse(readFileSync(join(folder, 'answers.json'), 'utf8')) as {
    minhash: [row: number, resemblance: number][][];
    ensemble: number[][];
  };
  const bytes = 128 * 4;
  for (const least of [0.5, 0.1, 0.05, 0.03]) {
    const rows = minhash.map((found) => found.filter(([, resemblance]) => resemblance >= least).map(([row]) => row));
    const theirs = judge(`datasketch MinHash, from ${least}`, rows, bytes);
    console.log(`  (sandglass / datasketch: found ${(ours / theirs).toFixed(2)})`);
  }
  judge('datasketch LSH Ensemble, .05', ensemble, bytes);
  console.log(`  (datasketch took ${sample.seconds.toFixed(1)} s)`);
}

/** Prints how many passages were found and how many of the reported pairs are false; returns the share that was found. */
function judge(name: string, answers: readonly (readonly number[])[], bytes: number, milliseconds?: number): number {
  let [found, reported, wrong] = [0, 0, 0];
  for (const [i, rows] of answers.entries()) {
    const { source } = questions[i]!;
    reported += rows.length;
    for (const row of rows) {
      if (row === source) found++;
      else if (!quoted[i]!.has(row) && !isQuotedByLines(i, row)) wrong++;
    }
  }
  console.log(
    `${name.padEnd(29)} ${(found / PASTED).toFixed(3).padStart(7)} ${String(reported).padStart(9)} ${String(wrong).padStart(7)} ` +
      `${((100 * wrong) / Math.max(1, reported)).toFixed(1).padStart(5)}% ${bytes.toFixed(0).padStart(11)} ${milliseconds?.toFixed(2).padStart(12) ?? ''}`,
  );
  return found / PASTED;
}

/** A passage of a random post that is long enough, put between two words of another. */
function pasted(text: string): Question {
  let row: number;
  do row = Math.floor(random() * ITEMS);
  while (itemWords[row]!.length < length);
  const words = itemWords[row]!;
  const first = Math.floor(random() * (words.length - length + 1));
  const passage = words.slice(first, first + length);
  const within = wordsOf(text);
  const place = within[Math.floor(random() * within.length)]?.start ?? 0;
  return { text: `${text.slice(0, place)} ${damaged(items[row]!, passage, random)} ${text.slice(place)}`, source: row };
}

/** The passage as it stands in the text, but for the words that are replaced. */
function damaged(text: string, passage: readonly Word[], random: Random): string {
  let result = '';
  let at = passage[0]!.start;
  for (const [i, { start, end }] of passage.entries()) {
    const replaced = edited > 0 && random() < edited;
    result += text.slice(at, start) + (replaced ? `edited${seed}x${i}` : text.slice(start, end));
    at = end;
  }
  return result;
}

/** Whether a question and a row share {@link QUOTED_BY_LINES} words in runs of at least eight. */
function isQuotedByLines(question: number, row: number): boolean {
  const key = question * ITEMS + row;
  let known = quotedByLines.get(key);
  if (known === undefined) {
    let words = 0;
    for (const { startB, endB } of sharedPassages(items[row]!, questions[question]!.text)) {
      words += wordsOf(questions[question]!.text.slice(startB, endB)).length;
    }
    known = words >= QUOTED_BY_LINES;
    quotedByLines.set(key, known);
  }
  return known;
}

/** For each question the rows with {@link QUOTED} words in a row in common, by comparing all of them. */
function quotingRows(): Set<number>[] {
  const runsOf = (words: readonly Word[]) => {
    const texts = words.map((word) => word.text);
    return texts.slice(QUOTED - 1).map((_, i) => texts.slice(i, i + QUOTED).join(' '));
  };
  const askers = new Map<string, number[]>();
  for (const [i, { text }] of questions.entries()) {
    for (const run of new Set(runsOf(wordsOf(text)))) {
      const known = askers.get(run);
      if (known) known.push(i);
      else askers.set(run, [i]);
    }
  }
  const rows = questions.map(() => new Set<number>());
  for (const [row, words] of itemWords.entries()) {
    for (const run of runsOf(words)) for (const i of askers.get(run) ?? []) rows[i]!.add(row);
  }
  return rows;
}

function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  surfaceWords(text, (_hash, start, end) => {
    words.push({ text: text.slice(start, end).toLowerCase(), start, end });
  });
  return words;
}
