// Codes of an index in fewer bytes: what is kept, what is answered, what follows when the form changes.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Catalog } from '../../src/index/catalog.ts';
import { storeEncoder } from '../../src/index/encoder-files.ts';
import { type IndexLayout, indexLayout } from '../../src/index/layout.ts';
import { type CodePrecision, importIndex, type Sandglass } from '../../src/sandglass.ts';
import { type HeldFiles, imageEncoderFiles, textEncoderFiles } from '../encoders/small-encoders.ts';
import { drawn, text } from '../methods/features.ts';
import {
  add,
  cleanUp,
  documents,
  documentText,
  indexed,
  opened,
  picture,
  pictures,
  rejectionOf,
  TOPICS,
  temporaryFolder,
  write,
} from './collection.ts';

const PICTURES = 14;
const METHODS = ['ae', 'ae-turned', 'ae-bits', 'phash', 'pixels'];
const SHORTER: readonly { codes: CodePrecision; file: string; bytes: number }[] = [
  { codes: 'float16', file: 'float16', bytes: 32 },
  { codes: 'int8', file: 'int8', bytes: 20 },
  { codes: 'bits', file: 'signs', bytes: 2 },
];

let encoder: HeldFiles;

beforeAll(async () => {
  encoder = await imageEncoderFiles(await Promise.all(Array.from({ length: 20 }, (_, i) => drawn(i))));
});
afterEach(cleanUp);

interface World {
  readonly folder: string;
  readonly index: Sandglass;
  readonly layout: IndexLayout;
  readonly fingerprint: string;
}

/** An index of pictures with an encoder that answers, whose code files and graph are wanted from a few codes on. */
async function world(): Promise<World> {
  const folder = await pictures(PICTURES);
  const index = await indexed(folder);
  const layout = indexLayout(index.directory);
  const fingerprint = await storeEncoder(layout, encoder);
  using catalog = Catalog.open(layout);
  catalog.settings.set('code-files-from', 1);
  catalog.settings.set('graph-from', 10);
  catalog.encoders.add({ method: 'ae', kind: 'image', fingerprint, form: 'float32', dimensions: 16 });
  catalog.close();
  await add(index);
  return { folder, index, layout, fingerprint };
}

/** The forms of the code files of the auto-encoder. */
function formsOnDisk({ layout, fingerprint }: World): string[] {
  return readdirSync(layout.codes)
    .filter((name) => name.startsWith(fingerprint))
    .map((name) => /-code-(.+)\.codes$/.exec(name)![1]!);
}

async function answers(folder: string, index: Sandglass, exact = false) {
  const all = [];
  for (const method of METHODS) {
    const { hits } = await index.query({ file: join(folder, '3.png') }, { method, k: 20, exact });
    all.push({ method, hits: hits.map(({ path, score }) => ({ path, score })) });
  }
  return all;
}

async function compared(index: Sandglass) {
  return (await index.status()).encoders.find(({ method }) => method === 'ae')!.compared;
}

describe('A form of codes that there is not', () => {
  it('is refused, and nothing is changed', async () => {
    const { index } = await world();
    const error = await rejectionOf(add(index, [], { codes: 'int4' as CodePrecision }));
    expect(error.code).toBe('SETTING_INVALID');
    expect(error.message).toContain('Expected one of float32, float16, int8, bits for codes but received "int4"');
    expect((await compared(index))?.form).toBe('float32');
  });
});

describe.each(SHORTER)('Codes compared as $codes', ({ codes, file, bytes }) => {
  it('are kept in that form alone, answer as floats do, and say that they may miss a hit', async () => {
    const made = await world();
    const { folder, index, layout } = made;
    const expected = await answers(folder, index, true);
    expect(readdirSync(layout.hnsw)).toHaveLength(2);
    await add(index, [], { codes });
    expect(new Set(formsOnDisk(made))).toEqual(new Set([file, 'signs']));
    // It would hold the floats.
    expect(readdirSync(layout.hnsw)).toEqual([]);
    // So few codes are all candidates.
    expect(await answers(folder, index)).toEqual(expected);
    expect(await answers(folder, index, true)).toEqual(expected);
    const asked = await index.query({ file: join(folder, '3.png') }, { method: 'ae' });
    expect(asked.approximate).toBe(true);
    const exact = await index.query({ file: join(folder, '3.png') }, { method: 'ae', exact: true });
    expect(exact.approximate).toBe(false);
    rmSync(layout.codes, { recursive: true });
    expect(await answers(folder, await opened(index.directory))).toEqual(expected);
  });

  it('are told by status with their bytes and what they find, as long as that was measured of these codes', async () => {
    const { folder, index, layout } = await world();
    const floatBytes = PICTURES * 64;
    expect(await compared(index)).toEqual({ form: 'float32', bytes: floatBytes, floatBytes });
    await add(index, [], { codes });
    expect(await compared(index)).toEqual({ form: codes, bytes: PICTURES * bytes, floatBytes, recall: 1 });
    {
      using catalog = Catalog.open(layout);
      const { id } = catalog.encoders.active('ae', 'image')!;
      const [itemId] = catalog.codes.read(id).ids;
      catalog.codes.put(id, [itemId!], catalog.codes.get(id, itemId!)!);
    }
    expect(await compared(index)).not.toHaveProperty('recall');
    write(folder, 'new.png', await picture(77));
    await add(index);
    expect(await compared(index)).toMatchObject({ bytes: (PICTURES + 1) * bytes, recall: 1 });
  });

  it('are whole for verify, stay through gc, and go back to floats', async () => {
    const made = await world();
    const { folder, index, layout } = made;
    const expected = await answers(folder, index, true);
    await add(index, [], { codes });
    await index.collectGarbage();
    expect(new Set(formsOnDisk(made))).toEqual(new Set([file, 'signs']));
    const { clean, notes, checked } = await index.verify({ deep: true });
    expect({ clean, notes, graphs: checked.graphs }).toEqual({ clean: true, notes: [], graphs: 0 });
    await add(index, [], { codes: 'float32' });
    expect(new Set(formsOnDisk(made))).toEqual(new Set(['float32', 'signs']));
    expect(readdirSync(layout.hnsw)).toHaveLength(2);
    expect(await answers(folder, index, true)).toEqual(expected);
    expect(await compared(index)).toEqual({ form: 'float32', bytes: PICTURES * 64, floatBytes: PICTURES * 64 });
  });

  it('are compared so in a backup and in what is made of an export', async () => {
    const { folder, index } = await world();
    await add(index, [], { codes });
    const expected = await answers(folder, index);
    const [backup, exported, imported] = ['backup', 'exported', 'imported'].map((name) =>
      join(temporaryFolder(), name),
    ) as [string, string, string];
    await index.backup(backup);
    await index.export(exported);
    await importIndex(exported, imported);
    for (const copy of [backup, imported]) {
      const other = await opened(copy);
      expect((await compared(other))?.form).toBe(codes);
      expect(await answers(folder, other)).toEqual(expected);
      // Measured of another catalog.
      expect(await compared(other)).not.toHaveProperty('recall');
    }
  });
});

describe('Codes of passages', () => {
  it('are compared in fewer bytes beside those of documents, and looked up as floats', async () => {
    const folder = documents(8);
    const paragraphs = Array.from({ length: 20 }, (_, i) => `${documentText('sea', 200 + i)}.`);
    write(folder, 'long.txt', paragraphs.join('\n\n'));
    const index = await indexed(folder);
    const layout = indexLayout(index.directory);
    const learned = Object.keys(TOPICS).flatMap((topic) => [0, 1, 2, 3, 4, 5].map((i) => text(documentText(topic, i))));
    const fingerprint = await storeEncoder(layout, await textEncoderFiles(learned));
    {
      using catalog = Catalog.open(layout);
      catalog.encoders.add({ method: 'ae', kind: 'text', fingerprint, form: 'float32', dimensions: 16 });
    }
    await add(index);
    const ask = async (exact: boolean) =>
      (await index.query({ text: paragraphs[7]! }, { method: 'ae', k: 5, exact })).hits.map(
        ({ path, score, passage }) => ({ path, score, passage }),
      );
    const expected = await ask(true);
    expect(expected.some(({ passage }) => passage !== undefined)).toBe(true);
    for (const { codes } of SHORTER) {
      await add(index, [], { codes });
      expect(await ask(false)).toEqual(expected);
      for (const method of ['hybrid', 'cascade'])
        expect((await index.query({ text: paragraphs[7]! }, { method, k: 5 })).hits[0]!.path).toBe(
          join(folder, 'long.txt'),
        );
    }
  });
});
