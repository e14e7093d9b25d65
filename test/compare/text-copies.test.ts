// Damaged copies of documents, made by the corruptions that ship.
import { describe, expect, test } from '@jest/globals';
import { copyRandom, type KnownItem, runLabelFree } from '../../src/compare/label-free.ts';
import { textCopyKinds } from '../../src/compare/text-copies.ts';
import { SandglassError } from '../../src/errors.ts';
import { TEXT_CORRUPTIONS } from '../../src/text/corrupt-text.ts';
import type { TextFeature } from '../../src/text/text-feature.ts';
import { AnglePoints, rankingOf } from './points.ts';

const ITEM: KnownItem = { id: 100, heldOut: true };
const STORY = Array.from({ length: 200 }, (_, word) => `word${word % 70}`).join(' ');

function wordCounts(text: string): TextFeature {
  const counts = new Map<string, number>();
  for (const word of text.toLowerCase().match(/[a-z0-9]+/g) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1);
  return { kind: 'text', terms: [...counts.keys()], counts: Uint16Array.from(counts.values()) };
}

describe('textCopyKinds', () => {
  test('passes on why a document could not be read', async () => {
    const gone = new SandglassError('FILE_VANISHED', 'The file is gone', { path: 'a.txt' });
    const kinds = textCopyKinds(TEXT_CORRUPTIONS, { read: () => Promise.reject(gone), feature: wordCounts });
    const outcome = await runLabelFree({ methods: [new AnglePoints([[1, 1]])], items: [ITEM], kinds, seed: 1 });
    expect(outcome).toMatchObject({ failed: TEXT_CORRUPTIONS.length, firstFailure: { code: 'FILE_VANISHED' } });
  });

  test('makes no copy of a document without words', async () => {
    const kinds = textCopyKinds(TEXT_CORRUPTIONS, { read: async () => ' … ', feature: wordCounts });
    const drawn = kinds
      .filter(({ name }) => name !== 'boilerplate')
      .map((kind) => kind.copy(ITEM, copyRandom(1, ITEM, kind)));
    expect(await Promise.all(drawn)).toEqual(drawn.map(() => undefined));
  });

  test('makes no halves of one word', async () => {
    const kinds = textCopyKinds(TEXT_CORRUPTIONS, { read: async () => 'alone', feature: wordCounts });
    const half = kinds.find(({ name }) => name === 'half')!;
    expect(await half.copy(ITEM, copyRandom(1, ITEM, half))).toBeUndefined();
  });

  test('holds out at least a third of the kinds, and reads a document once for all of them', async () => {
    let reads = 0;
    const read = async () => {
      reads++;
      return STORY;
    };
    const kinds = textCopyKinds(TEXT_CORRUPTIONS, { read, feature: wordCounts });
    const outcome = await runLabelFree({
      methods: [
        new AnglePoints(
          [
            [1, 1],
            [2, 1],
          ],
          rankingOf(2),
        ),
      ],
      items: [ITEM],
      kinds,
      seed: 1,
    });
    expect(reads).toBe(1);
    expect(outcome.queries.map(({ kind }) => kind)).toEqual(TEXT_CORRUPTIONS.map(({ name }) => name));
  });

  test('asks with one half for the other', async () => {
    const kinds = textCopyKinds(TEXT_CORRUPTIONS, { read: async () => 'one two three four', feature: wordCounts });
    const half = kinds.find(({ name }) => name === 'half')!;
    const copy = await half.copy(ITEM, copyRandom(1, ITEM, half));
    expect(copy).toMatchObject({ feature: { terms: ['one', 'two'] }, standIn: { terms: ['three', 'four'] } });
    expect(await copy!.preview!()).toEqual({ snippet: expect.stringContaining('one') });
  });
});
