// Text → passages of sub-words that a sentence encoder can take → batches of passages of about the same length.
import { splitPassages } from '../text/passages.ts';
import type { SubwordTokenizer } from './hugging-face-tokenizer.ts';

/** Passages of one document at most: what stands further behind is not read. */
export const MOST_PASSAGES = 8;

/** Characters that one sub-word has at most, on average over a passage: so much of a long text is looked at. */
const CHARACTERS_A_TOKEN = 12;

/** Tokens that go through the network in one run, padding among them: 32 passages of 256. */
const TOKENS_A_BATCH = 8_192;
const ROWS_A_BATCH = 64;

/**
 * The passages of a text, each with all that its model wants around it; an empty text has none. A long one is cut where an
 * index cuts it, so that a passage is the same alone and in its document, and again where the model takes no more; at most
 * {@link MOST_PASSAGES} are made.
 *
 * @param prefix stands before each passage
 * @param maxTokens of a passage
 */
export function passagesOf(tokenizer: SubwordTokenizer, text: string, prefix: string, maxTokens: number): number[][] {
  const { before, after, encode } = tokenizer;
  const room = Math.max(1, maxTokens - before.length - after.length);
  const head = text.slice(0, room * MOST_PASSAGES * CHARACTERS_A_TOKEN).trim();
  if (head === '') return [];
  const spans = splitPassages(head);
  const pieces = spans.length === 0 ? [head] : spans.map(({ start, end }) => head.slice(start, end));
  const passages: number[][] = [];
  for (const piece of pieces) {
    const ids = encode(prefix + piece);
    // The first sub-words are those of the prefix.
    const ofPrefix = prefix === '' || ids.length <= room ? 0 : Math.min(encode(prefix.trimEnd()).length, room - 1);
    const start = ids.slice(0, ofPrefix);
    for (let from = ofPrefix; from < ids.length; from += room - ofPrefix) {
      passages.push([...before, ...start, ...ids.slice(from, from + room - ofPrefix), ...after]);
      if (passages.length === MOST_PASSAGES) return passages;
    }
  }
  return passages;
}

/**
 * Passages in batches: those of similar length together, so that little is padded. Gives the places of the passages.
 *
 * @param rows the only number of rows the model takes, if it is fixed
 */
export function batchesOf(passages: readonly (readonly number[])[], rows?: number): number[][] {
  const byLength = Array.from(passages.keys()).sort((a, b) => passages[b]!.length - passages[a]!.length || a - b);
  const batches: number[][] = [];
  for (let from = 0; from < byLength.length; ) {
    const longest = passages[byLength[from]!]!.length;
    const size = rows ?? Math.max(1, Math.min(ROWS_A_BATCH, Math.floor(TOKENS_A_BATCH / longest)));
    batches.push(byLength.slice(from, from + size));
    from += size;
  }
  return batches;
}
