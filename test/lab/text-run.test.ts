// The text recipe trained on a folder: what it refuses, and that what it writes is an encoder.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadEncoder } from '../../src/encoders/load-encoder.ts';
import { countTerms } from '../../src/text/tokenize.ts';
import { cleanUp, documents, temporaryFolder, write } from '../library/collection.ts';
import { eventsOf, filesOf, linesOf, newFolder, SMALL, trained } from './small-training.ts';

const QUICK = { recipe: 'text', codeSize: 8, epochs: 4, batch: 32 } as const;

let data: string;
beforeAll(() => {
  data = documents(25);
});
afterAll(cleanUp);

describe('training the text recipe on a folder', () => {
  it('refuses too few documents, says that plain TF-IDF is better there, and leaves nothing behind', async () => {
    const out = newFolder();
    await expect(trained({ ...QUICK, data: documents(6), out })).rejects.toMatchObject({
      code: 'TRAINING_TOO_SMALL',
      message: expect.stringContaining('TF-IDF is the better choice'),
    });
    expect(() => filesOf(out)).toThrow();
  });

  it('refuses documents without a word in common', async () => {
    const folder = temporaryFolder();
    for (let i = 0; i < 60; i++) write(folder, `${i}.txt`, `onlyhere${i}`);
    await expect(trained({ ...QUICK, data: folder, out: newFolder() })).rejects.toMatchObject({
      code: 'DATA_SET_INVALID',
    });
  });

  it('refuses its own settings for other recipes', async () => {
    const given = { recipe: SMALL, data, out: newFolder() };
    for (const [name, setting] of [
      ['--quality', { quality: 'best' }],
      ['--code-size', { codeSize: 16 }],
    ] as const) {
      await expect(trained({ ...given, ...setting })).rejects.toMatchObject({
        code: 'SETTING_INVALID',
        message: expect.stringContaining(name),
      });
    }
  });

  it('writes an encoder that can be loaded and puts documents of one topic together', async () => {
    const out = newFolder();
    const { summary, events } = await trained({ ...QUICK, data, out, epochs: 40 });
    expect(filesOf(out)).toEqual([...summary.files].sort());
    expect(summary).toMatchObject({ recipe: 'text', codeSize: 8, data: { kind: 'documents', training: 75 } });
    expect(eventsOf({ summary, events }, 'train').at(-1)).toMatchObject({ epoch: 40, epochs: 40 });
    expect(linesOf(out).filter(({ kind }) => kind === 'epoch')).toHaveLength(40);

    const files = Object.fromEntries(filesOf(out).map((name) => [name, readFileSync(join(out, name))]));
    const { 'recipe.json': _, 'run.jsonl': __, ...encoderFiles } = files;
    const encoder = await loadEncoder(encoderFiles, { device: 'cpu' });
    try {
      const texts = ['captain mast storm', 'ship anchor tide', 'flour dough oven'];
      const codes = await encoder.encode(texts.map((text) => countTerms(text)));
      const cosine = (a: number, b: number) =>
        Array.from({ length: 8 }, (_, i) => codes[8 * a + i]! * codes[8 * b + i]!).reduce((sum, value) => sum + value);
      expect(cosine(0, 1)).toBeGreaterThan(cosine(0, 2));
    } finally {
      await encoder.release();
    }
  });

  it('does not overwrite a training that is finished', async () => {
    const out = newFolder();
    await trained({ ...QUICK, data, out });
    await expect(trained({ ...QUICK, data, out })).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    await expect(trained({ ...QUICK, data, out, fresh: true })).resolves.toBeDefined();
  });
});
