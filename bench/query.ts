// How long does one question take, as a whole process, on an index of 20,000 items?
//
// Bar: less than 0.5 s. `node -e 0` beside it is what any command takes.
// Options: --rounds N (7), --items N (20,000), --fresh (make the cached data anew).
import { join } from 'node:path';
import { ARCHIVES, anyFileOf, photoFolder, pictureIndex, textIndex } from './collections.ts';
import { runNode } from './contestant.ts';
import { demand } from './data.ts';
import { installed, printHeader } from './machine.ts';
import { numberOption } from './options.ts';
import { interleave, printResults } from './rounds.ts';

demand(ARCHIVES.newsgroups, ...ARCHIVES.photos, ARCHIVES.cifar);
const items = numberOption('items', 20_000);
const documents = await textIndex(items);
const pictures = await pictureIndex(items);
const picture = anyFileOf(await photoFolder(1));

const COMMAND = join(import.meta.dirname, '../dist/cli/main.js');
const QUESTION = 'the launch of a satellite into a higher orbit';
const query = (name: string, ...values: string[]) => ({ name, run: () => runNode(COMMAND, 'query', ...values) });

printHeader(
  `One question as a whole process, ${items.toLocaleString('en')} documents and as many pictures (bar: less than 0.5 s each)`,
  installed('onnxruntime-node'),
  installed('better-sqlite3'),
);
printResults(
  await interleave(
    [
      { name: 'node -e 0', run: () => runNode('-e', '0') },
      ...['ae', 'tfidf', 'bow'].map((method) =>
        query(`query --text … --method ${method}`, '--text', QUESTION, '--method', method, '--index', documents),
      ),
      ...['ae', 'phash'].map((method) =>
        query(`query photo.jpg --method ${method}`, picture, '--method', method, '--index', pictures),
      ),
    ],
    numberOption('rounds', 7),
  ),
);
