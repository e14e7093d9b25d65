// How long after a file was written does a question find it, while `sandglass watch` runs?
//
// Bar: less than 2 s. The watch is a process of its own, and so is what asks, again and again, until the answer is right. In a folder
// of 100 small files and in one of 100,000, each kind of change so many times, one after the other; then 10,000 files at once.
// Options: --rounds N (20), --items N (100,000), --burst N (10,000), --fresh (make the cached data anew).
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open, type Sandglass } from '../dist/sandglass.js';
import { runNode } from './contestant.ts';
import { scratch } from './data.ts';
import { printHeader } from './machine.ts';
import { numberOption } from './options.ts';
import { median } from './rounds.ts';
import { smallFiles } from './small-files.ts';

const COMMAND = join(import.meta.dirname, '../dist/cli/main.js');
const ASK_EVERY_MS = 10;
const LONGEST_MS = 120_000;

const rounds = numberOption('rounds', 20);
const burst = numberOption('burst', 10_000);
printHeader('From a write to the right answer while watching (bar: less than 2 s)');
console.log(`files      change                      median s    most s   (${rounds} of each)`);
for (const items of [100, numberOption('items', 100_000)]) {
  const { tree, index } = smallFiles(items);
  if (!existsSync(index)) await runNode(COMMAND, 'index', tree, '--index', index, '--train', 'never');
  const copy = scratch('watch');
  cpSync(index, copy, { recursive: true });
  const folder = join(tree, 'watched');
  mkdirSync(folder, { recursive: true });
  const watch = await startWatch(tree, copy);
  try {
    await using asked = await open(copy);
    await measure(items, asked, folder);
  } finally {
    await watch.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(items: number, asked: Sandglass, folder: string): Promise<void> {
  const seconds = new Map<string, number[]>();
  const time = async (change: string, word: string, isThere: boolean, act: () => void) => {
    act();
    const took = await untilAnswered(asked, word, isThere);
    seconds.set(change, [...(seconds.get(change) ?? []), took]);
  };
  for (let i = 0; i < rounds; i++) {
    const file = join(folder, `note ${i}.txt`);
    await time('a new file', `heron${i}`, true, () => writeFileSync(file, `a heron${i} in the reeds`));
    await time('saved in its place', `egret${i}`, true, () =>
      writeFileSync(file, `an egret${i} in the reeds, not one`),
    );
    await time('saved beside and renamed', `ibis${i}`, true, () => {
      writeFileSync(`${file}.tmp`, `an ibis${i}`);
      renameSync(`${file}.tmp`, file);
    });
    const inner = join(folder, `folder ${i}`);
    mkdirSync(inner);
    writeFileSync(join(inner, 'stork.txt'), `a stork${i}`);
    await untilAnswered(asked, `stork${i}`, true);
    const renamed = join(folder, `renamed ${i}`);
    renameSync(inner, renamed);
    const before = performance.now();
    await until(async () => (await pathsOf(asked, `stork${i}`)).every((path) => path.startsWith(renamed)));
    const took = (performance.now() - before) / 1000;
    seconds.set('a folder renamed', [...(seconds.get('a folder renamed') ?? []), took]);
    await time('removed', `ibis${i}`, false, () => unlinkSync(file));
  }
  const many = join(folder, 'many');
  mkdirSync(many);
  await time(`${burst.toLocaleString('en')} files at once`, `crane${burst - 1}`, true, () => {
    for (let i = 0; i < burst; i++) writeFileSync(join(many, `${i}.txt`), `a crane${i}`);
  });
  // Where they are more than half of the folder, they are kept: docs/watch.md.
  if (burst < items)
    await time(`${burst.toLocaleString('en')} files removed`, `crane${burst - 1}`, false, () =>
      rmSync(many, { recursive: true }),
    );
  for (const [change, all] of seconds)
    console.log(
      `${items.toLocaleString('en').padEnd(10)} ${change.padEnd(26)} ${median(all).toFixed(2).padStart(9)} ${Math.max(
        ...all,
      )
        .toFixed(2)
        .padStart(9)}`,
    );
}

/** Seconds until a question for a word finds a file, or none. */
async function untilAnswered(asked: Sandglass, word: string, isThere: boolean): Promise<number> {
  const before = performance.now();
  await until(async () => (await pathsOf(asked, word)).length > 0 === isThere);
  return (performance.now() - before) / 1000;
}

async function pathsOf(asked: Sandglass, word: string): Promise<string[]> {
  const { hits } = await asked.query({ text: word }, { k: 1, method: 'tfidf' });
  return hits.map(({ path }) => path);
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const began = performance.now(); performance.now() - began < LONGEST_MS; ) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
  throw new Error(`No right answer within ${LONGEST_MS / 1000} s`);
}

/** Resolves when everything was looked at and the folder is followed. */
async function startWatch(tree: string, index: string): Promise<{ end(): Promise<void> }> {
  const child = spawn(
    process.execPath,
    [COMMAND, 'watch', tree, '--index', index, '--train', 'never', '--rescan', '0', '--json'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.includes('"ready"')) resolve();
    });
    void ended.then(() => reject(new Error('The watch ended before it was ready')));
  });
  return {
    async end() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
