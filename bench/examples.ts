// More like these, not like those: how much should a negative example count? 20 Newsgroups by date.
//
// A question is three posts of a group and two that are not looked for; right is what else is of the group. Unwanted are posts of a
// neighbour: of another group of the same subject (the six of the collection's page; what is for sale has no neighbour). The weight is
// chosen on the held-out third of the training half and reported on the test half (`--test`).
// Options: --test, --questions N (400), --seed N (1), --fresh (learn the encoders anew).
import { averagePrecision, precisionAt } from '../dist/compare/metrics.js';
import { sample, seededRandom } from '../dist/compare/random.js';
import { topK } from '../dist/index/top-k.js';
import { examplesMethod } from '../dist/methods/examples.js';
import type { Method } from '../dist/methods/method.js';
import { demand } from './data.ts';
import { installed, printHeader } from './machine.ts';
import { numberOption } from './options.ts';
import { postEncoders } from './post-encoders.ts';
import { featureOf, methodsOver } from './post-methods.ts';
import { TEXT_SETS } from './text-sets.ts';

/** Every so-manieth post of the training half is held out. */
const VALIDATION = 3;
const [LIKE, UNLIKE] = [3, 2];
const WEIGHTS = [0, 0.1, 0.25, 0.5, 0.75, 1];
/** γ / β of Rocchio's formula as they are published: .15 / .75 and .25 / .75; and a half. */
const ROCCHIO = [0.2, 1 / 3, 0.5];
const SUBJECTS = [
  /^comp\./,
  /^rec\./,
  /^sci\./,
  /^talk\.politics\./,
  /^(alt\.atheism|soc\.religion\.christian|talk\.religion\.misc)$/,
];

interface Question {
  readonly group: string;
  readonly neighbour: string;
  readonly like: readonly number[];
  readonly unlike: readonly number[];
}

const isTest = process.argv.includes('--test');
const seed = numberOption('seed', 1);
const source = TEXT_SETS['20newsgroups']!;
demand(...source.archives);
printHeader('20 Newsgroups: how much does a negative example count?', installed('onnxruntime-node'));

const set = await source.load();
const isHeldOut = (i: number) => i % VALIDATION === 0;
const learned = isTest ? set.database : set.database.filter((_, i) => !isHeldOut(i));
const posts = isTest ? set.queries : set.database.filter((_, i) => isHeldOut(i));
const random = seededRandom('examples', seed);
const ties = Uint32Array.from(posts, () => random() * 2 ** 32);
const encoders = await postEncoders(isTest ? 'train' : 'validation', () => learned.map(({ text }) => featureOf(text)), {
  seed: 1,
  quality: 'default',
});

const byGroup = new Map<string, number[]>();
for (const [row, { labels }] of posts.entries()) byGroup.set(labels[0]!, [...(byGroup.get(labels[0]!) ?? []), row]);
const groups = [...byGroup.keys()].sort();
const questions = Array.from({ length: numberOption('questions', 400) }, draw);
console.log(
  `protocol: ${posts.length} posts of the ${isTest ? 'test half' : 'held-out third of the training half'}, whole with headers; ${questions.length} questions ` +
    `of ${LIKE} posts of a group and ${UNLIKE} negative ones; encoders learned from ${learned.length} other posts; seed ${seed}\n`,
);

const methods = (
  await methodsOver(
    posts.map(({ text }) => text),
    ties,
    encoders,
  )
).filter(({ name }) => name !== 'minhash');
const features = posts.map(({ text }) => featureOf(text));
const columns = [
  ...WEIGHTS.map((weight) => ({
    title: weight.toFixed(2),
    of: (method: Method) => examplesMethod(method, weight).scores,
  })),
  ...ROCCHIO.map((weight) => ({ title: `mean ${weight.toFixed(2)}`, of: (method: Method) => byMeans(method, weight) })),
];
await measureAll('negative: two posts of the neighbour, drawn', async () => questions);
await measureAll('negative: the two first wrong hits of the three alone', hitsAsNegatives);

/** A group with a neighbour, and posts of both. */
function draw(): Question {
  for (;;) {
    const group = groups[Math.floor(random() * groups.length)]!;
    const subject = SUBJECTS.find((pattern) => pattern.test(group));
    if (subject === undefined) continue;
    const others = groups.filter((other) => other !== group && subject.test(other));
    const neighbour = others[Math.floor(random() * others.length)]!;
    return {
      group,
      neighbour,
      like: sample(byGroup.get(group)!, LIKE, random),
      unlike: sample(byGroup.get(neighbour)!, UNLIKE, random),
    };
  }
}

async function measureAll(title: string, asked: (method: Method) => Promise<readonly Question[]>): Promise<void> {
  const rows: string[] = [];
  const sums = columns.map(() => [0, 0, 0]);
  for (const plain of methods) {
    const { method, repOf } = await remembering(plain);
    const figures = columns.map(() => [0, 0, 0]);
    const all = await asked(plain);
    for (const question of all) {
      const rep = { like: question.like.map(repOf), unlike: question.unlike.map(repOf) };
      columns.forEach(({ of }, column) => {
        for (const [i, value] of measureOne(of(method)(rep), question).entries())
          figures[column]![i]! += value / all.length;
      });
    }
    for (const [column, row] of figures.entries())
      for (const [i, value] of row.entries()) sums[column]![i]! += value / methods.length;
    rows.push(...lines(plain.name, figures));
  }
  console.log(`${title}\n${['method'.padEnd(17), ...columns.map((column) => column.title.padStart(9))].join(' ')}`);
  for (const row of [...rows, ...lines('mean', sums)]) console.log(row);
  console.log();
}

function lines(name: string, figures: readonly (readonly number[])[]): string[] {
  return ['mAP', 'P@10', 'unwanted'].map((what, i) =>
    [(i === 0 ? name : '').padEnd(8), what.padEnd(8), ...figures.map((row) => row[i]!.toFixed(4).padStart(9))].join(
      ' ',
    ),
  );
}

/** Average precision, precision at 10, and the share of unwanted posts among the first ten. */
function measureOne(
  scores: Float32Array,
  { group, neighbour, like, unlike }: Question,
): readonly [number, number, number] {
  const given = new Set([...like, ...unlike]);
  const ranked = topK(scores, posts.length, { ids: methods[0]!.items.ids, ties }, (row) => !given.has(row));
  const ranksOf = (label: string) => ranked.flatMap(({ row }, i) => (posts[row]!.labels[0] === label ? [i + 1] : []));
  const right = ranksOf(group);
  return [averagePrecision(right, right.length), precisionAt(right, 10), precisionAt(ranksOf(neighbour), 10)];
}

/** The same method, whose scores for a post are computed once. */
async function remembering(method: Method) {
  const reps = await method.represent(features);
  const known = new Map<unknown, Float32Array>();
  const scores = (rep: unknown): Float32Array => {
    const found = known.get(rep) ?? method.scores(rep);
    // The examples of one question after the other; not all posts.
    if (known.size > 64) known.clear();
    known.set(rep, found);
    return found;
  };
  const wrapped: Method = Object.assign(Object.create(method) as Method, { scores });
  return { method: wrapped, repOf: (row: number) => reps[row] };
}

/** The mean of the negative examples in the place of the one that is most alike: Rocchio's formula, on scores. */
function byMeans(method: Method, weight: number) {
  return ({
    like,
    unlike,
  }: {
    readonly like: readonly unknown[];
    readonly unlike: readonly unknown[];
  }): Float32Array => {
    const mean = (reps: readonly unknown[]) => examplesMethod(method).scores({ like: reps, unlike: [] });
    const against = mean(unlike);
    return mean(like).map((score, row) => score - weight * against[row]!);
  };
}

async function hitsAsNegatives(method: Method): Promise<Question[]> {
  const { method: remembered, repOf } = await remembering(method);
  return questions.map((question) => {
    const given = new Set(question.like);
    const scores = examplesMethod(remembered).scores({ like: question.like.map(repOf), unlike: [] });
    const isWrong = (row: number) => !given.has(row) && posts[row]!.labels[0] !== question.group;
    const unlike = topK(scores, UNLIKE, { ids: method.items.ids, ties }, isWrong).map(({ row }) => row);
    return { ...question, unlike, neighbour: posts[unlike[0]!]!.labels[0]! };
  });
}
