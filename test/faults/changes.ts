// What an operation of the harness finds: files that are new, changed, renamed or gone since the folder was indexed.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { Catalog } from '../../dist/index/catalog.js';
import { indexLayout } from '../../dist/index/layout.js';
import { documentText } from '../library/collection.ts';
import type { Operation } from './operations.ts';

/** Changes the files under `files/` for an operation to have something to do; the paths of those that it has to store. */
export function prepare(operation: Operation, folder: string, random: () => number): Set<string> {
  const fresh = new Set<string>();
  const files = join(folder, 'files');
  const change = (path: string, content: string) => {
    put(files, path, content);
    fresh.add(path);
  };
  if (operation === 'index') {
    rmSync(join(folder, '.sandglass'), { recursive: true });
    for (const path of filesOf(files)) fresh.add(path);
  } else if (operation === 'train' || operation === 'upgrade') {
    for (const path of filesOf(files)) fresh.add(path);
  } else if (operation === 'index again') {
    const start = Math.floor(random() * 1000) + 1000;
    for (let i = 0; i < 12; i++) change(`sea/${i}.txt`, documentText('bread', start + i));
    for (let i = 0; i < 12; i++) change(`new/${i}.txt`, documentText('chess', start + 50 + i));
    for (let i = 20; i < 28; i++) rmSync(join(files, `bread/${i}.txt`));
    for (let i = 20; i < 24; i++) renameSync(join(files, `chess/${i}.txt`), join(files, `new/renamed-${i}.txt`));
  } else if (operation === 'store') {
    for (let i = 0; i < 1_500; i++) change(`many/${i}.txt`, documentText('chess', 5_000 + i));
  } else if (operation === 'watch') {
    for (let i = 0; i < 24; i++) fresh.add(`watched/${i}.txt`);
  } else if (operation === 'repair') {
    using catalog = Catalog.open(indexLayout(join(folder, '.sandglass')));
    catalog.write(() => {
      catalog.database.prepare('UPDATE code SET code = zeroblob(3) WHERE item_id % 3 = 0').run();
      catalog.database.prepare("UPDATE document SET text = x'00' WHERE item_id % 7 = 0").run();
      catalog.database.prepare("UPDATE item_terms SET terms = x'ff' WHERE item_id % 5 = 0").run();
    });
  }
  return fresh;
}

export function put(folder: string, path: string, content: string | Uint8Array): void {
  const absolute = join(folder, path);
  mkdirSync(dirname(absolute), { recursive: true });
  const size = existsSync(absolute) ? readFileSync(absolute).length : -1;
  writeFileSync(absolute, content);
  // Whole seconds, which a copy keeps: nothing is read again that did not change. What changed is of another length or time.
  const seconds = 1_700_000_000 + (size === -1 ? 0 : 60);
  utimesSync(absolute, seconds, seconds);
}

/** All files below a folder, with '/'. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
