// Is a post found again by a part of it? 20 Newsgroups, every method over the same posts in one run.
//
// Options: --posts N (4000), --seed N (1), --quality default, --fresh (learns anew), --validation (a part of the training
// half is asked and the rest learned from: for choosing settings, the test half is not looked at).
import { parseArgs } from 'node:util';
import { sample, seededRandom } from '../dist/compare/random.js';
import type { Method } from '../dist/methods/method.js';
import { halvesOf, TEXT_CORRUPTIONS } from '../dist/text/corrupt-text.js';
import { countTerms } from '../dist/text/tokenize.js';
import type { TextQuality } from '../dist/training/recipes/text.js';
import { demand } from './data.ts';
import { installed, printHeader } from './machine.ts';
import { postEncoders } from './post-encoders.ts';
import { featureOf, methodsOver } from './post-methods.ts';
import { TEXT_SETS } from './text-sets.ts';

const FEWEST_TOKENS = 20;
/** With --validation, every so-manieth post of the training half is asked. */
const VALIDATION = 3;

const { values: flags } = parseArgs({
  options: {
    posts: { type: 'string', default: '4000' },
    seed: { type: 'string', default: '1' },
    quality: { type: 'string', default: 'default' },
    validation: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
  },
});
const seed = Number(flags.seed);
const source = TEXT_SETS['20newsgroups']!;
demand(...source.archives);
printHeader('20 Newsgroups: is a post found again by a part of it?', installed('onnxruntime-node'));

const set = await source.load();
const { database, queries } = flags.validation
  ? {
      database: set.database.filter((_, i) => i % VALIDATION !== 0),
      queries: set.database.filter((_, i) => i % VALIDATION === 0),
    }
  : set;
const random = seededRandom('known-item', seed);
const long = queries.map(({ text }) => text).filter((text) => tokensOf(text) >= FEWEST_TOKENS);
const posts = sample(long, Number(flags.posts), random);
const ties = Uint32Array.from(posts, () => random() * 2 ** 32);
const encoders = await postEncoders(
  flags.validation ? 'validation' : 'train',
  () => database.map(({ text }) => featureOf(text)),
  { seed, quality: flags.quality as TextQuality },
);
console.log(
  `protocol: ${posts.length} posts of at least ${FEWEST_TOKENS} tokens of the ${flags.validation ? 'held-out third of the training' : 'test'} half are ` +
    `searched, whole with headers; encoders (${encoders.ae.dimensions} numbers) learned from ${database.length} others; ` +
    `equal scores in random order; seed ${seed}\n`,
);

const drop = TEXT_CORRUPTIONS.find(({ name }) => name === 'drop-30')!;
await ask(
  '30 % of the words dropped, against the whole posts',
  posts,
  posts.map((text) => drop.apply(text, random)),
);
const halves = posts.map(halvesOf);
await ask(
  'the first half against the second halves',
  halves.map(([, second]) => second),
  halves.map(([first]) => first),
);

/** @param asked the questions, each for the item of the same place */
async function ask(title: string, items: readonly string[], asked: readonly string[]): Promise<void> {
  console.log(`${title}\nmethod      R@1   R@10    MRR  bytes/item  ms/query`);
  const features = asked.map(featureOf);
  const found = new Map<string, readonly [number, number, number]>();
  for (const method of await methodsOver(items, ties, encoders)) {
    const reps = await method.represent(features);
    const started = performance.now();
    const ranks = reps.map((rep, row) => rankOf(method, rep, row));
    const milliseconds = (performance.now() - started) / ranks.length;
    const share = (isRight: (rank: number) => number) =>
      ranks.reduce((sum, rank) => sum + isRight(rank), 0) / ranks.length;
    const figures = [share((r) => Number(r === 1)), share((r) => Number(r <= 10)), share((r) => 1 / r)] as const;
    found.set(method.name, figures);
    console.log(
      `${method.name.padEnd(8)} ${figures.map((value) => value.toFixed(4)).join(' ')} ` +
        `${method.bytesPerItem.toFixed(0).padStart(11)} ${milliseconds.toFixed(2).padStart(9)}`,
    );
  }
  for (const name of ['hybrid', 'cascade']) {
    const [ours, theirs] = [found.get(name)!, found.get('tfidf')!];
    const [one, ten] = [0, 1].map((i) => (ours[i]! / theirs[i]!).toFixed(3));
    console.log(`${name} / tfidf: R@1 ${one}, R@10 ${ten}`);
  }
  console.log();
}

function rankOf(method: Method, rep: unknown, row: number): number {
  const scores = method.scores(rep);
  let rank = 1;
  for (let other = 0; other < scores.length; other++) {
    if (scores[other]! > scores[row]! || (scores[other] === scores[row] && ties[other]! < ties[row]!)) rank++;
  }
  return rank;
}

function tokensOf(text: string): number {
  return countTerms(text).counts.reduce((sum, count) => sum + count, 0);
}
