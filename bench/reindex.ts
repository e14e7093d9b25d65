// How long does it take to find out that nothing changed in a folder of 100,000 small files?
//
// Bar: less than 5 s. `find -printf` over the same tree, which only looks at the files, stands beside it.
// Options: --rounds N (5), --items N (100,000), --fresh (make the cached data anew).
import { join } from 'node:path';
import { runCommand, runNode } from './contestant.ts';
import { printHeader } from './machine.ts';
import { numberOption } from './options.ts';
import { interleave, printRatio, printResults } from './rounds.ts';
import { smallFiles } from './small-files.ts';

const COMMAND = join(import.meta.dirname, '../dist/cli/main.js');

const items = numberOption('items', 100_000);
const { tree, index } = smallFiles(items);
const reindex = () => runNode(COMMAND, 'index', tree, '--index', index, '--train', 'never');
// The first time everything is read; and what a version of its own keeps is made anew.
await reindex();

printHeader(`Nothing changed in ${items.toLocaleString('en')} small files (bar: less than 5 s)`);
const OURS = 'sandglass index';
const THEIRS = 'find -printf';
const results = await interleave(
  [
    { name: 'node -e 0', run: () => runNode('-e', '0') },
    { name: THEIRS, run: () => runCommand('find', tree, '-printf', '%p %s %T@\\n') },
    { name: OURS, run: reindex },
  ],
  numberOption('rounds', 5),
);
printResults(results);
printRatio(results, OURS, THEIRS, 'none');
