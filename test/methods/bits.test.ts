// Linear codes and codes of bits, through a real encoder that is fitted here.
import { describe, expect, it } from '@jest/globals';
import type { Encoder } from '../../src/encoders/encoder.ts';
import { loadEncoder } from '../../src/encoders/load-encoder.ts';
import { ENCODER_MODEL, VOCABULARY, withManifest } from '../../src/encoders/manifest.ts';
import { packSigns } from '../../src/index/sign-bits.ts';
import { bitMethod } from '../../src/methods/bits.ts';
import { codeMethod } from '../../src/methods/codes.ts';
import { floatCodes } from '../../src/methods/searched-codes.ts';
import { wideBitMethod } from '../../src/methods/wide-bits.ts';
import type { TextFeature } from '../../src/text/text-feature.ts';
import { TOKENIZER_VERSION } from '../../src/text/tokenize.ts';
import { type FittedEncoder, fitLsa } from '../../src/training/recipes/lsa.ts';
import { documentText } from '../library/collection.ts';
import { worldOf } from '../text/world.ts';
import { itKeepsTheContract, NOT_SYMMETRIC } from './conformance.ts';
import { ranking, text } from './features.ts';

const TOPICS = ['sea', 'bread', 'chess'];
const DOCUMENTS = Array.from({ length: 24 }, (_, i) => documentText(TOPICS[i % 3]!, i));
// Twice the same, whose order is that of their tie keys.
const ROWS = [...DOCUMENTS, DOCUMENTS[4]!];
const features = {
  rows: ROWS.map(text),
  queries: [text('the ship of the captain'), text('knead the dough, sailor'), text(documentText('chess', 99))],
  empty: text('xylophone'),
};

/** Fitted to the rows, as `lsa` and `lsa-itq` are to a folder. */
async function encoders(): Promise<{ lsa: Encoder; itq: Encoder }> {
  const world = worldOf(
    features.rows.map(({ terms, counts }) => terms.flatMap((term, i) => Array(counts[i]!).fill(term)).join(' ')),
  );
  const { rows, columns, offsets, indices, counts } = world.matrix;
  const fitted = await fitLsa({ rows, vocabularySize: columns, indptr: offsets, indices, counts }, { bits: 16 });
  const load = ({ encoder, codeSize, recipe }: FittedEncoder) =>
    loadEncoder(
      withManifest(
        {
          kind: 'text',
          dimensions: codeSize,
          input: { feature: 'bag-of-words', tokenizer: TOKENIZER_VERSION, words: columns },
          recipe,
          trainedOn: rows,
          losses: [],
        },
        { [ENCODER_MODEL]: encoder, [VOCABULARY]: new TextEncoder().encode(world.vocabulary.serialise()) },
      ),
      { device: 'cpu' },
    );
  return { lsa: await load(fitted.lsa), itq: await load(fitted.itq!) };
}

async function bits(encoder: Encoder) {
  return packSigns(await encoder.encode(features.rows as TextFeature[]), encoder.dimensions);
}

itKeepsTheContract('lsa', async () => {
  const { lsa: encoder } = await encoders();
  const items = ranking(ROWS.length);
  return {
    method: codeMethod({
      name: 'lsa',
      encoder,
      codes: floatCodes(await encoder.encode(features.rows), items, encoder.dimensions),
    }),
    ...features,
  };
});

itKeepsTheContract(
  'lsa-itq',
  async () => {
    const { itq: encoder } = await encoders();
    const items = ranking(ROWS.length);
    return { method: bitMethod({ name: 'lsa-itq', encoder, items, bits: await bits(encoder) }), ...features };
  },
  NOT_SYMMETRIC,
);

itKeepsTheContract('ae-bits', async () => {
  const { lsa: encoder } = await encoders();
  const items = ranking(ROWS.length);
  const parts = { name: 'ae-bits', encoder, items, bits: await bits(encoder), askWith: 'bits' } as const;
  return { method: bitMethod(parts), ...features };
});

itKeepsTheContract(
  'ae-bits-wide',
  async () => {
    const { lsa: encoder } = await encoders();
    const codes = await encoder.encode(features.rows as TextFeature[]);
    const items = ranking(ROWS.length);
    return { method: wideBitMethod({ name: 'ae-bits-wide', encoder, items, codes }), ...features };
  },
  NOT_SYMMETRIC,
);

describe('Codes of bits', () => {
  it('take a bit a number, in whole bytes', async () => {
    const { itq: encoder } = await encoders();
    const method = bitMethod({ name: 'lsa-itq', encoder, items: ranking(ROWS.length), bits: await bits(encoder) });
    expect(encoder.dimensions).toBe(16);
    expect(method.bytesPerItem).toBe(2);
    expect(method.distance(1)).toBe(0);
    expect(method.distance(-1)).toBe(16);
  });

  it('find documents of the topic first, asked with numbers or with bits', async () => {
    const { itq: encoder } = await encoders();
    const items = ranking(ROWS.length);
    const [query] = await encoder.encode([text(documentText('sea', 77))]).then((codes) => [codes]);
    for (const askWith of ['numbers', 'bits'] as const) {
      const method = bitMethod({ name: 'lsa-itq', encoder, items, bits: await bits(encoder), askWith });
      const found = method.search(query!, 6).map(({ row }) => row % 3);
      expect(found.filter((topic) => topic === 0).length).toBeGreaterThanOrEqual(5);
    }
  });

  it('of a document without a known word are never hits before others', async () => {
    const { itq: encoder } = await encoders();
    const items = ranking(2);
    const codes = await encoder.encode([features.empty, features.rows[0]!]);
    const method = bitMethod({ name: 'lsa-itq', encoder, items, bits: packSigns(codes, encoder.dimensions) });
    const [query] = await method.represent([features.rows[0]!]);
    expect(Array.from(method.scores(query!))).toEqual([0, 1]);
  });
});
