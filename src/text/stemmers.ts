// The stemmer of each language that has one: English by stem.ts, ten by natural, eight that natural lacks by
// @orama/stemmers (Snowball's). Each file is loaded when the first word of its language comes.
import { createRequire } from 'node:module';
import { stem } from './stem.ts';

type Stemmer = (word: string) => string;

const require = createRequire(import.meta.url);

const LATIN = /^\p{Script=Latin}{3,}$/u;
const CYRILLIC = /^\p{Script=Cyrillic}{3,}$/u;
const ARABIC = /^[\p{Script=Arabic}\p{M}]{3,}$/u;
const GREEK = /^\p{Script=Greek}{3,}$/u;
/** Katakana words come with and without a last long vowel: コンピューター, コンピュータ. */
const KATAKANA = /^[\p{Script=Katakana}ー]{4,}$/u;

/** Where each stemmer is, and the words it may be asked about. */
const NATURAL: Readonly<Record<string, readonly [file: string, words: RegExp]>> = {
  de: ['porter_stemmer_de.js', LATIN],
  es: ['porter_stemmer_es.js', LATIN],
  fr: ['porter_stemmer_fr.js', LATIN],
  id: ['indonesian/stemmer_id.js', LATIN],
  it: ['porter_stemmer_it.js', LATIN],
  ja: ['stemmer_ja.js', KATAKANA],
  nl: ['porter_stemmer_nl.js', LATIN],
  no: ['porter_stemmer_no.js', LATIN],
  pt: ['porter_stemmer_pt.js', LATIN],
  ru: ['porter_stemmer_ru.js', CYRILLIC],
  sv: ['porter_stemmer_sv.js', LATIN],
  uk: ['porter_stemmer_uk.js', CYRILLIC],
};
const SNOWBALL: Readonly<Record<string, readonly [load: () => { stemmer: Stemmer }, words: RegExp]>> = {
  ar: [() => require('@orama/stemmers/arabic'), ARABIC],
  da: [() => require('@orama/stemmers/danish'), LATIN],
  el: [() => require('@orama/stemmers/greek'), GREEK],
  fi: [() => require('@orama/stemmers/finnish'), LATIN],
  hu: [() => require('@orama/stemmers/hungarian'), LATIN],
  lt: [() => require('@orama/stemmers/lithuanian'), LATIN],
  ro: [() => require('@orama/stemmers/romanian'), LATIN],
  tr: [() => require('@orama/stemmers/turkish'), LATIN],
};

const stemmers = new Map<string, Stemmer>();

/** The stemmer of a language, for lower-case words; one that leaves words as they are where there is none. */
export function stemmerOf(language: string): Stemmer {
  let stemmer = stemmers.get(language);
  if (stemmer === undefined) {
    stemmer = loadStemmer(language);
    stemmers.set(language, stemmer);
  }
  return stemmer;
}

function loadStemmer(language: string): Stemmer {
  if (language === 'en') return stem;
  if (Object.hasOwn(NATURAL, language)) {
    const [file, words] = NATURAL[language]!;
    const published: { stem: Stemmer } = require(`natural/lib/natural/stemmers/${file}`);
    return ofWords(words, (word) => published.stem(word));
  }
  if (Object.hasOwn(SNOWBALL, language)) {
    const [load, words] = SNOWBALL[language]!;
    return ofWords(words, load().stemmer);
  }
  return (word) => word;
}

/** A stemmer for the words it was made for only. A stem is never empty: a word that is all ending is its own stem. */
function ofWords(words: RegExp, stemmer: Stemmer): Stemmer {
  return (word) => (words.test(word) && stemmer(word)) || word;
}
