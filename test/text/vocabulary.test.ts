import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countTerms } from '../../src/text/tokenize.ts';
import { chooseVocabulary, documentFrequencies, Vocabulary } from '../../src/text/vocabulary.ts';

const WORDS = ['glass', 'sand', '电影'];
const whole = new Vocabulary(WORDS, { documentFrequencies: [5, 4, 3], documents: 10 });

describe('a broken vocabulary file', () => {
  const lines = whole.serialise().split('\n');
  test.each([
    ['that is empty', ''],
    ['of another kind', '{"words": []}\n'],
    ['of a newer format', whole.serialise().replace('\t1\t', '\t2\t')],
    ['cut in a line', whole.serialise().slice(0, -3)],
    ['cut after a line', `${lines.slice(0, 3).join('\n')}\n`],
    ['with a line too many', `${whole.serialise()}more\t1\n`],
    ['without a frequency', whole.serialise().replace('sand\t4', 'sand')],
    ['with a word twice', whole.serialise().replace('sand', 'glass')],
  ])('%s is refused', (_, serialised) => {
    expect(() => Vocabulary.parse(serialised, 'words.tsv')).toThrow(
      expect.objectContaining({ code: 'ENCODER_BROKEN', path: 'words.tsv' }),
    );
  });

  test('cut anywhere is refused', () => {
    const serialised = whole.serialise();
    for (let length = 0; length < serialised.length; length++) {
      expect(() => Vocabulary.parse(serialised.slice(0, length))).toThrow(
        expect.objectContaining({ code: 'ENCODER_BROKEN' }),
      );
    }
  });
});

describe('Vocabulary', () => {
  test('refuses a word that comes twice and statistics of another length', () => {
    expect(() => new Vocabulary(['a', 'a'])).toThrow(RangeError);
    expect(() => new Vocabulary(['a'], { documentFrequencies: [1, 2], documents: 2 })).toThrow(RangeError);
  });

  test('finds the place of a word, and -1 for another, whatever it is called', () => {
    expect(WORDS.map((word) => whole.indexOf(word))).toEqual([0, 1, 2]);
    expect(whole.indexOf('constructor')).toBe(-1);
  });

  test('counts the words it knows, by ascending place', () => {
    const feature = countTerms('电影 sand unknown sand 电影 sand', { pieces: false });
    expect(whole.toCounts(feature)).toEqual({ indices: Uint32Array.of(1, 2), counts: Uint16Array.of(3, 2) });
    expect(whole.knownShare(feature)).toBeCloseTo(5 / 6);
  });

  test('knows nothing of a document of other words, or of none', () => {
    for (const text of ['other words', '']) {
      expect(whole.toCounts(countTerms(text)).indices).toHaveLength(0);
      expect(whole.knownShare(countTerms(text))).toBe(0);
    }
  });

  test('keeps the largest counts and the last of many places', () => {
    const many = new Vocabulary(Array.from({ length: 70_000 }, (_, i) => `w${i}`));
    const feature = { kind: 'text', terms: ['w69999', 'w0'], counts: Uint16Array.of(65_535, 1) } as const;
    expect(many.toCounts(feature)).toEqual({ indices: Uint32Array.of(0, 69_999), counts: Uint16Array.of(1, 65_535) });
  });

  test('comes back whole from its file', () => {
    const words = fc.uniqueArray(fc.stringMatching(/^[\p{L}\p{N}]+$/u), { maxLength: 20 });
    fc.assert(
      fc.property(words, fc.nat(1_000), (list, documents) => {
        const original = new Vocabulary(list, { documentFrequencies: list.map((_, i) => i + 1), documents });
        const again = Vocabulary.parse(original.serialise());
        expect(again.words).toEqual(original.words);
        expect(again.documentFrequencies).toEqual(original.documentFrequencies);
        expect([again.documents, again.tokenizer, again.hash]).toEqual([documents, original.tokenizer, original.hash]);
      }),
    );
  });

  test('has another hash for another word, order or frequency', () => {
    const hashes = [
      whole,
      new Vocabulary(WORDS),
      new Vocabulary([...WORDS].reverse()),
      new Vocabulary(['glass', 'sand']),
      new Vocabulary(WORDS, { documentFrequencies: [5, 4, 2], documents: 10 }),
    ].map(({ hash }) => hash);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(whole.hash).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('chooseVocabulary', () => {
  const frequencies: [string, number][] = [
    ['everywhere', 10],
    ['often', 8],
    ['b', 3],
    ['a', 3],
    ['rare', 2],
  ];

  test('leaves out what is rare and what is everywhere; commonest first, ties by word', () => {
    const chosen = chooseVocabulary(frequencies, 10);
    expect(chosen.words).toEqual(['often', 'a', 'b']);
    expect(Array.from(chosen.documentFrequencies)).toEqual([8, 3, 3]);
    expect(chosen.documents).toBe(10);
  });

  test('takes the commonest when there are too many', () => {
    expect(chooseVocabulary(frequencies, 10, { size: 2, maxShare: 1 }).words).toEqual(['everywhere', 'often']);
  });

  test('may be empty, as for one document', () => {
    expect(chooseVocabulary([['word', 1]], 1).size).toBe(0);
    expect(chooseVocabulary([['word', 1]], 1, { minDocuments: 1, maxShare: 1 }).words).toEqual(['word']);
  });

  test('does not depend on the order the terms come in', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(frequencies, { minLength: 5 }), (shuffled) => {
        expect(chooseVocabulary(shuffled, 10).hash).toBe(chooseVocabulary(frequencies, 10).hash);
      }),
    );
  });
});

test('documentFrequencies counts each document once', () => {
  const features = ['sand sand glass', 'sand', ''].map((text) => countTerms(text));
  expect(documentFrequencies(features)).toEqual(
    new Map([
      ['sand', 2],
      ['glass', 1],
    ]),
  );
});

describe('a vocabulary of odd folders', () => {
  test('of equal documents has no word that tells them apart, and all of them when asked for', () => {
    const features = Array.from({ length: 20 }, () => countTerms('the same words of sand'));
    const frequencies = documentFrequencies(features);
    expect(chooseVocabulary(frequencies, features.length).size).toBe(0);
    expect(chooseVocabulary(frequencies, features.length, { minDocuments: 1, maxShare: 1 }).words).toEqual([
      'sand',
      'word',
    ]);
  });

  test('of stop words only has these', () => {
    const features = ['to be or not to be', 'The Who'].map((text) => countTerms(text));
    const { words } = chooseVocabulary(documentFrequencies(features), 2, { minDocuments: 1, maxShare: 1 });
    expect(words).toEqual(expect.arrayContaining(['be', 'who']));
  });

  test('of a folder in several languages has the commonest words of each, as each language stems them', () => {
    const features = [
      ...Array.from({ length: 6 }, (_, i) => countTerms(`Häuser am Meer ${i}`, { language: 'de' })),
      ...Array.from({ length: 6 }, (_, i) => countTerms(`houses by the sea ${i}`, { language: 'en' })),
      ...Array.from({ length: 6 }, (_, i) => countTerms(`海边的房子 ${i}`, { language: 'zh' })),
    ];
    const { words } = chooseVocabulary(documentFrequencies(features), features.length);
    expect(words).toEqual(expect.arrayContaining(['haus', 'meer', 'hous', 'sea', '房子', '海']));
  });
});
