import { describe, expect, it } from '@jest/globals';
import { minhashMethod } from '../../src/methods/minhash.ts';
import { shingleHashes } from '../../src/text/shingles.ts';
import type { TextFeature } from '../../src/text/text-feature.ts';
import { documentText } from '../library/collection.ts';
import { itKeepsTheContract, NOT_SYMMETRIC } from './conformance.ts';
import { ranking, text } from './features.ts';

const withText = (words: string): TextFeature => ({ ...text(words), text: words });

function methodOf(documents: readonly string[]) {
  const rows = documents.map(shingleHashes);
  const indptr = new Uint32Array(rows.length + 1);
  rows.forEach((row, r) => {
    indptr[r + 1] = indptr[r]! + row.length;
  });
  return minhashMethod({
    ...ranking(documents.length),
    indptr,
    hashes: Uint32Array.from(rows.flatMap((row) => [...row])),
  });
}

/** `count` words that no other `seed` has. */
function words(seed: number, count: number): string {
  return Array.from({ length: count }, (_, i) => `w${seed}x${i}`).join(' ');
}

const DOCUMENTS = [
  ...[1, 2, 3].flatMap((i) => ['sea', 'bread', 'chess'].map((topic) => documentText(topic, i))),
  // Twice the same, whose order is that of their tie keys.
  documentText('sea', 1),
];

itKeepsTheContract(
  'minhash',
  () => ({
    method: methodOf(DOCUMENTS),
    rows: DOCUMENTS.map(withText),
    queries: [
      withText(`${documentText('sea', 1)} ${words(1, 40)}`),
      withText(documentText('bread', 2).slice(20)),
      withText('only a word'),
    ],
    empty: withText(' … '),
  }),
  NOT_SYMMETRIC,
);

describe('Verbatim reuse', () => {
  it('is refused bags of words, which do not say what follows what', async () => {
    await expect(methodOf(DOCUMENTS).represent([text('a bag of words')])).rejects.toThrow(/with their text/);
  });

  it('is searched in an empty index without an error', async () => {
    const method = methodOf([]);
    const [query] = await method.represent([withText('a question')]);
    expect(method.search(query!, 10)).toEqual([]);
    expect(method.bytesPerItem).toBe(0);
  });

  it('finds the one document that holds a passage of 50 words, and no other', async () => {
    const documents = Array.from({ length: 40 }, (_, i) => words(i, 300 + 50 * i));
    const method = methodOf(documents);
    for (const [row, document] of documents.entries()) {
      const passage = document.split(' ').slice(17, 67).join(' ');
      const [query] = await method.represent([withText(`${words(100, 120)} ${passage} ${words(101, 330)}`)]);
      const found = method.search(query!, 3);
      expect(found[0]!.row).toBe(row);
      expect(found[0]!.score).toBeGreaterThan(0.04);
      expect(found[1]!.score).toBe(0);
    }
  });

  it('finds a copy before a digest that holds the copy and more', async () => {
    const post = words(1, 80);
    const method = methodOf([`${words(2, 200)} ${post} ${words(3, 500)}`, post, words(4, 90)]);
    const [query] = await method.represent([withText(post)]);
    expect(method.search(query!, 3).map(({ row }) => row)).toEqual([1, 0, 2]);
  });

  it('finds documents that are all alike', async () => {
    const method = methodOf(Array.from({ length: 300 }, () => words(1, 60)));
    const [query] = await method.represent([withText(words(1, 60))]);
    expect(method.search(query!, 300).every(({ score }) => score > 0.9999)).toBe(true);
  });
});
