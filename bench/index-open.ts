// How long does the first question to a large index take, as a process of its own, and how much memory?
//
// Bar: a million pictures in less than 1.5 s; less than 400 MB for 128 bits each (`ae-bits`). `ae` is asked in every form that codes may
// be compared in (`sandglass index --codes`).
// Options: --items N (1,000,000), --rounds N (5), --fresh (make the cached data anew).
import { join } from 'node:path';
import { Catalog } from '../dist/index/catalog.js';
import { INDEX_DIRECTORY, indexLayout } from '../dist/index/layout.js';
import { type CodePrecision, keepPrecision } from '../dist/library/code-precision.js';
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
const ask = (what: string, index: string, method: string, codes: CodePrecision = 'float32') => ({
  name: `${method}, ${what}`,
  run: () => {
    {
      using catalog = Catalog.open(indexLayout(join(index, INDEX_DIRECTORY)));
      keepPrecision(catalog, codes);
    }
    return runContestant('open-query.mjs', index, picture, method);
  },
});
printResults(
  await interleave(
    [
      ask('code files', withFiles, 'ae-bits'),
      ask('code files', withFiles, 'ae'),
      ask('code files, float16', withFiles, 'ae', 'float16'),
      ask('code files, int8', withFiles, 'ae', 'int8'),
      ask('code files, bits', withFiles, 'ae', 'bits'),
      ask('catalog alone', bare, 'ae-bits'),
      ask('catalog alone', bare, 'ae'),
    ],
    numberOption('rounds', 5),
  ),
);
