// A newly trained encoder takes the place of the one that answers only when it finds originals better.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DECODER_MODEL, ENCODER_MODEL, VOCABULARY, withManifest } from '../../src/encoders/manifest.ts';
import { Catalog } from '../../src/index/catalog.ts';
import { storeEncoder } from '../../src/index/encoder-files.ts';
import { type IndexLayout, indexLayout } from '../../src/index/layout.ts';
import { wordsToLearn } from '../../src/library/training-data.ts';
import { AUTO_ENCODER } from '../../src/library/workspace.ts';
import type { Sandglass } from '../../src/sandglass.ts';
import { TOKENIZER_VERSION } from '../../src/text/tokenize.ts';
import { fitLsa } from '../../src/training/recipes/lsa.ts';
import { add, cleanUp, documents, indexed } from './collection.ts';

/** Enough for a tenth to tell two encoders apart. */
const PER_TOPIC = 90;

let index: Sandglass;
let layout: IndexLayout;

beforeAll(async () => {
  index = await indexed(documents(PER_TOPIC), { train: 'never' });
  layout = indexLayout(index.directory);
});
afterAll(cleanUp);

async function inCatalog<T>(work: (catalog: Catalog) => T | Promise<T>): Promise<T> {
  const catalog = Catalog.open(layout);
  try {
    return await work(catalog);
  } finally {
    catalog.close();
  }
}

const active = () => inCatalog((catalog) => catalog.encoders.active(AUTO_ENCODER, 'text'));

/** An encoder with as few numbers as that, as a run leaves one that dies before any item has its code. */
function leavePoorEncoder(codeSize: number): Promise<string> {
  return inCatalog(async (catalog) => {
    const { vocabulary, bags } = wordsToLearn(catalog);
    const { lsa } = await fitLsa(bags, { codeSize, seed: 1 });
    const files = withManifest(
      {
        kind: 'text',
        dimensions: codeSize,
        input: { feature: 'bag-of-words', tokenizer: TOKENIZER_VERSION, words: vocabulary.size },
      },
      {
        [ENCODER_MODEL]: lsa.encoder,
        [DECODER_MODEL]: lsa.decoder!,
        [VOCABULARY]: new TextEncoder().encode(vocabulary.serialise()),
      },
    );
    const fingerprint = await storeEncoder(layout, files);
    catalog.encoders.add({ method: AUTO_ENCODER, kind: 'text', fingerprint, form: 'float32', dimensions: codeSize });
    return fingerprint;
  });
}

async function noticesOf(options: Parameters<Sandglass['add']>[1]): Promise<{ notices: string[]; adopted: boolean[] }> {
  const notices: string[] = [];
  for await (const event of index.add([], options)) {
    if (event.phase === 'notice') notices.push(event.text);
    if (event.phase === 'done') return { notices, adopted: event.summary.trained.map(({ adopted }) => adopted) };
  }
  throw new Error('the run did not end');
}

describe('A newly trained encoder', () => {
  it('takes the place of one that finds originals less well, and leaves its place to none that does', async () => {
    const poor = await leavePoorEncoder(2);
    await add(index, [], { train: 'auto' });
    expect((await active())?.fingerprint).toBe(poor);

    const better = await noticesOf({ train: 'always', quality: 'fast', seed: 1 });
    expect(better.notices.join('\n')).toMatch(/takes the place of the present one: it finds originals better/);
    expect(better.adopted).toEqual([true]);
    const trained = await active();
    expect(trained?.fingerprint).not.toBe(poor);

    const left = await leavePoorEncoder(3);
    const worse = await noticesOf({ train: 'auto' });
    expect(worse.notices.join('\n')).toMatch(/The present encoder for text items stays/);
    expect((await active())?.fingerprint).toBe(trained?.fingerprint);
    const known = await inCatalog((catalog) => catalog.encoders.list().map(({ fingerprint }) => fingerprint));
    expect(known).not.toContain(left);
  }, 180_000);
});
