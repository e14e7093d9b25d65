// Does the text recipe put documents of one kind first, before plain words, LSA and ITQ? Labelled sets, database against queries.
//
// Bars (20newsgroups): floats of 16/32/128 P@100 ≥ .60/.62/.63; bits of 16/32/64/128 ≥ .555/.59/.61/.625.
// Options: --set NAME (20newsgroups; several: a,b; all of them: all), --sizes 16,32,64,128, --seeds 1,2,3, --quality default,
// --validation (for choosing a recipe: the test part is not looked at), --with name=value (a setting of the recipe),
// --plain (the other methods only), --no-plain (the recipe only), --curves (AE-10 against LSA-50, into docs/text-curves.svg).
import { parseArgs } from 'node:util';
import type { TextRecipeOptions } from '../dist/training/recipes/text-settings.js';
import { demand } from './data.ts';
import { installed, printHeader } from './machine.ts';
import { type CountedSet, countSet } from './text-bags.ts';
import { drawCurves } from './text-curves.ts';
import { bitScores, floatOnBitScores, floatScores, lsaCodes, plainScores, textCodes } from './text-methods.ts';
import { precisionAt, type Scores } from './text-precision.ts';
import { TEXT_SETS } from './text-sets.ts';

const K = 100;
const PUBLISHED = 'AMMI, 20 Newsgroups, bits 16/32/64/128, own preprocessing: .5518 .5956 .6398 .6618';

const { values: flags } = parseArgs({
  options: {
    set: { type: 'string', default: '20newsgroups' },
    sizes: { type: 'string', default: '16,32,64,128' },
    seeds: { type: 'string', default: '1,2,3' },
    quality: { type: 'string', default: 'default' },
    validation: { type: 'boolean', default: false },
    with: { type: 'string', multiple: true, default: [] },
    plain: { type: 'boolean', default: false },
    'no-plain': { type: 'boolean', default: false },
    curves: { type: 'boolean', default: false },
  },
});
const numbersOf = (list: string): number[] => list.split(',').map(Number);
const [sizes, seeds] = [numbersOf(flags.sizes), numbersOf(flags.seeds)];
const settings: TextRecipeOptions = {
  quality: flags.quality as NonNullable<TextRecipeOptions['quality']>,
  ...Object.fromEntries(flags.with.map((setting) => setting.split('=')).map(([name, value]) => [name, Number(value)])),
};

printHeader(`Documents of one kind first: precision at ${K}`, installed('onnxruntime-node'));
for (const name of flags.set === 'all' ? Object.keys(TEXT_SETS) : flags.set.split(',')) {
  const source = TEXT_SETS[name];
  if (source === undefined) {
    throw new RangeError(`Expected a set of ${Object.keys(TEXT_SETS).join(', ')} but received ${name}`);
  }
  demand(...source.archives);
  const counted = countSet(await source.load(), source, flags.validation);
  const { database, queries, vocabulary } = counted;
  const all = database.counts.rows + queries.counts.rows;
  console.log(
    `${source.title}: ${queries.counts.rows} queries, ${database.counts.rows} documents, ${vocabulary.size} words; ` +
      `${(all / counted.seconds).toFixed(0)} documents a second tokenized and counted`,
  );
  console.log(
    `protocol: ${flags.validation ? 'every sixth document of the database asks, the others are the database; ' : ''}` +
      `${source.protocol}; vocabulary and all training from the database alone; of equal scores at the end of the ${K} each is ` +
      'as likely to be taken',
  );
  if (name.startsWith('20newsgroups')) console.log(`published: ${PUBLISHED}`);
  if (flags.curves) await drawCurves(counted, settings);
  else await compare(counted);
  console.log();
}

async function compare(counted: CountedSet): Promise<void> {
  const judged = { database: counted.database.labels, queries: counted.queries.labels };
  const judge = (scores: Scores) => precisionAt(K, scores, judged);
  if (!flags['no-plain']) {
    const scores = plainScores(counted);
    for (const [name, of] of Object.entries(scores)) console.log(`${name.padEnd(10)} ${figure(await judge(of()))}`);
    for (const size of sizes) {
      const { lsa, itq } = await lsaCodes(counted, size, seeds[0]!);
      const bits =
        itq === undefined
          ? ''
          : `  lsa-itq ${itq.size} bits ${figure(await judge(bitScores(itq)))}  floats on bits ${figure(await judge(floatOnBitScores(itq)))}`;
      console.log(`lsa ${String(lsa.size).padEnd(6)} ${figure(await judge(floatScores(lsa)))}${bits}`);
    }
  }
  if (flags.plain) return;
  for (const size of sizes) {
    const rows: number[][] = [];
    for (const seed of seeds) {
      const codes = await textCodes(counted, { codeSize: size, seed, ...settings });
      const perSecond = (counted.database.counts.rows + counted.queries.counts.rows) / codes.encodingSeconds;
      const row = [
        await judge(floatScores(codes)),
        await judge(bitScores(codes)),
        await judge(floatOnBitScores(codes)),
        codes.trainingSeconds,
        perSecond,
        await precisionAt(10, floatScores(codes), judged),
      ];
      rows.push(row);
      if (seeds.length > 1)
        console.log(`  seed ${seed}: ${row.slice(0, 3).map(figure).join(' ')}, ${row[3]!.toFixed(0)} s`);
    }
    const column = (i: number, show: (value: number) => string) => {
      const values = rows.map((row) => row[i]!);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return values.length < 2
        ? show(mean)
        : `${show(mean)} (${show(Math.min(...values))}–${show(Math.max(...values))})`;
    };
    console.log(
      `ae ${String(size).padEnd(7)} floats ${column(0, figure)}  bits ${column(1, figure)}  floats on bits ${column(2, figure)}  ` +
        `trained in ${column(3, whole)} s, ${column(4, whole)} encoded a second; floats, P@10 ${column(5, figure)}`,
    );
  }
}

function figure(value: number): string {
  return value.toFixed(4).replace(/^0/, '');
}

function whole(value: number): string {
  return value.toFixed(0);
}
