// Words without their accents: who types "cafe" or "Malmo" should find café and Malmö.

/** Letters that do not come apart into a plain letter and a mark. */
const PLAIN: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i', ħ: 'h', ŋ: 'n', ŧ: 't', ĸ: 'k' },
  ...{ ς: 'σ', ё: 'е' },
  // Arabic: forms of alef and yeh are mixed up in print, the last letter of feminine nouns too
  ...{ أ: 'ا', إ: 'ا', آ: 'ا', ٱ: 'ا', ى: 'ي', ی: 'ي', ک: 'ك', ة: 'ه', ـ: '' },
};

const NEEDS_FOLDING = /[^\x00-\x7f]/;
const LATIN_OR_GREEK = /[\p{Script=Latin}\p{Script=Greek}]/u;
const MARKS = /[\u0300-\u036f]+/g;
/** Marks that printed text mostly leaves out: Arabic vowels, Hebrew points. Vowel signs of Indian scripts are letters. */
const OPTIONAL_MARKS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/;

/**
 * A lower-case NFC word with plain letters for accented ones, where the script has plain ones (Latin, Greek), without
 * optional vowel signs (Arabic, Hebrew). Russian ё becomes е; й stays й.
 *
 * @param letters accented letters that are letters of their own in the word's language, and stay
 */
export function foldMarks(word: string, letters: string = ''): string {
  if (!NEEDS_FOLDING.test(word)) return word;
  let folded = '';
  for (const character of word) {
    if (character < '\x80' || letters.includes(character)) folded += character;
    else if (Object.hasOwn(PLAIN, character)) folded += PLAIN[character];
    else if (OPTIONAL_MARKS.test(character)) continue;
    else folded += LATIN_OR_GREEK.test(character) ? plainLetter(character) : character;
  }
  return folded;
}

function plainLetter(letter: string): string {
  const plain = letter.normalize('NFD').replace(MARKS, '');
  return PLAIN[plain] ?? plain;
}
