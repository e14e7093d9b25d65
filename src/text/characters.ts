// What kind of character a UTF-16 code unit is: part of a word, part of a script written without spaces, or neither.

/** Ends a word. Lone surrogates are separators too. */
export const SEPARATOR = 0;
/** A letter, digit, combining mark or underscore. */
export const WORD = 1;
/** A character of a script whose words have to be found by a segmenter: Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese. */
export const SEGMENTED = 2;
/** A leading or trailing surrogate: look at the whole code point with {@link classOfCodePoint}. */
export const SURROGATE = 3;

/** Not looked at yet: ask {@link classOfCodeUnit}. */
const UNKNOWN = 4;

const WORD_PATTERN = /^[\p{L}\p{N}\p{M}_]$/u;
const SEGMENTED_PATTERN =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー々〇]$/u;

/** The class of every UTF-16 code unit that has been asked for so far, ASCII from the start; for tight loops. */
export const CLASSES = new Uint8Array(0x10000).fill(UNKNOWN);
// What WORD_PATTERN says of ASCII, but compiled in no time.
for (let code = 0; code < 128; code++) CLASSES[code] = /\w/.test(String.fromCharCode(code)) ? WORD : SEPARATOR;

/** The class of one UTF-16 code unit; looked up once in a table, after that free. */
export function classOfCodeUnit(code: number): number {
  const known = CLASSES[code]!;
  if (known !== UNKNOWN) return known;
  const found = code >= 0xd800 && code <= 0xdfff ? SURROGATE : classOfCodePoint(code);
  CLASSES[code] = found;
  return found;
}

/** The class of a whole code point, never {@link SURROGATE}. */
export function classOfCodePoint(codePoint: number): number {
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return SEPARATOR;
  const character = String.fromCodePoint(codePoint);
  if (SEGMENTED_PATTERN.test(character)) return SEGMENTED;
  return WORD_PATTERN.test(character) ? WORD : SEPARATOR;
}
