// The image recipe trained on a folder: what it refuses, and that what it writes is an encoder.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadEncoder } from '../../src/encoders/load-encoder.ts';
import { cleanUp, documents, pictures } from '../library/collection.ts';
import { drawn } from '../methods/features.ts';
import { eventsOf, filesOf, linesOf, newFolder, trained } from './small-training.ts';

const QUICK = { recipe: 'image', epochs: 2, batch: 16 } as const;

let data: string;
beforeAll(async () => {
  data = await pictures(52);
});
afterAll(cleanUp);

describe('training the image recipe on a folder', () => {
  it('refuses too few pictures, says what is used for those, and leaves nothing behind', async () => {
    const out = newFolder();
    await expect(trained({ ...QUICK, data: await pictures(8), out })).rejects.toMatchObject({
      code: 'TRAINING_TOO_SMALL',
      message: expect.stringContaining('comes with Sandglass'),
    });
    expect(() => filesOf(out)).toThrow();
  });

  it('refuses documents, and settings that only the text recipe has', async () => {
    await expect(trained({ ...QUICK, data: documents(1), out: newFolder() })).rejects.toMatchObject({
      code: 'DATA_SET_INVALID',
    });
    await expect(trained({ ...QUICK, data, out: newFolder(), codeSize: 8 })).rejects.toMatchObject({
      code: 'SETTING_INVALID',
    });
  });

  it('writes an encoder that can be loaded, and says how it went', async () => {
    const out = newFolder();
    const { summary, events } = await trained({ ...QUICK, data, out });
    expect(filesOf(out)).toEqual([...summary.files].sort());
    expect(summary).toMatchObject({ recipe: 'image', batch: 16, data: { kind: 'pictures', training: 52, test: 0 } });
    expect(eventsOf({ summary, events }, 'train').at(-1)).toMatchObject({ epoch: 2, epochs: 2, step: 6 });
    expect(linesOf(out).filter(({ kind }) => kind === 'epoch')).toHaveLength(2);

    const files = Object.fromEntries(filesOf(out).map((name) => [name, readFileSync(join(out, name))]));
    const { 'recipe.json': _, 'run.jsonl': __, ...encoderFiles } = files;
    const encoder = await loadEncoder(encoderFiles, { device: 'cpu' });
    try {
      const codes = await encoder.encode([await drawn(1), await drawn(2)]);
      expect(codes).toHaveLength(2 * summary.codeSize);
      expect(Math.hypot(...codes.subarray(0, summary.codeSize))).toBeCloseTo(1);
    } finally {
      await encoder.release();
    }
    await expect(trained({ ...QUICK, data, out })).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
  });
});
