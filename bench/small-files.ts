// A folder of many small files, made once and kept; its index stands beside it.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const WORDS = 'ship sail wave harbour anchor mast captain tide deck sailor storm rope flour dough oven yeast'.split(
  ' ',
);
const FILES_PER_FOLDER = 100;

/** @returns the folder, and where its index is kept (`--fresh`: both are made anew) */
export function smallFiles(items: number): { readonly tree: string; readonly index: string } {
  const tree = join(tmpdir(), 'sandglass-bench', `reindex-${items}`);
  const index = `${tree}.index`;
  if (process.argv.includes('--fresh'))
    for (const path of [tree, index]) rmSync(path, { recursive: true, force: true });
  if (!existsSync(tree)) {
    makeTree(`${tree}.half`, items);
    renameSync(`${tree}.half`, tree);
  }
  return { tree, index };
}

function makeTree(folder: string, items: number): void {
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
