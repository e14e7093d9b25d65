// Which cut of Chinese finds more, and how fast is it? TF-IDF over two Chinese sets, cut by Intl.Segmenter (what Sandglass
// uses), by jieba, and into characters.
//
// The peers are looked for beside Sandglass and in the folder that SANDGLASS_PEERS names (npm install @node-rs/jieba
// jieba-wasm there); what is missing is said and left out. Options: --queries N (2000 of each set), --only NAME (all).
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { type Entry, fromBuffer, type Options, type ZipFile } from 'yauzl';
import { stopWordsOf } from '../dist/text/stop-words.js';
import { dataPath, demand } from './data.ts';
import { printHeader } from './machine.ts';
import { numberOption } from './options.ts';

interface Document {
  readonly text: string;
  readonly category: string;
}

interface Collection {
  readonly name: string;
  readonly database: readonly Document[];
  readonly queries: readonly Document[];
}

/** Words of a text; stop words and what has no letter are left out by the caller. */
type Cut = (text: string) => Iterable<string>;

const TITLES = 'chinese-thucnews-titles';
const REVIEWS = 'chinese-online-shopping/online_shopping_10_cats.zip';
const QUERIES = numberOption('queries', 2_000);
const HAN = /\p{Script=Han}/u;
const RUN = /[\p{L}\p{N}]+/gu;

demand(`${TITLES}/dev.txt.gz`, `${TITLES}/test.txt.gz`, REVIEWS);

const intl = new Intl.Segmenter('zh', { granularity: 'word' });
/** Longer texts at once cost the segmenter the square of their length. */
const INTL_CHUNK = 256;

function* byIntl(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += INTL_CHUNK) {
    for (const { segment, isWordLike } of intl.segment(text.slice(at, at + INTL_CHUNK))) if (isWordLike) yield segment;
  }
}

function* inGrams(text: string, lengths: readonly number[]): Generator<string> {
  for (const [run] of text.matchAll(RUN)) {
    if (!HAN.test(run)) {
      yield run;
      continue;
    }
    const characters = Array.from(run);
    for (const length of lengths) {
      for (let i = 0; i + length <= characters.length; i++) yield characters.slice(i, i + length).join('');
    }
  }
}

function cuts(): [name: string, cut: Cut][] {
  const all: [string, Cut][] = [
    ['Intl.Segmenter', byIntl],
    ['characters', (text) => inGrams(text, [1])],
    ['bigrams', (text) => inGrams(text, [2])],
    ['characters and bigrams', (text) => inGrams(text, [1, 2])],
    ['Intl.Segmenter and characters', (text) => [...byIntl(text), ...inGrams(text, [1])]],
    ['Intl.Segmenter and bigrams', (text) => [...byIntl(text), ...inGrams(text, [2])]],
  ];
  const load = createRequire(join(process.env.SANDGLASS_PEERS ?? import.meta.dirname, 'peers.js'));
  for (const [name, add] of [
    [
      '@node-rs/jieba',
      () => {
        const jieba = load('@node-rs/jieba').Jieba.withDict(load('@node-rs/jieba/dict.js').dict);
        all.push(['@node-rs/jieba', (text) => jieba.cut(text, true)]);
        all.push(['@node-rs/jieba, for search', (text) => jieba.cutForSearch(text, true)]);
      },
    ],
    [
      'jieba-wasm',
      () => {
        const { cut } = load('jieba-wasm');
        all.push(['jieba-wasm', (text) => cut(text, true)]);
      },
    ],
  ] as const) {
    try {
      add();
    } catch (error) {
      console.log(`without ${name}: ${String(error).split('\n')[0]}`);
    }
  }
  return all;
}

function titles(): Collection {
  const read = (part: string): Document[] =>
    gunzipSync(readFileSync(dataPath(`${TITLES}/${part}.txt.gz`)))
      .toString('utf8')
      .trim()
      .split('\n')
      .map((line) => ({
        text: line.slice(0, line.lastIndexOf('\t')),
        category: line.slice(line.lastIndexOf('\t') + 1),
      }));
  return { name: 'headlines (dev → test)', database: read('dev'), queries: sampled(read('test')) };
}

/** There is no split: a tenth of the reviews, by the hash of their text, asks; of the others every third answers. */
async function reviews(): Promise<Collection> {
  const [database, queries]: [Document[], Document[]] = [[], []];
  for (const line of (await onlyFile(readFileSync(dataPath(REVIEWS)))).toString('utf8').split(/\r?\n/).slice(1)) {
    const [, category, text] = /^([^,]+),[01],(.*)$/.exec(line) ?? [];
    if (category === undefined || text === undefined || text === '') continue;
    const bucket = createHash('sha256').update(text).digest().readUInt16BE(0) % 30;
    if (bucket < 3) queries.push({ text, category });
    else if (bucket % 3 === 0) database.push({ text, category });
  }
  return { name: 'reviews (by hash)', database, queries: sampled(queries) };
}

/** The bytes of the one file of a zip archive. */
async function onlyFile(archive: Buffer): Promise<Buffer> {
  const zip = await promisify<Buffer, Options, ZipFile>(fromBuffer)(archive, { lazyEntries: true });
  return new Promise((resolve, reject) => {
    zip.once('error', reject).once('entry', (entry: Entry) => {
      zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(buffer(stream))));
    });
    zip.readEntry();
  });
}

/** As many as are asked, the same ones each time: those of the smallest hashes. */
function sampled(documents: Document[]): Document[] {
  const key = ({ text }: Document) => createHash('sha256').update(`query ${text}`).digest('hex');
  return documents
    .map((document) => ({ document, key: key(document) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .slice(0, QUERIES)
    .map(({ document }) => document);
}

const stopWords = stopWordsOf('zh');

function counted(text: string, cut: Cut): Map<string, number> {
  const counts = new Map<string, number>();
  for (const piece of cut(text.normalize('NFKC').toLowerCase())) {
    if (!/[\p{L}\p{N}]/u.test(piece) || stopWords.has(piece)) continue;
    counts.set(piece, (counts.get(piece) ?? 0) + 1);
  }
  return counts;
}

interface Figures {
  readonly at10: number;
  readonly at100: number;
  readonly terms: number;
  readonly megabytesPerSecond: number;
}

/** Precision of the first 10 and 100 by cosine of log-TF-IDF; equal scores in an order that knows no category. */
function measure({ database, queries }: Collection, cut: Cut): Figures {
  const before = process.cpuUsage();
  const bags = database.map(({ text }) => counted(text, cut));
  const { user, system } = process.cpuUsage(before);
  const bytes = database.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);

  const places = new Map<string, number>();
  const frequencies: number[] = [];
  for (const bag of bags) {
    for (const term of bag.keys()) {
      const place = places.get(term) ?? places.size;
      if (place === places.size) places.set(term, place);
      frequencies[place] = (frequencies[place] ?? 0) + 1;
    }
  }
  const idf = frequencies.map((frequency) => Math.log((1 + bags.length) / (1 + frequency)) + 1);
  const vector = (bag: Map<string, number>): [number, number][] => {
    const entries: [number, number][] = [];
    for (const [term, count] of bag) {
      const place = places.get(term);
      if (place !== undefined) entries.push([place, (1 + Math.log(count)) * idf[place]!]);
    }
    const norm = Math.hypot(...entries.map(([, value]) => value)) || 1;
    return entries.map(([place, value]) => [place, value / norm]);
  };
  const postings: [number, number][][] = frequencies.map(() => []);
  for (const [row, bag] of bags.entries())
    for (const [place, value] of vector(bag)) postings[place]!.push([row, value]);
  const ties = database.map(({ text }) => createHash('sha256').update(text).digest().readUInt32BE(0));

  let [found10, found100] = [0, 0];
  const scores = new Float64Array(database.length);
  for (const { text, category } of queries) {
    scores.fill(0);
    for (const [place, weight] of vector(counted(text, cut)))
      for (const [row, value] of postings[place]!) scores[row]! += weight * value;
    const best = Array.from(scores.keys())
      .sort((a, b) => scores[b]! - scores[a]! || ties[a]! - ties[b]!)
      .slice(0, 100);
    found10 += best.slice(0, 10).filter((row) => database[row]!.category === category).length / 10;
    found100 += best.filter((row) => database[row]!.category === category).length / 100;
  }
  return {
    at10: found10 / queries.length,
    at100: found100 / queries.length,
    terms: places.size,
    megabytesPerSecond: bytes / (user + system),
  };
}

printHeader('Cutting Chinese: TF-IDF, hits of the same category', '');
const only = process.argv.indexOf('--only');
const contestants = cuts().filter(([name]) => only < 0 || name === process.argv[only + 1]);
for (const collection of [titles(), await reviews()]) {
  console.log(`\n${collection.name}: ${collection.database.length} answer, ${collection.queries.length} ask`);
  console.log(`${''.padEnd(28)}  P@10   P@100    terms  MB/s of processor time`);
  for (const [name, cut] of contestants) {
    const { at10, at100, terms, megabytesPerSecond } = measure(collection, cut);
    console.log(
      `${name.padEnd(28)} ${at10.toFixed(3)}   ${at100.toFixed(3)} ${String(terms).padStart(8)}  ${megabytesPerSecond.toFixed(1)}`,
    );
  }
}
