// The stemmer of each language that has one: English by stem.ts, the others by natural.
import { createRequire } from 'node:module';
import { stem } from './stem.ts';

type Stemmer = (word: string) => string;

/** Files of natural, and the words each may be asked about. */
const LATIN = /^\p{Script=Latin}{3,}$/u;
const CYRILLIC = /^\p{Script=Cyrillic}{3,}$/u;
const FILES: Readonly<Record<string, readonly [file: string, words: RegExp]>> = {
  de: ['porter_stemmer_de.js', LATIN],
  es: ['porter_stemmer_es.js', LATIN],
  fr: ['porter_stemmer_fr.js', LATIN],
  it: ['porter_stemmer_it.js', LATIN],
  nl: ['porter_stemmer_nl.js', LATIN],
  no: ['porter_stemmer_no.js', LATIN],
  pt: ['porter_stemmer_pt.js', LATIN],
  ru: ['porter_stemmer_ru.js', CYRILLIC],
  sv: ['porter_stemmer_sv.js', LATIN],
  uk: ['porter_stemmer_uk.js', CYRILLIC],
  id: ['indonesian/stemmer_id.js', LATIN],
};

const load = createRequire(import.meta.url);
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
  if (!Object.hasOwn(FILES, language)) return (word) => word;
  const [file, words] = FILES[language]!;
  const published: { stem: Stemmer } = load(`natural/lib/natural/stemmers/${file}`);
  // a stem is never empty: a word that is all ending is its own stem
  return (word) => (words.test(word) && published.stem(word)) || word;
}
