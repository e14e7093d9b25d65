// Documents with both their words and their codes, for the methods that are made of two.
import { loadEncoder } from '../../src/encoders/load-encoder.ts';
import { codeMethod } from '../../src/methods/codes.ts';
import type { PairMethod } from '../../src/methods/method.ts';
import { floatCodes } from '../../src/methods/searched-codes.ts';
import { type WordMethods, wordMethods } from '../../src/methods/words.ts';
import type { TextFeature } from '../../src/text/text-feature.ts';
import { textEncoderFiles } from '../encoders/small-encoders.ts';
import { documentText } from '../library/collection.ts';
import { ranking, text } from './features.ts';

const TOPICS = ['sea', 'bread', 'chess'];

/** What the encoder learns from; three a topic are rows, and a fourth, twice the same, whose order is that of their tie keys. */
const LEARNED = [0, 1, 2, 3, 4, 5].flatMap((i) => TOPICS.map((topic) => documentText(topic, i)));
const ROWS = [...LEARNED.slice(0, 9), LEARNED[0]!];

export interface PairWorld {
  readonly words: WordMethods;
  readonly codes: PairMethod<Float32Array>;
  readonly rows: readonly TextFeature[];
  readonly queries: readonly TextFeature[];
  readonly empty: TextFeature;
}

/** @param further documents whose words are indexed but were not there when the encoder learned */
export async function pairWorld(further: readonly string[] = []): Promise<PairWorld> {
  const rows = [...ROWS, ...further].map(text);
  const encoder = await loadEncoder(await textEncoderFiles(LEARNED.map(text)), { device: 'cpu' });
  const items = ranking(rows.length);
  return {
    words: wordsOf(rows),
    codes: codeMethod({
      name: 'ae',
      encoder,
      codes: floatCodes(await encoder.encode(rows), items, encoder.dimensions),
    }),
    rows,
    queries: LEARNED.slice(9, 12).map(text),
    empty: text('unheard-of'),
  };
}

function wordsOf(rows: readonly TextFeature[]): WordMethods {
  const terms = [...new Set(rows.flatMap((row) => row.terms))];
  const ids = new Map(terms.map((term, id) => [term, id]));
  const entries = rows.map((row) =>
    row.terms.map((term, i) => [ids.get(term)!, row.counts[i]!] as const).sort(([a], [b]) => a - b),
  );
  const indptr = new Uint32Array(rows.length + 1);
  entries.forEach((row, r) => {
    indptr[r + 1] = indptr[r]! + row.length;
  });
  return wordMethods(
    {
      ...ranking(rows.length),
      indptr,
      termIds: Uint32Array.from(entries.flat(), ([id]) => id),
      counts: Uint16Array.from(entries.flat(), ([, count]) => count),
    },
    {
      ids: (words) => new Map([...words].flatMap((word) => (ids.has(word) ? [[word, ids.get(word)!] as const] : []))),
      words: (numbers) => numbers.map((number) => terms[number]!),
    },
  );
}
