// How the words of one language are treated: lower case, stop words, stem, accents.
import { foldMarks } from './fold-marks.ts';
import { scriptOfUnit } from './scripts.ts';
import { stemmerOf } from './stemmers.ts';
import { stopWordsOf } from './stop-words.ts';

export interface LanguageRules {
  lowerCase(word: string): string;
  /** Of a lower-case word. */
  isStopWord(word: string): boolean;
  /** Of a lower-case word, accents and all. */
  stem(word: string): string;
  /** Without the marks that are no letters of their own in this language. */
  fold(word: string): string;
}

/**
 * Accented letters that are letters of their own: words that differ in them alone are different words. In German they
 * are not, for matching: Haus and Häuser are one word. Vietnamese (`*`) keeps all: its marks are its vowels and tones.
 */
const OWN_LETTERS: Readonly<Record<string, string>> = {
  es: 'ñ',
  gl: 'ñ',
  sv: 'åäö',
  fi: 'åäö',
  da: 'æøå',
  no: 'æøå',
  et: 'äöüõ',
  is: 'ðþæö',
  tr: 'çğıöşü',
  az: 'çəğıöşü',
  vi: '*',
};

/** Languages written in other than Latin letters and the language that Latin words in them mostly are in. */
const LATIN_DEFAULT = 'en';
const CYRILLIC_DEFAULT = 'ru';
const CYRILLIC_LANGUAGES = new Set('ru uk bg be mk sr kk ky mn tg tt'.split(' '));
const OTHER_SCRIPT = new Set(
  'el hy he yi ar fa ur ps ug sd ckb hi mr ne sa bn as pa gu or ta te kn ml si th lo bo my ka am km zh ja ko'.split(
    ' ',
  ),
);

const known = new Map<string, LanguageRules>();

/** The rules for the words of one language; for one that is not known, words stay as they are but for accents. */
export function rulesOf(language: string): LanguageRules {
  let rules = known.get(language);
  if (rules === undefined) {
    rules = makeRules(language);
    known.set(language, rules);
  }
  return rules;
}

function makeRules(language: string): LanguageRules {
  const letters = OWN_LETTERS[language] ?? '';
  const stem = stemmerOf(language);
  const stopWords = stopWordsOf(language, letters === '' && language !== 'de');
  const locale = language === 'tr' || language === 'az' ? language : undefined;
  return {
    lowerCase: locale === undefined ? (word) => word.toLowerCase() : (word) => word.toLocaleLowerCase(locale),
    isStopWord: (word) => stopWords.has(word),
    // English words with accents are borrowed: their endings are English
    stem: language === 'en' ? (word) => stem(foldMarks(word)) : stem,
    fold: letters === '*' ? (word) => word : (word) => foldMarks(word, letters),
  };
}

/**
 * The rules for a word in a document of a language: those of that language, where it is written in the word's script;
 * of the commonest language in that script where it is not (English words in a Chinese text).
 */
export function rulesForWord(word: string, language: string): LanguageRules {
  const script = scriptOfUnit(word.charCodeAt(0));
  if (script === 'Latn') return rulesOf(isLatin(language) ? language : LATIN_DEFAULT);
  if (script === 'Cyrl') return rulesOf(CYRILLIC_LANGUAGES.has(language) ? language : CYRILLIC_DEFAULT);
  return rulesOf(language);
}

function isLatin(language: string): boolean {
  return language === 'sr' || !(CYRILLIC_LANGUAGES.has(language) || OTHER_SCRIPT.has(language));
}
