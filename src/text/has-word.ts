// Is there anything to read?

const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/** True when a text has a letter or a digit, of any script. */
export function hasWord(text: string): boolean {
  return LETTER_OR_DIGIT.test(text);
}
