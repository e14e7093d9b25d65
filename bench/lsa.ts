// How long does latent semantic analysis take, and how exact is it, beside scikit-learn's TruncatedSVD on the same matrix?
//
// Bar: the decomposition of 11,314 posts over 10,000 words takes at most 3 × scikit-learn's time.
// Options: --rounds N (3), --size N (128), --fresh.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inverseDocumentFrequencies, unitLogTfIdf } from '../dist/training/bags-of-words.js';
import { fitLsa } from '../dist/training/recipes/lsa.js';
import { missingModules, pythonVersions, runContestant } from './contestant.ts';
import { demand, scratch } from './data.ts';
import { installed, printHeader } from './machine.ts';
import { numberOption } from './options.ts';
import { type Contestant, interleave, median, printRatio, printResults, type Sample } from './rounds.ts';
import { asBags, countSet } from './text-bags.ts';
import { TEXT_SETS } from './text-sets.ts';

const rounds = numberOption('rounds', 3);
const size = numberOption('size', 128);
const source = TEXT_SETS['20newsgroups']!;
demand(...source.archives);
printHeader(
  `Latent semantic analysis: ${size} directions (bar: at most 3 × scikit-learn's time)`,
  installed('onnxruntime-node'),
  installed('ml-matrix'),
  pythonVersions('scikit-learn', 'numpy', 'scipy'),
);

const bags = asBags(countSet(await source.load(), source, false).database.counts);
const values = unitLogTfIdf(bags, inverseDocumentFrequencies(bags));
const folder = scratch('lsa');
mkdirSync(folder, { recursive: true });
const { indptr, indices } = bags;
for (const [name, array] of Object.entries({ indptr, indices, values })) writeFileSync(join(folder, name), array);
console.log(`${bags.rows} posts, ${bags.vocabularySize} words, ${bags.indices.length} entries`);

const shape = [String(bags.rows), String(bags.vocabularySize), String(size)];
const spectra = new Map<string, readonly number[]>();
const contestant = (name: string, script: string): Contestant => ({
  name,
  async run() {
    const sample = (await runContestant(script, folder, ...shape)) as Sample & { values: number[] };
    spectra.set(name, sample.values);
    return sample;
  },
});
const [ours, theirs] = ['sandglass', 'scikit-learn'];
const missing = missingModules('sklearn');
if (missing !== undefined) console.log(`scikit-learn is left out: ${missing}`);
const results = await interleave(
  [contestant(ours, 'svd.ts'), ...(missing === undefined ? [contestant(theirs, 'svd.py')] : [])],
  rounds,
);
printResults(results);
printRatio(results, ours, theirs, 'at most 3');

// Both fall short of the true values, the later ones most: the larger value is the more exact one.
const [own, other] = [spectra.get(ours)!, spectra.get(theirs)];
if (other !== undefined) {
  const at = [1, 16, 32, 64, 128].filter((place) => place <= Math.min(own.length, other.length));
  const ratios = at.map((place) => `${place}: ${(own[place - 1]! / other[place - 1]!).toFixed(4)}`);
  console.log(`singular values, ${ours} : ${theirs}, the larger the more exact – ${ratios.join(', ')}`);
}
const fits: number[] = [];
const quantizations: number[] = [];
for (let round = 0; round < rounds; round++) {
  const { lsa, itq } = await fitLsa(bags, { codeSize: size });
  fits.push(lsa.seconds);
  quantizations.push(itq!.seconds - lsa.seconds);
}
console.log(
  `fitLsa, weights and files included: lsa ${median(fits).toFixed(2)} s; lsa-itq, ${Math.min(64, size)} bits, ${median(quantizations).toFixed(2)} s more`,
);
