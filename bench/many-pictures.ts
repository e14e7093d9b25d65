// An index of a few photos and of very many pictures that were never there: items with drawn codes of the encoder of pictures.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Catalog } from '../dist/index/catalog.js';
import { INDEX_DIRECTORY, indexLayout } from '../dist/index/layout.js';
import { Random } from '../dist/training/random.js';
import { photoFolder } from './collections.ts';
import { runContestant } from './contestant.ts';
import { cached } from './data.ts';

const BATCH = 10_000;
const PHOTOS = 64;

/** @param withFiles with code files, as indexing writes them, of every form that codes may be compared in */
export async function manyPicturesIndex(count: number, withFiles: boolean): Promise<string> {
  const bare = await cached(`many-pictures-${count}`, async (directory) => {
    await runContestant('index-folder.mjs', directory, await photoFolder(PHOTOS), 'auto');
    fill(directory, count);
  });
  rmSync(join(bare, INDEX_DIRECTORY, 'codes'), { recursive: true, force: true });
  if (!withFiles) return bare;
  return cached(`many-pictures-${count}-files-2`, (directory) => {
    cpSync(bare, directory, { recursive: true });
    const catalog = Catalog.open(indexLayout(join(directory, INDEX_DIRECTORY)));
    const { id } = catalog.encoders.active('ae', 'image')!;
    for (const form of ['float32', 'signs', 'float16', 'int8'] as const) {
      const began = performance.now();
      catalog.codes.writeFile(id, form);
      console.error(`${form} written in ${((performance.now() - began) / 1000).toFixed(1)} s`);
    }
    catalog.close();
  });
}

function fill(directory: string, count: number): void {
  const catalog = Catalog.open(indexLayout(join(directory, INDEX_DIRECTORY)));
  const { id, dimensions } = catalog.encoders.active('ae', 'image')!;
  const random = new Random(1);
  const root = catalog.roots.put('/pictures');
  const present = catalog.items.counts().image;
  for (let from = present; from < count; from += BATCH) {
    const rows = Math.min(BATCH, count - from);
    const codes = new Float32Array(rows * dimensions);
    for (let i = 0; i < codes.length; i++) codes[i] = (random.uniform() - 0.5) * Math.sqrt(12 / dimensions);
    const ids = catalog.items.put(
      Array.from({ length: rows }, (_, i) => ({
        rootId: root.id,
        path: `${String(Math.floor((from + i) / 1_000)).padStart(6, '0')}/DSC${String(from + i).padStart(8, '0')}.jpg`,
        kind: 'image' as const,
        format: 'jpeg',
        size: 100_000 + from + i,
        mtimeMs: 1_700_000_000_000 + from + i,
        hash: Array.from({ length: 8 }, () =>
          Math.floor(random.uniform() * 2 ** 32)
            .toString(16)
            .padStart(8, '0'),
        ).join(''),
        width: 4_000,
        height: 3_000,
      })),
    );
    catalog.codes.put(id, ids, codes);
  }
  catalog.close();
}
