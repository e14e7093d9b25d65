// What training weighs: the data once, the parameters a few times, and not more than 300 MB beside them.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { drawDigits, writeIdx } from '../../src/lab/drawn-digits.ts';
import { cleanUp, temporaryFolder } from '../library/collection.ts';
import { newFolder } from './small-training.ts';

const CHILD = fileURLToPath(new URL('train-in-process.mjs', import.meta.url));
const onLinux = existsSync('/proc/self/status') ? it : it.skip;
const ROWS = 60_000;
const PIXELS = 784;

afterAll(cleanUp);

/** As many rows as MNIST has; the same few drawings, over and over. */
async function manyDigits(): Promise<string> {
  const { pixels, labels } = drawDigits({ count: 200, seed: 1 });
  const all = { pixels: new Uint8Array(ROWS * PIXELS), labels: new Uint8Array(ROWS) };
  for (let row = 0; row < ROWS; row += labels.length) {
    all.pixels.set(pixels, row * PIXELS);
    all.labels.set(labels, row);
  }
  const folder = join(temporaryFolder(), 'digits');
  await writeIdx(folder, { train: all, test: { pixels, labels } });
  return folder;
}

describe('A training on 60,000 digits', () => {
  onLinux('stays under data + 12 × parameters + 300 MB', async () => {
    const options = { recipe: 'mnist-mlp', data: await manyDigits(), out: newFolder(), epochs: 1, batch: 600 };
    const { status, stdout } = spawnSync(process.execPath, [CHILD, JSON.stringify(options)], { encoding: 'utf8' });
    expect(status).toBe(0);
    const { parameters, peak } = JSON.parse(stdout) as { parameters: number; peak: number };
    expect(peak).toBeLessThan(ROWS * PIXELS + 12 * 4 * parameters + 300e6);
  });
});
