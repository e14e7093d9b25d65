// How long does it take to find out that nothing changed in a folder of 100,000 small files?
//
// Bar: less than 5 s. `find -printf` over the same tree, which only looks at the files, stands beside it.
// Options: --rounds N (5), --items N (100,000), --fresh (make the cached data anew).
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand, runNode } from './contestant.ts';
import { printHeader } from './machine.ts';
import { numberOption } from './options.ts';
import { interleave, printRatio, printResults } from './rounds.ts';

const WORDS = 'ship sail wave harbour anchor mast captain tide deck sailor storm rope flour dough oven yeast'.split(
  ' ',
);
const FILES_PER_FOLDER = 100;
const COMMAND = join(import.meta.dirname, '../dist/cli/main.js');

const items = numberOption('items', 100_000);
const tree = join(tmpdir(), 'sandglass-bench', `reindex-${items}`);
const index = `${tree}.index`;
if (process.argv.includes('--fresh')) for (const path of [tree, index]) rmSync(path, { recursive: true, force: true });
if (!existsSync(tree)) {
  makeTree(`${tree}.half`);
  renameSync(`${tree}.half`, tree);
}
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

function makeTree(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  let state = 7;
  // The generator of Numerical Recipes.
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 16) % below;
  };
  for (let i = 0; i < items; i++) {
    const number = Math.floor(i / FILES_PER_FOLDER);
    const inner = join(folder, String(number % 20), String(number));
    if (i % FILES_PER_FOLDER === 0) mkdirSync(inner, { recursive: true });
    const words = Array.from({ length: 20 }, () => WORDS[random(WORDS.length)]);
    writeFileSync(join(inner, `note-${i}.txt`), `${words.join(' ')} n${i}\n`);
  }
}
