import { describe, expect, it } from '@jest/globals';
import type { Method } from '../../src/methods/method.ts';
import { type DocumentWords, pairCosine, wordMethods } from '../../src/methods/words.ts';
import type { WordRegister } from '../../src/text/known-words.ts';
import { documentText } from '../library/collection.ts';
import { itKeepsTheContract, NOT_BOUNDED, NOT_SYMMETRIC } from './conformance.ts';
import { ranking, text } from './features.ts';

const DOCUMENTS = [
  ...[1, 2, 3].flatMap((i) => ['sea', 'bread', 'chess'].map((topic) => documentText(topic, i))),
  // Twice the same, whose order is that of their tie keys.
  documentText('sea', 1),
];

/** Documents as the catalog has them; the numbers of words have gaps. */
function stored(documents: readonly string[]): { words: DocumentWords; register: WordRegister } {
  const ids = new Map<string, number>();
  const wordOf: string[] = [];
  const rows = documents.map((document) => {
    const { terms, counts } = text(document);
    return terms
      .map((term, i) => {
        if (!ids.has(term)) {
          ids.set(term, 2 + ids.size * 3);
          wordOf[ids.get(term)!] = term;
        }
        return [ids.get(term)!, counts[i]!] as const;
      })
      .sort(([a], [b]) => a - b);
  });
  const indptr = Uint32Array.from([
    0,
    ...rows.map((_, i) => rows.slice(0, i + 1).reduce((n, row) => n + row.length, 0)),
  ]);
  return {
    words: {
      ...ranking(documents.length),
      indptr,
      termIds: Uint32Array.from(rows.flat(), ([id]) => id),
      counts: Uint16Array.from(rows.flat(), ([, count]) => count),
    },
    register: {
      ids: (words) => new Map([...words].flatMap((word) => (ids.has(word) ? [[word, ids.get(word)!] as const] : []))),
      words: (numbers) => numbers.map((number) => wordOf[number]!),
    },
  };
}

const both = () => {
  const { words, register } = stored(DOCUMENTS);
  return wordMethods(words, register);
};
const features = {
  rows: DOCUMENTS.map(text),
  queries: [text('the ship of the captain'), text('knead the dough, sailor'), text(documentText('chess', 9))],
  empty: text('xylophone'),
};

itKeepsTheContract('bow', () => ({ method: both().bow, ...features }));
itKeepsTheContract('tfidf', () => ({ method: both().tfidf, ...features }));
itKeepsTheContract('bm25', () => ({ method: both().bm25, ...features }), { ...NOT_SYMMETRIC, ...NOT_BOUNDED });

describe('Words', () => {
  it('that all documents have weigh nothing in tfidf, and as much as others in bow', () => {
    const { words, register } = stored(['sail everywhere', 'bread everywhere', 'chess everywhere']);
    const { bow, tfidf } = wordMethods(words, register);
    const scoreOf = async (method: typeof bow) => {
      const [query] = await method.represent([text('sail everywhere')]);
      return Array.from(method.scores(query!));
    };
    return Promise.all([scoreOf(bow), scoreOf(tfidf)]).then(([counted, weighed]) => {
      expect(counted[1]).toBeCloseTo(0.5, 6);
      expect(weighed[1]).toBeLessThan(0.4);
      expect(weighed[0]).toBeCloseTo(1, 6);
    });
  });

  it('that two documents share are told, the weightiest first', () => {
    const { sharedWords } = both();
    const shared = sharedWords(text('a storm on deck'), text('the deck in the storm, the ship')).map(
      ({ term }) => term,
    );
    expect(shared.sort()).toEqual(['deck', 'storm']);
  });

  it('are counted over whole documents only, where passages are ranked too', async () => {
    const { words, register } = stored(['ship sail bread', 'bread dough', 'ship sail', 'ship sail bread']);
    const parts = Int32Array.of(0, 0, 7, 0);
    const mixed = wordMethods({ ...words, parts }, register);
    const { words: whole, register: wholeRegister } = stored(['ship sail bread', 'bread dough', 'ship sail bread']);
    const plain = wordMethods(whole, wholeRegister);
    expect(mixed.bm25.items.parts).toBe(parts);
    for (const name of ['bow', 'tfidf', 'bm25'] as const) {
      const scoresOf = async (method: Method) =>
        Array.from(method.scores((await method.represent([text('the ship and its bread')]))[0]));
      const [a, b] = [await scoresOf(mixed[name] as Method), await scoresOf(plain[name] as Method)];
      [a[0], a[1], a[3]].forEach((score, row) => {
        expect(score).toBeCloseTo(b[row]!, 6);
      });
    }
  });

  it('of no document at all make methods that find nothing', async () => {
    const { words, register } = stored([]);
    const { tfidf } = wordMethods(words, register);
    const [query] = await tfidf.represent([text('ship')]);
    expect(tfidf.isEmpty(query!)).toBe(true);
    expect(tfidf.search(query!, 10)).toEqual([]);
    expect(tfidf.bytesPerItem).toBe(0);
  });
});

describe('Two documents by themselves', () => {
  const cosine = (a: string, b: string) => pairCosine().similarity(text(a), text(b));

  it('are as alike as the worked example says, whose every word counts', () => {
    // Its words "to" and "also" are stop words of the tokenizer, so the bags are given.
    const first = {
      kind: 'text',
      terms: ['john', 'likes', 'to', 'watch', 'movies', 'mary', 'too'],
      counts: Uint16Array.of(1, 2, 1, 1, 1, 1, 1),
    } as const;
    const second = {
      kind: 'text',
      terms: ['john', 'likes', 'to', 'watch', 'also', 'football', 'games'],
      counts: Uint16Array.of(1, 1, 1, 1, 1, 1, 1),
    } as const;
    expect(
      pairCosine().similarity({ ...first, terms: [...first.terms] }, { ...second, terms: [...second.terms] }),
    ).toBeCloseTo(5 / Math.sqrt(70), 6);
  });

  it('have 1 when they are the same, 0 when they share no word or have none', () => {
    expect(cosine('a red ship', 'red ship')).toBeCloseTo(1, 6);
    expect(cosine('red ship', 'blue boat')).toBe(0);
    expect(cosine('', 'blue boat')).toBe(0);
    expect(pairCosine().isEmpty(text(''))).toBe(true);
  });
});
