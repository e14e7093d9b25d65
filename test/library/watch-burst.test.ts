// index.watch and ten thousand files at once.
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../cli/command.ts';
import { cleanUp, documents, indexed, write } from './collection.ts';
import { endWatches, watching } from './watching.ts';

afterEach(async () => {
  await endWatches();
  await cleanUp();
});

describe('Watching', () => {
  it('stores a burst of 10,000 files in few batches, all of them', async () => {
    const folder = documents(1);
    const index = await indexed(folder);
    const watch = await watching(index);
    const from = mkdtempSync(join(tmpdir(), 'sandglass-burst-'));
    try {
      // Most of them are empty, and passed over: storing takes long, and is not what this is about.
      for (let i = 0; i < 10_000; i++) write(from, `${i % 7}/${i}.txt`, i % 100 === 0 ? `the heron ${i}` : '');
      renameSync(from, join(folder, 'burst'));
      await until(() => watch.sum.added === 100, 'the files', 60);
      expect(watch.batches.length).toBeLessThan(8);
      expect((await index.status()).items.text).toBe(103);
    } finally {
      rmSync(from, { recursive: true, force: true });
    }
  }, 90_000);
});
