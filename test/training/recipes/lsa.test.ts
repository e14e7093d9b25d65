// Latent semantic analysis: what it refuses, what its files compute, how few directions it makes do with.
import { describe, expect, it } from '@jest/globals';
import { openSession } from '../../../src/runtime/onnx-session.ts';
import { type BagsOfWords, inverseDocumentFrequencies, unitLogTfIdf } from '../../../src/training/bags-of-words.ts';
import { Random } from '../../../src/training/random.ts';
import { fitLsa } from '../../../src/training/recipes/lsa.ts';
import { sparseTimesDense } from '../../../src/training/sparse-product.ts';
import { truncatedSvd } from '../../../src/training/truncated-svd.ts';
import { encodeBags } from '../../../src/training/word-input.ts';

const TOPICS = 4;
const OF_EACH_TOPIC = 12;
const WORDS = TOPICS * OF_EACH_TOPIC;

/** Documents of eight words, mostly of one topic; every tenth is empty. */
function documents(rows: number): BagsOfWords {
  const random = new Random(4);
  const indptr = [0];
  const indices: number[] = [];
  for (let row = 0; row < rows; row++) {
    const own = random.permutation(OF_EACH_TOPIC).subarray(0, 6);
    const words = new Set(Array.from(own, (word) => (row % TOPICS) * OF_EACH_TOPIC + word));
    while (words.size < 8) words.add(random.integer(WORDS));
    if (row % 10 !== 9) indices.push(...[...words].sort((a, b) => a - b));
    indptr.push(indices.length);
  }
  return {
    rows,
    vocabularySize: WORDS,
    indptr: Uint32Array.from(indptr),
    indices: Uint32Array.from(indices),
    counts: Uint16Array.from(indices, () => 1 + random.integer(4)),
  };
}

async function decoded(model: Uint8Array, data: Float32Array, width: number): Promise<Float32Array> {
  const session = await openSession(model, { device: 'cpu', threads: 1 });
  try {
    const results = await session.run({ code: { data, shape: [data.length / width, width] } });
    return Object.values(results)[0]!.data as Float32Array;
  } finally {
    await session.release();
  }
}

describe('Latent semantic analysis', () => {
  const bags = documents(100);

  it('refuses fewer than two documents with words, and stops when it is told to', async () => {
    await expect(fitLsa(documents(1))).rejects.toMatchObject({ code: 'TRAINING_TOO_SMALL' });
    await expect(fitLsa(bags, {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('has an encoder that computes the weighted words along the directions, and a decoder that takes them back', async () => {
    const { lsa } = await fitLsa(bags, { codeSize: 6 });
    expect(lsa).toMatchObject({ codeSize: 6, recipe: { name: 'lsa', codeSize: 6, documents: 90, seed: 1 } });
    // The idf is that of the documents with words.
    const full = { ...bags, rows: 90, indptr: bags.indptr.filter((_, row) => row % 10 !== 0 || row === 0) };
    const values = unitLogTfIdf(bags, inverseDocumentFrequencies(full));
    const matrix = { ...bags, columns: WORDS, values };
    const { directions } = await truncatedSvd(matrix, 6);
    const columns = new Float32Array(directions.length);
    for (let word = 0; word < WORDS; word++)
      for (let i = 0; i < 6; i++) columns[word * 6 + i] = directions[i * WORDS + word]!;
    const expected = sparseTimesDense(matrix, columns, 6);
    const codes = await encodeBags(lsa.encoder, bags, 6, { device: 'cpu' });
    codes.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 3);
    });
    const weights = await decoded(lsa.decoder!, codes, 6);
    let [missed, all] = [0, 0];
    for (let row = 0; row < bags.rows; row++) {
      for (let i = bags.indptr[row]!; i < bags.indptr[row + 1]!; i++) {
        missed += (values[i]! - weights[row * WORDS + bags.indices[i]!]!) ** 2;
        all += values[i]! ** 2;
      }
    }
    expect(missed / all).toBeLessThan(0.5);
  });

  it('has bits that are balanced and tell topics apart', async () => {
    const { itq } = await fitLsa(bags, { codeSize: 32, bits: 16 });
    expect(itq).toMatchObject({ codeSize: 16, recipe: { name: 'lsa-itq', bits: 16, rotations: 50 } });
    const codes = await encodeBags(itq!.encoder, bags, 16, { device: 'cpu' });
    const filled = Array.from({ length: bags.rows }, (_, row) => row).filter((row) => row % 10 !== 9);
    const alike = { same: 0, sames: 0, other: 0, others: 0 };
    for (const a of filled)
      for (const b of filled) {
        if (a >= b) continue;
        let equal = 0;
        for (let i = 0; i < 16; i++) if (codes[a * 16 + i]! > 0 === codes[b * 16 + i]! > 0) equal++;
        if (a % TOPICS === b % TOPICS) {
          alike.same += equal;
          alike.sames++;
        } else {
          alike.other += equal;
          alike.others++;
        }
      }
    expect(alike.same / alike.sames).toBeGreaterThan(alike.other / alike.others + 1.5);
    for (let i = 0; i < 16; i++) {
      const ones = filled.filter((row) => codes[row * 16 + i]! > 0).length / filled.length;
      expect(Math.abs(ones - 0.5)).toBeLessThan(0.35);
    }
  });

  it('makes do with the directions there are: fewer numbers, bits in eights, or none', async () => {
    const few = await fitLsa(documents(12), { codeSize: 128, bits: 64 });
    expect(few.lsa.codeSize).toBe(11);
    expect(few.singularValues).toHaveLength(11);
    expect(few.itq!.codeSize).toBe(8);
    const fewer = await fitLsa(documents(6));
    expect(fewer.lsa.codeSize).toBe(6);
    expect(fewer.itq).toBeUndefined();
  });

  it('is the same for the same seed', async () => {
    const [first, again] = [await fitLsa(bags, { codeSize: 8 }), await fitLsa(bags, { codeSize: 8 })];
    expect(first.lsa.encoder).toEqual(again.lsa.encoder);
    expect(first.itq!.encoder).toEqual(again.itq!.encoder);
  });
});
