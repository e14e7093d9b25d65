// How long does the first question to a large index take, as a process of its own, and how much memory?
//
// Bar: a million pictures in less than 1.5 s; less than 400 MB for 128 bits each (`ae-bits`).
// Options: --items N (1,000,000), --rounds N (5), --fresh (make the cached data anew).
import { ARCHIVES, anyFileOf, photoFolder } from './collections.ts';
import { runContestant } from './contestant.ts';
import { demand } from './data.ts';
import { installed, printHeader } from './machine.ts';
import { manyPicturesIndex } from './many-pictures.ts';
import { numberOption } from './options.ts';
import { interleave, printResults } from './rounds.ts';

demand(...ARCHIVES.photos);
const items = numberOption('items', 1_000_000);
const picture = anyFileOf(await photoFolder(1));
const bare = await manyPicturesIndex(items, false);
const withFiles = await manyPicturesIndex(items, true);

printHeader(
  `The first question to ${items.toLocaleString('en')} pictures, opening included (bar: < 1.5 s; ae-bits < 400 MB)`,
  installed('better-sqlite3'),
  installed('onnxruntime-node'),
);
const ask = (what: string, index: string, method: string) => ({
  name: `${method}, ${what}`,
  run: () => runContestant('open-query.mjs', index, picture, method),
});
printResults(
  await interleave(
    [
      ask('code files', withFiles, 'ae-bits'),
      ask('code files', withFiles, 'ae'),
      ask('catalog alone', bare, 'ae-bits'),
      ask('catalog alone', bare, 'ae'),
    ],
    numberOption('rounds', 5),
  ),
);
