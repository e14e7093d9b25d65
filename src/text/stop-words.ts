// Words that say nothing about what a text is about, by language.
import { createRequire } from 'node:module';
import { foldMarks } from './fold-marks.ts';
import { functionWords } from './function-words.ts';

/** Languages that natural has a list for; the others are read from stopwords-iso, as natural does for German. */
const NATURAL = new Set(['es', 'fa', 'fr', 'id', 'it', 'ja', 'nl', 'no', 'pl', 'pt', 'ru', 'sv', 'uk', 'zh']);

/** What tokenizing leaves over of contractions and elisions, and of addresses; common forms that short lists lack. */
const MORE: Readonly<Record<string, string>> = {
  en: 'll ve re www didn doesn isn aren wasn weren hasn hadn wouldn shouldn couldn mustn needn',
  es: 'es está están estaba estar eran fueron sido siendo han hay haber tiene tienen tenía ella ellos ellas esto estos estas esos esas aquel mis tus nuestro nuestra cada mismo otra otros otras unas unos ante según',
  fr: 'qu jusqu lorsqu puisqu quoiqu aujourd hui www',
  pt: 'é são eram foram sido estão estava têm tinha havia vai cada outro outra outros outras pode sobre sem',
  ru: 'я ты они это этот эта эти были есть нет да ли же уже ещё вот тут меня мне ему её их нас вас им себя чтобы',
};

/** Words of the long lists that do say what a text is about. */
const TOPICS: Readonly<Record<string, string>> = {
  de: 'gott jahr jahre jahren mann mensch menschen mittel morgen ordnung recht rechte rechten rechter rechtes sache schluss startseite tag tage tagen teil uhr zeit',
};

const SINGLE = 'abcdefghijklmnopqrstuvwxyz0123456789';

const require = createRequire(import.meta.url);
const lists = new Map<string, ReadonlySet<string>>();

/**
 * The stop words of a language, lower case: natural's, or those of stopwords-iso where natural has none, and the
 * commonest little words. Single Latin letters and digits are stop words everywhere. A language without a list has these
 * only.
 *
 * @param folds whether words are compared without accents: then "a" stands for "à" too
 */
export function stopWordsOf(language: string, folds: boolean = true): ReadonlySet<string> {
  const key = `${language} ${folds}`;
  let words = lists.get(key);
  if (words === undefined) {
    const topics = new Set(TOPICS[language]?.split(' '));
    const all = [...published(language), ...functionWords(language), ...(MORE[language]?.split(' ') ?? []), ...SINGLE];
    const chosen = all.map((word) => word.toLowerCase()).filter((word) => !topics.has(word));
    words = new Set(folds ? [...chosen, ...chosen.map((word) => foldMarks(word))] : chosen);
    lists.set(key, words);
  }
  return words;
}

function published(language: string): readonly string[] {
  if (language === 'en') return require('natural/lib/natural/util/stopwords.js').words;
  if (NATURAL.has(language)) return require(`natural/lib/natural/util/stopwords_${language}.js`).words;
  const iso: Record<string, readonly string[]> = require('stopwords-iso');
  return Object.hasOwn(iso, language) ? iso[language]! : [];
}
