// The folder of a training: what it may be, what is kept of an earlier one, what goes and what never does.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RunFolder } from '../../src/lab/run-folder.ts';
import { cleanUp, temporaryFolder, write } from '../library/collection.ts';
import { filesOf } from './small-training.ts';

const SETTINGS = { recipe: { name: 'small', epochs: 3 }, fingerprint: 'abc', facts: { data: 'digits' } };

let parent: string;
let path: string;
beforeEach(() => {
  parent = temporaryFolder();
  path = join(parent, 'new', 'out');
});
afterAll(cleanUp);

/** A training that was begun, and got to its first step. */
async function begun(settings = SETTINGS): Promise<void> {
  const folder = await RunFolder.survey(path, false);
  await folder.begin(settings);
  folder.log.append([{ kind: 'step', stage: 1, step: 1 }]);
  await folder.close();
}

/** All that a finished training has. */
async function finished(): Promise<void> {
  await begun();
  for (const name of ['manifest.json', 'encoder.onnx', 'decoder.onnx', 'vocabulary.txt', 'first-layer.png'])
    write(path, name, '');
  for (const name of ['samples.png', 'sheets/epoch-0001.png', 'sheets/epoch-12345.png']) write(path, name, '');
}

describe('A folder of a training', () => {
  it('that is finished is refused', async () => {
    await finished();
    await expect(RunFolder.survey(path, false)).rejects.toMatchObject({
      code: 'OUTPUT_EXISTS',
      message: expect.stringMatching(/finished.*--out.*--fresh/),
    });
  });

  it('that was begun with other settings, or on other data, is refused with what is other and what to do', async () => {
    await begun();
    const other = { ...SETTINGS, recipe: { name: 'small', epochs: 4, clipNorm: 1 } };
    for (const [settings, differing] of [
      [other, 'epochs, clipNorm'],
      [{ ...SETTINGS, fingerprint: 'xyz' }, 'data'],
    ] as const) {
      const folder = await RunFolder.survey(path, false);
      await expect(folder.begin(settings)).rejects.toMatchObject({
        code: 'OUTPUT_EXISTS',
        message: expect.stringMatching(new RegExp(`other settings \\(${differing}; .*--out.*--fresh`)),
      });
      await folder.close();
    }
    expect(filesOf(path)).toEqual(['recipe.json', 'run.jsonl']);
  });

  it('is not touched by a look at it, nor by one that is followed by nothing', async () => {
    const folder = await RunFolder.survey(path, false);
    expect(filesOf(parent)).toEqual([]);
    write(path, 'rows/sandglass-1-0123456789ab.rows', 'rows');
    await folder.close();
    expect(filesOf(parent)).toEqual([]);
    expect(() => readFileSync(join(parent, 'new'))).toThrow(/ENOENT/);
  });

  it('is taken away again when not one step was done, with the folders that were made for it', async () => {
    const folder = await RunFolder.survey(path, false);
    await folder.begin(SETTINGS);
    expect(filesOf(path)).toEqual(['recipe.json', 'run.jsonl']);
    await folder.close();
    expect(() => readFileSync(join(parent, 'new'))).toThrow(/ENOENT/);
  });

  it('that was there and empty stays when not one step was done', async () => {
    mkdirSync(path, { recursive: true });
    const folder = await RunFolder.survey(path, true);
    await folder.begin(SETTINGS);
    await folder.close();
    expect(filesOf(path)).toEqual([]);
  });

  it('is gone on with when it was begun with the same; what a crash left half-written goes', async () => {
    await begun();
    const leftovers = [
      'recipe.json.12-0123abcd.unfinished',
      'encoder.onnx.12-0123abcd.unfinished',
      'checkpoint.safetensors.unfinished',
      'run.jsonl.unfinished',
      'sheets/epoch-0002.png.12-0123abcd.unfinished',
      'rows/sandglass-12-0123456789ab.rows',
    ];
    for (const name of [...leftovers, 'sheets/epoch-0001.png', 'checkpoint.safetensors', 'mine.unfinished'])
      write(path, name, '');
    const before = readFileSync(join(path, 'run.jsonl'), 'utf8');
    const folder = await RunFolder.survey(path, false);
    await folder.begin(SETTINGS);
    await folder.close();
    expect(filesOf(path)).toEqual(
      ['checkpoint.safetensors', 'mine.unfinished', 'recipe.json', 'run.jsonl', 'sheets/epoch-0001.png'].sort(),
    );
    expect(readFileSync(join(path, 'run.jsonl'), 'utf8')).toBe(before);
  });

  it('whose process was killed before its recipe was whole is begun anew', async () => {
    await begun();
    writeFileSync(join(path, 'recipe.json'), '{"na');
    const folder = await RunFolder.survey(path, false);
    await folder.begin(SETTINGS);
    expect(readFileSync(join(path, 'run.jsonl'), 'utf8')).toBe('{"kind":"run","data":"digits","fingerprint":"abc"}\n');
    expect(JSON.parse(readFileSync(join(path, 'recipe.json'), 'utf8'))).toEqual(SETTINGS.recipe);
  });

  it('is known while its first file is half-written', async () => {
    write(path, 'run.jsonl.12-0123abcd.unfinished', '{"ki');
    const folder = await RunFolder.survey(path, false);
    await folder.begin(SETTINGS);
    expect(filesOf(path)).toEqual(['recipe.json', 'run.jsonl']);
  });

  it('begun afresh loses what a training made, and nothing else', async () => {
    await finished();
    const mine = [
      'notes.txt',
      'mine.png',
      'mine.safetensors',
      'sheets/mine.png',
      'sheets/epoch-1.png',
      'rows/mine.rows',
    ];
    for (const name of [
      ...mine,
      'checkpoint.safetensors',
      'checkpoint-3.safetensors',
      'checkpoint-3.safetensors.unfinished',
    ])
      write(path, name, '');
    const folder = await RunFolder.survey(path, true);
    expect(filesOf(path)).toContain('manifest.json');
    await folder.begin({ ...SETTINGS, fingerprint: 'xyz' });
    await folder.close();
    expect(filesOf(path)).toEqual([...mine, 'recipe.json', 'run.jsonl'].sort());
    expect(readFileSync(join(path, 'run.jsonl'), 'utf8')).toContain('"xyz"');
  });

  it('begun afresh has no empty folder of sheets left', async () => {
    await finished();
    const folder = await RunFolder.survey(path, true);
    await folder.begin(SETTINGS);
    expect(() => readFileSync(join(path, 'sheets'))).toThrow(/ENOENT/);
  });
});
