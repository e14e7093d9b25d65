// Which language is a document in? By its script, by its little words, and only where these leave it open by a model.

import { voteByFunctionWords } from './function-words.ts';
import { languageByLetters, loadLanguageModel, MODEL_READS } from './language-model.ts';
import { countScripts, type Script, type ScriptCounts } from './scripts.ts';

/** What {@link detectLanguage} says when it cannot tell. */
export const UNDETERMINED = 'und';

/** Scripts that say the language. Chinese characters are Japanese where kana stand among them. */
const LANGUAGE_OF_SCRIPT: Partial<Record<Script, string>> = {
  Grek: 'el',
  Armn: 'hy',
  Hebr: 'he',
  Beng: 'bn',
  Guru: 'pa',
  Gujr: 'gu',
  Orya: 'or',
  Taml: 'ta',
  Telu: 'te',
  Knda: 'kn',
  Mlym: 'ml',
  Sinh: 'si',
  Thai: 'th',
  Laoo: 'lo',
  Tibt: 'bo',
  Mymr: 'my',
  Geor: 'ka',
  Hang: 'ko',
  Ethi: 'am',
  Khmr: 'km',
  Kana: 'ja',
  Hani: 'zh',
};

/** Scripts of languages that have another than Latin; a language that is not here is written in Latin letters. */
const SCRIPTS_OF_LANGUAGE: Readonly<Record<string, readonly Script[]>> = {
  ...Object.fromEntries(Object.entries(LANGUAGE_OF_SCRIPT).map(([script, language]) => [language, [script as Script]])),
  zh: ['Hani'],
  ja: ['Kana', 'Hani'],
  ko: ['Hang', 'Hani'],
  yi: ['Hebr'],
  as: ['Beng'],
  dv: [],
  ...Object.fromEntries(['ru', 'uk', 'bg', 'be', 'mk', 'kk', 'ky', 'mn', 'tg', 'tt'].map((code) => [code, ['Cyrl']])),
  sr: ['Cyrl', 'Latn'],
  uz: ['Latn', 'Cyrl', 'Arab'],
  ...Object.fromEntries(['ar', 'fa', 'ur', 'ps', 'ug', 'sd', 'ckb'].map((code) => [code, ['Arab']])),
  ku: ['Latn', 'Arab'],
  pa: ['Guru', 'Arab'],
  ...Object.fromEntries(['hi', 'mr', 'ne', 'sa'].map((code) => [code, ['Deva']])),
};

/** Codes that mean the same: ISO 639-2 and -3, old codes, and languages told apart too rarely to keep apart. */
const SAME: Readonly<Record<string, string>> = {
  ...{ eng: 'en', deu: 'de', ger: 'de', fra: 'fr', fre: 'fr', spa: 'es', ita: 'it', por: 'pt', nld: 'nl', dut: 'nl' },
  ...{ swe: 'sv', dan: 'da', nor: 'no', nob: 'no', nno: 'no', nb: 'no', nn: 'no', fin: 'fi', pol: 'pl', ces: 'cs' },
  ...{ cze: 'cs', slk: 'sk', hun: 'hu', ron: 'ro', rum: 'ro', tur: 'tr', ell: 'el', gre: 'el', rus: 'ru', ukr: 'uk' },
  ...{ bul: 'bg', srp: 'sr', ara: 'ar', fas: 'fa', per: 'fa', heb: 'he', hin: 'hi', tha: 'th', vie: 'vi', ind: 'id' },
  ...{ cat: 'ca', zho: 'zh', chi: 'zh', cmn: 'zh', yue: 'zh', jpn: 'ja', kor: 'ko', iw: 'he', in: 'id', ji: 'yi' },
};

/** A document's language shows on its beginning, … */
const FIRST = 768;
/** … and on as much from its middle, where it begins in another: a licence, a header, an abstract. */
const MIDDLE = 768;

/** A Chinese character or a Korean syllable says as much as so many letters. */
const LETTERS_PER_IDEOGRAPH = 3;

/**
 * The language a text is in: ISO 639-1 where there is such a code (`en`, `zh`, …; Norwegian of either kind is `no`), `und`
 * where it cannot be told: no or few words, source code, tables of numbers. Looks at no more than 1,600
 * characters. Indonesian and Malay are not told apart (`id`, unless `ms` is declared).
 *
 * @param declared what the document itself says (BCP 47). It is believed unless its script or its little words clearly
 *   say otherwise: pages are often made from a template in another language.
 */
export function detectLanguage(text: string, declared?: string): string {
  const found = withoutModel(text, declared);
  return typeof found === 'string' ? found : askModel(found);
}

/**
 * {@link detectLanguage} that may wait for the model.
 *
 * @param ask answers for the model where it is not in this thread
 */
export async function detectLanguageLater(
  text: string,
  declared: string | undefined,
  ask: (undecided: UndecidedLanguage) => Promise<string> = languageByModel,
): Promise<string> {
  const found = withoutModel(text, declared);
  return typeof found === 'string' ? found : ask(found);
}

/** What the model is asked of a text whose script and little words leave its language open. */
export interface UndecidedLanguage {
  readonly sample: string;
  /** The language that most of its little words are of. */
  readonly likely: string | undefined;
}

/** The answer of the model, which is loaded for the first question; see {@link detectLanguage} for the codes. */
export async function languageByModel(undecided: UndecidedLanguage): Promise<string> {
  await loadLanguageModel();
  return askModel(undecided);
}

function withoutModel(text: string, declared: string | undefined): string | UndecidedLanguage {
  // decomposed letters (é as e and a mark) are no letters to the lists and the model
  const sample = sampleOf(text).normalize('NFC');
  const counts = countScripts(sample);
  const hint = hintOf(declared);
  const script = mainScript(counts);
  if (script === undefined) return UNDETERMINED;
  const believable = hint !== undefined && (SCRIPTS_OF_LANGUAGE[hint] ?? ['Latn']).includes(script) ? hint : undefined;
  const byScript = languageOfScript(script, counts);
  if (byScript !== undefined) return believable ?? byScript;
  return languageByWords(sample, counts, script, believable);
}

/** The language of a text that its script alone tells; undefined for Latin, Cyrillic, Arabic and Devanagari letters. */
export function languageByScript(text: string): string | undefined {
  const counts = countScripts(sampleOf(text));
  const script = mainScript(counts);
  return script && languageOfScript(script, counts);
}

/** The primary language of a BCP 47 tag, as the codes of {@link detectLanguage}; undefined for what is none. */
function hintOf(declared: string | undefined): string | undefined {
  const primary = /^\s*([a-z]{2,3})(?:[-_]|\s*$)/i.exec(declared ?? '')?.[1]?.toLowerCase();
  if (primary === undefined || primary === UNDETERMINED || primary === 'mul' || primary === 'zxx') return undefined;
  return SAME[primary] ?? primary;
}

function sampleOf(text: string): string {
  if (text.length <= FIRST + MIDDLE) return text;
  const middle = text.length >> 1;
  return `${text.slice(0, FIRST)} ${text.slice(middle, middle + MIDDLE)}`;
}

/** Fewer letters than this say nothing. */
const FEWEST_LETTERS = 2;
/** Of what can be seen, less than this share of letters is a table of numbers. */
const FEWEST_LETTERS_SHARE = 0.4;

function mainScript({ letters, digits, visible }: ScriptCounts): Script | undefined {
  let best: Script | undefined;
  let most = 0;
  let all = 0;
  for (const [script, count] of letters) {
    const weight = script === 'Hani' || script === 'Hang' || script === 'Kana' ? LETTERS_PER_IDEOGRAPH * count : count;
    all += count;
    if (weight > most) [best, most] = [script, weight];
  }
  if (all < FEWEST_LETTERS || (digits > all && all < FEWEST_LETTERS_SHARE * visible)) return undefined;
  return best;
}

/** In Japanese, kana are about half of all characters; Chinese has none but in names and quotations. */
const KANA_SHARE = 0.1;

function languageOfScript(script: Script, { letters }: ScriptCounts): string | undefined {
  if (script !== 'Hani') return LANGUAGE_OF_SCRIPT[script];
  const [kana, han] = [letters.get('Kana') ?? 0, letters.get('Hani') ?? 0];
  return kana > KANA_SHARE * (kana + han) ? 'ja' : 'zh';
}

/** Source code: this share of what can be seen are signs that programs are made of, … */
const CODE_SIGNS_SHARE = 0.08;
/** … and fewer of its words than this are little words of a language. */
const PROSE_HITS = 0.15;
/** Little words decide alone when there are so many, … */
const FEWEST_HITS = 3;
/** … this share of all words, … */
const CLEAR_HITS = 0.08;
/** … and so many times as many as the next language has; words of several languages count in part. */
const CLEAR_LEAD = 1.5;
/** So few of them have to lead by more. */
const FEW_HITS = 8;
const CLEAR_LEAD_OF_FEW = 2.5;
/** A shorter text is too short for the model, too, … */
const FEWEST_MODEL_LETTERS = 12;
/** … and so is one of this many letters that has neither an accent nor a little word: "apple, cherry" is French to it. */
const FEWEST_PLAIN_LETTERS = 60;
const ONLY_ASCII = /^[\x00-\x7f]*$/;

function languageByWords(
  sample: string,
  { codeSigns, visible, letters }: ScriptCounts,
  script: Script,
  hint: string | undefined,
): string | UndecidedLanguage {
  const { words, languages } = voteByFunctionWords(sample);
  const [first, second] = languages;
  if (codeSigns > CODE_SIGNS_SHARE * visible && (first?.hits ?? 0) < PROSE_HITS * words) return UNDETERMINED;
  if (first && first.hits >= FEWEST_HITS && first.hits >= CLEAR_HITS * words) {
    const lead = first.hits < FEW_HITS ? CLEAR_LEAD_OF_FEW : CLEAR_LEAD;
    if (first.score >= lead * (second?.score ?? 0)) return first.language === 'id' ? malayOr(hint) : first.language;
  }
  if (hint !== undefined) return hint;
  const fewest = first === undefined && ONLY_ASCII.test(sample) ? FEWEST_PLAIN_LETTERS : FEWEST_MODEL_LETTERS;
  if ((letters.get(script) ?? 0) < fewest) return UNDETERMINED;
  return { sample, likely: first?.language };
}

function askModel({ sample, likely }: UndecidedLanguage): string {
  const guess = languageByLetters(sample.slice(0, MODEL_READS));
  if (guess === undefined) return UNDETERMINED;
  const language = guess.language === 'ms' ? 'id' : (SAME[guess.language] ?? guess.language);
  return guess.reliable || language === likely ? language : UNDETERMINED;
}

function malayOr(hint: string | undefined): string {
  return hint === 'ms' ? 'ms' : 'id';
}
