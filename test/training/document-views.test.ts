// What the text recipe's steps see: masked views of documents and of their neighbours, and the words to bring back.
import { describe, expect, it } from '@jest/globals';
import type { BagsOfWords } from '../../src/training/bags-of-words.ts';
import { DocumentViews, type ViewSettings } from '../../src/training/document-views.ts';
import { BatchOrder, planEpochs } from '../../src/training/epochs.ts';
import { BestOfEachRow } from '../../src/training/nearest-documents.ts';
import { Random } from '../../src/training/random.ts';

const ROWS = 4;
const WORDS_EACH = 20;
/** Document r has the words 20·r … 20·r + 19, all of one weight. */
const BAGS: BagsOfWords = {
  rows: ROWS,
  vocabularySize: ROWS * WORDS_EACH,
  indptr: Uint32Array.from({ length: ROWS + 1 }, (_, row) => row * WORDS_EACH),
  indices: Uint32Array.from({ length: ROWS * WORDS_EACH }, (_, i) => i),
  counts: new Uint16Array(ROWS * WORDS_EACH).fill(1),
};
const UNIT = new Float32Array(ROWS * WORDS_EACH).fill(1 / Math.sqrt(WORDS_EACH));
const ALL: ViewSettings = {
  leastMasking: 0,
  masking: 0,
  viewWords: 40,
  inputLength: 8,
  neighbourWeight: 0.8,
  ownView: 0,
};

function draw(settings: Partial<ViewSettings>, pairs: readonly (readonly [number, number])[] = [], steps = 2) {
  const neighbours = new BestOfEachRow(ROWS, 1);
  for (const [row, other] of pairs) neighbours.offer(row, other, 1);
  const order = new BatchOrder(planEpochs(ROWS, ROWS, steps), new Random(1));
  const drawn = new DocumentViews(BAGS, UNIT, neighbours, order, new Random(2), { ...ALL, ...settings }).next(0, steps);
  const rows = (name: string) => {
    const { data, shape } = drawn[name]!;
    const width = shape.at(-1)!;
    return Array.from({ length: data.length / width }, (_, i) =>
      Array.from(data.subarray(i * width, (i + 1) * width) as Float32Array),
    );
  };
  return {
    drawn,
    words: rows('words'),
    weights: rows('wordWeights'),
    targets: rows('targetPositions'),
    shares: rows('targetWeights'),
  };
}

/** The document a view is of; -1 for an empty view. */
const documentOf = (words: readonly number[], weights: readonly number[]) =>
  weights[0] === 0 ? -1 : Math.floor(words[0]! / WORDS_EACH);

describe('views of documents', () => {
  it('are of the document itself where it has no neighbour', () => {
    const { drawn, words, weights } = draw({});
    expect(drawn.words!.shape).toEqual([2, 2 * ROWS, 40]);
    for (const step of [0, 1]) {
      for (let i = 0; i < ROWS; i++) {
        const [first, second] = [step * 2 * ROWS + i, (step * 2 + 1) * ROWS + i];
        expect(documentOf(words[second]!, weights[second]!)).toBe(documentOf(words[first]!, weights[first]!));
      }
    }
  });

  it('are of a neighbour second, and of the document itself as often as is asked', () => {
    const pairs = [
      [0, 1],
      [1, 0],
      [2, 3],
      [3, 2],
    ] as const;
    const partners = (ownView: number) => {
      const { words, weights } = draw({ ownView }, pairs, 1);
      return Array.from({ length: ROWS }, (_, i) => [i, ROWS + i].map((at) => documentOf(words[at]!, weights[at]!)));
    };
    for (const [own, other] of partners(0)) expect(pairs).toContainEqual([own, other]);
    for (const [own, other] of partners(1)) expect(other).toBe(own);
  });

  it('lose as many words as masking says, hold no more than fit, and have the same length', () => {
    const kept = (settings: Partial<ViewSettings>) =>
      draw(settings, [], 50).weights.map((row) => row.filter((weight) => weight !== 0));
    const mean = (views: number[][]) => views.reduce((sum, { length }) => sum + length, 0) / views.length;
    expect(mean(kept({}))).toBe(WORDS_EACH);
    expect(mean(kept({ leastMasking: 0.75, masking: 0.75 }))).toBeCloseTo(5, 0);
    const capped = kept({ viewWords: 10 });
    expect(Math.max(...capped.map(({ length }) => length))).toBeLessThanOrEqual(10);
    for (const view of capped) if (view.length > 0) expect(Math.hypot(...view)).toBeCloseTo(8, 4);
  });

  it('shall bring back the words of the document and of its neighbour, a distribution for each', () => {
    const { targets, shares } = draw(
      {},
      [
        [0, 1],
        [1, 0],
        [2, 3],
        [3, 2],
      ],
      1,
    );
    const size = BAGS.vocabularySize;
    for (let i = 0; i < ROWS; i++) {
      const ofDocument = new Map<number, number>();
      targets[0]!.forEach((position, at) => {
        if (Math.floor(position / size) !== i || shares[0]![at] === 0) return;
        const document = Math.floor((position % size) / WORDS_EACH);
        ofDocument.set(document, (ofDocument.get(document) ?? 0) + shares[0]![at]!);
      });
      expect([...ofDocument.values()].sort()).toEqual([expect.closeTo(0.2, 5), expect.closeTo(0.8, 5)]);
    }
  });
});
