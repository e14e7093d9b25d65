// The commonest little words of languages: what they are written in shows within a few lines, without a model.
import { isLetterUnit } from './scripts.ts';
import { WordTable } from './word-table.ts';

/** Lower case. In running text, a quarter to half of all words are among those of its language. */
const FUNCTION_WORDS: Readonly<Record<string, string>> = {
  en: 'the of and to in is that it was for on with as be by at this have from are not but they which you his her he she we an or had were been their has will would there what its than into about could after other some',
  de: 'der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis durch man sein wurde wenn ihr ihre ich wir alles schon',
  fr: 'de la le et les des en un du une que est pour qui dans par plus pas au sur ne se ce il sont avec son aux cette ou mais comme nous vous ont été sa elle être fait leur ses je tout était',
  es: 'de la que el en y los se del las un por con no una su para es al lo como más pero sus le ha me si sin sobre este ya entre cuando todo esta ser son también fue había era muy hasta mi nunca',
  it: 'di e il la che in un a per è del una sono con non i si da le al dei come nel della alla anche più o ma delle gli lo dal ha questo se degli ai nella era suo tutto quello mai di',
  pt: 'de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ser quando muito há nos já está eu também só pelo pela até isso ela entre',
  nl: 'de van het een en in is dat op te zijn met voor niet aan er om ook als bij maar dan naar door uit hij ze was nog wordt worden werd over heeft hebben kan deze dit tot of weer alles wat',
  sv: 'och i att det som en på är av för med till den har de inte om ett men var jag från så vi han kan när eller ska efter också vid hade sig under mot nu allt aldrig än',
  da: 'og i at det er en til af på for med den de som der ikke et har var fra men vi kan jeg han om eller skal efter også ved havde sig blev være nu hun hvad alt aldrig igen end',
  no: 'og i det er på til som en av for at med de den ikke et har var fra men vi kan jeg han om eller skal etter også ved hadde seg ble være nå hun alt aldri igjen enn hva',
  fi: 'ja on ei että se oli hän mutta ovat kun myös joka kuin niin tai sen olla jos mitä ole voi hänen minä ne nyt sitä tämä vain vielä siitä ollut kaikki taas',
  pl: 'i w na z się nie do że to jest o jak po co za od ale dla przez tak jego jej jako czy są był było które oraz już tylko ich może ma',
  cs: 'a v se na je že s z do o k za pro jako by ale jsou po od které který byl jeho podle ve co tak při už jen bylo být jsme si nebo',
  sk: 'a v sa na je že s z do o k za pre ako by ale sú po od ktoré ktorý bol jeho podľa vo čo tak pri už len bolo byť sme si alebo',
  tr: 've bir bu da de için ile çok olarak daha gibi olan kadar ne sonra var en o ama değil her ki mi ben yine ise vardı',
  ro: 'de și în la a cu pe din nu o că este un să care mai pentru sau ca fi se au al ale fost prin sunt dar după era',
  hu: 'a az és hogy nem is egy van de ez csak meg mint azt már volt ha el még lehet kell vagy ki pedig minden',
  id: 'yang dan di untuk dengan dari ini pada itu tidak dalam akan adalah ke juga oleh karena bisa sebagai ada telah atau mereka saya dia kami setiap',
  vi: 'là và của có không một trong được cho các người những với này đã khi đến để về tôi như lại chúng',
  ca: 'de la i el que en a les els per un amb del una es no al són com més però és o seva seu aquest va mai hi',
  ru: 'и в не на что с он как это но по из у за от о так же для бы его к был она было все вы мы они если или мне я ты её ей',
  uk: 'і в не на що з він як це та до у за від але про для його був вона було все ми вони які або є її при я ти й',
  bg: 'и на в да се не за от с е че по като са до той но това има му след ще тя ми през те си',
  sr: 'и у је да се на за су од са не као што то који али или из би није',
  ar: 'في من على أن إلى التي الذي عن هذا هذه مع ما كان لا كانت لم هو هي أو بعد',
  fa: 'و در به از که این را با است برای آن یک هم می بود او تا هر ما',
  ur: 'کے میں کی ہے اور سے کا کو نے پر یہ کہ ہیں اس ایک بھی',
  hi: 'के में की है और से का को ने पर यह कि हैं एक था भी वह',
  mr: 'आहे आणि या च्या ते हे मी आहेत होते नाही तो ही',
};

/** Lists of {@link FUNCTION_WORDS} as sets. */
export function functionWords(language: string): readonly string[] {
  return FUNCTION_WORDS[language]?.split(' ') ?? [];
}

/** How often the little words of each language stand in a text. */
export interface Votes {
  /** All words of the text. */
  readonly words: number;
  /** Best first. */
  readonly languages: readonly Vote[];
}

export interface Vote {
  readonly language: string;
  /** How many words of the text are little words of the language. */
  readonly hits: number;
  /** The same, where a word that several languages have counts as a share to each. */
  readonly score: number;
}

const LANGUAGES = Object.keys(FUNCTION_WORDS);

/** All little words, and for the number of each the places of its languages in {@link LANGUAGES}. */
interface Lists {
  readonly words: WordTable;
  readonly languages: readonly (readonly number[])[];
}

/** Twice as many as there are words, and no more: the table is small enough to stay in the processor's cache. */
const SMALL = 1 << 12;

let lists: Lists | undefined;

function readLists(): Lists {
  const words = new WordTable(SMALL);
  const languages: number[][] = [];
  for (const [place, language] of LANGUAGES.entries()) {
    for (const word of new Set(functionWords(language))) {
      const codes = codeUnits(word);
      const number = words.add(codes, 0, codes.length);
      languages[number] = [...(languages[number] ?? []), place];
    }
  }
  return { words, languages };
}

function codeUnits(text: string): Uint16Array {
  const codes = new Uint16Array(text.length);
  Buffer.from(codes.buffer).write(text, 'utf16le');
  return codes;
}

/** No little word is longer. */
const LONGEST = Math.max(...LANGUAGES.flatMap((language) => functionWords(language).map((word) => word.length)));

/** Counts the little words of a text. */
export function voteByFunctionWords(text: string): Votes {
  lists ??= readLists();
  const hits = new Uint32Array(LANGUAGES.length);
  const scores = new Float64Array(LANGUAGES.length);
  const codes = codeUnits(text.toLowerCase());
  let words = 0;
  for (let at = 0; at < codes.length; at++) {
    const start = at;
    while (at < codes.length && isLetterUnit(codes[at]!)) at++;
    if (at === start) continue;
    words++;
    if (at - start > LONGEST) continue;
    const number = lists.words.find(codes, start, at);
    if (number < 0) continue;
    const languages = lists.languages[number]!;
    for (const place of languages) {
      hits[place]!++;
      scores[place]! += 1 / languages.length;
    }
  }
  const languages: Vote[] = [];
  for (const [place, language] of LANGUAGES.entries()) {
    if (hits[place]! > 0) languages.push({ language, hits: hits[place]!, score: scores[place]! });
  }
  return { words, languages: languages.sort((a, b) => b.score - a.score || b.hits - a.hits) };
}
