// How long do reading, counting, encoding and storing 11,314 posts take, beside scikit-learn reading them and fitting TF-IDF?
//
// Bars: reading, tokenizing and counting at most 1.5 × scikit-learn's time; with encoding and storing at most 2 ×.
// Options: --rounds N (5), --posts N (all), --fresh (make the cached data anew).

import { postFolder, textEncoderIndex } from './collections.ts';
import { missingModules, pythonVersions, runContestant } from './contestant.ts';
import { demand, scratch } from './data.ts';
import { printHeader } from './machine.ts';
import { numberOption } from './options.ts';
import { type Contestant, interleave, printRatio, printResults } from './rounds.ts';

demand('20newsgroups/20news-bydate.tar.gz');
const posts = await postFolder('train', numberOption('posts', 11_314));
const trained = await textEncoderIndex();
const noPython = missingModules('sklearn');

const READ = 'sandglass: read, tokenize, count';
const STORE = 'sandglass: … and store';
const INDEX = 'sandglass: … encode and store';
const PEER = 'scikit-learn: read, TF-IDF';
const contestants: Contestant[] = [
  { name: READ, run: () => runContestant('extract.mjs', posts) },
  { name: STORE, run: () => runContestant('index-folder.mjs', scratch('text'), posts) },
  { name: INDEX, run: () => runContestant('index-folder.mjs', scratch('text', trained), posts) },
  ...(noPython === undefined ? [{ name: PEER, run: () => runContestant('tfidf.py', posts) }] : []),
];

printHeader(
  'Indexing posts of 20 Newsgroups (by-date, train), training apart',
  noPython === undefined ? pythonVersions('scikit-learn', 'numpy') : '',
);
if (noPython !== undefined) console.log(`without scikit-learn: ${noPython}`);
const results = await interleave(contestants, numberOption('rounds', 5));
printResults(results);
printRatio(results, READ, PEER, '1.5 or less');
printRatio(results, INDEX, PEER, '2 or less');
