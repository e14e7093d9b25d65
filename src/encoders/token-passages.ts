// Sub-words of a document → passages that a sentence encoder can take → batches of passages of about the same length.
import type { SubwordTokenizer } from './hugging-face-tokenizer.ts';

/** Passages of one document at most: what stands further behind is not read. */
export const MOST_PASSAGES = 8;

/** Characters that one sub-word has at most, on average over a passage: so much of a long text is looked at. */
const CHARACTERS_A_TOKEN = 12;

/** Tokens that go through the network in one run, padding among them: 32 passages of 256. */
const TOKENS_A_BATCH = 8_192;
const ROWS_A_BATCH = 64;

/**
 * The passages of a text, each with all that its model wants around it. A text that is too long is cut into passages that
 * follow one another, each with the prefix, {@link MOST_PASSAGES} of them at most; an empty one gives none.
 *
 * @param maxTokens of a passage
 */
export function passagesOf(tokenizer: SubwordTokenizer, text: string, prefix: string, maxTokens: number): number[][] {
  if (text.trim() === '') return [];
  const { before, after } = tokenizer;
  const room = Math.max(1, maxTokens - before.length - after.length);
  const ids = tokenizer.encode(prefix + text.slice(0, room * MOST_PASSAGES * CHARACTERS_A_TOKEN));
  const whole = (tokens: readonly number[]) => [...before, ...tokens, ...after];
  if (ids.length <= room) return [whole(ids)];
  // The first sub-words are those of the prefix; they stand before every passage.
  const start = prefix === '' ? [] : ids.slice(0, Math.min(tokenizer.encode(prefix.trimEnd()).length, room - 1));
  const step = room - start.length;
  const passages: number[][] = [];
  for (let from = start.length; from < ids.length && passages.length < MOST_PASSAGES; from += step) {
    passages.push(whole([...start, ...ids.slice(from, from + step)]));
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
