// Does the text recipe put documents of one kind first, before plain words, LSA and ITQ? Labelled sets, train against test.
//
// Options: --set NAME (20newsgroups; all of them: all), --sizes 16,32,64,128, --seeds 1,2,3, --quality default,
// --validation (for choosing a recipe: the test part is not looked at), --with name=value (a setting of the recipe),
// --plain (the other methods only).

import { parseArgs } from 'node:util';
import { trainText } from '../dist/training/recipes/text.js';
import { encodeDocuments } from '../dist/training/text-network.js';
import { demand } from './data.ts';
import { installed, printHeader } from './machine.ts';
import { asBags, type CountedSet, countSet } from './text-bags.ts';
import { precisionAt, products, signs } from './text-precision.ts';
import { TEXT_SETS } from './text-sets.ts';

const K = 100;
const { values: flags } = parseArgs({
  options: {
    set: { type: 'string', default: '20newsgroups' },
    sizes: { type: 'string', default: '16,32,64,128' },
    seeds: { type: 'string', default: '1,2,3' },
    quality: { type: 'string', default: 'default' },
    validation: { type: 'boolean', default: false },
    with: { type: 'string', multiple: true, default: [] },
    plain: { type: 'boolean', default: false },
  },
});
const numbers = (list: string): number[] => list.split(',').map(Number);
const settings = Object.fromEntries(
  flags.with.map((setting) => {
    const [name, value] = setting.split('=') as [string, string];
    return [name, Number.isNaN(Number(value)) ? value : Number(value)];
  }),
);

printHeader('Documents of one kind first: precision at 100', installed('onnxruntime-node'));
const names = flags.set === 'all' ? Object.keys(TEXT_SETS) : flags.set.split(',');
for (const name of names) {
  const source = TEXT_SETS[name];
  if (source === undefined)
    throw new RangeError(`Expected a set of ${Object.keys(TEXT_SETS).join(', ')} but received ${name}`);
  demand(...source.archives);
  const counted = countSet(await source.load(), source, flags.validation);
  const { database, queries, vocabulary } = counted;
  console.log(
    `${source.title}: ${queries.counts.rows} queries, ${database.counts.rows} documents, ${vocabulary.size} words, ` +
      `tokenized in ${counted.seconds.toFixed(1)} s\n` +
      `protocol: ${flags.validation ? 'every sixth document of the database asks, the others are the database; ' : ''}${source.protocol}`,
  );
  for (const size of numbers(flags.sizes)) await measure(counted, size);
}

async function measure(counted: CountedSet, size: number): Promise<void> {
  const judged = { database: counted.database.labels, queries: counted.queries.labels };
  const results: number[][] = [];
  for (const seed of numbers(flags.seeds)) {
    const bags = asBags(counted.database.counts);
    const trained = await trainText(
      bags,
      { codeSize: size, seed, device: 'cpu', ...settings },
      {
        onProgress: ({ step, steps, loss }) =>
          process.stderr.isTTY && process.stderr.write(`\r${step}/${steps} ${loss.toFixed(3)} `),
      },
    );
    const where = { device: 'cpu' } as const;
    const before = performance.now();
    const database = await encodeDocuments(trained.encoder, bags, size, where);
    const queries = await encodeDocuments(trained.encoder, asBags(counted.queries.counts), size, where);
    const seconds = (performance.now() - before) / 1000;
    const row = [
      await precisionAt(K, products(queries, database, size), judged),
      await precisionAt(K, products(signs(queries), signs(database), size), judged),
      await precisionAt(K, products(queries, signs(database), size), judged),
      trained.seconds,
      seconds,
    ];
    results.push(row);
    console.log(
      `size ${size} seed ${seed}: floats ${row[0]!.toFixed(4)}  bits ${row[1]!.toFixed(4)}  floats on bits ${row[2]!.toFixed(4)}  ` +
        `trained in ${row[3]!.toFixed(0)} s, loss ${trained.losses.at(-1)!.toFixed(3)}, encoded in ${row[4]!.toFixed(1)} s`,
    );
  }
}
