// Labelled collections of documents for bench/text.ts: texts, labels, and which of them are the database and which the queries.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import Papa from 'papaparse';
import yauzl from 'yauzl';
import { decodeText } from '../dist/text/decode-text.js';
import { archivedFiles, type DataFile, dataPath } from './data.ts';
import { withoutHeadersQuotesFooters } from './newsgroup-parts.ts';

export interface LabelledDocument {
  readonly text: string;
  /** One, or several where a document has several topics. */
  readonly labels: readonly string[];
}

export interface TextSet {
  /** What is trained on and searched. */
  readonly database: readonly LabelledDocument[];
  readonly queries: readonly LabelledDocument[];
}

export interface TextSetSource {
  readonly title: string;
  /** The archives it is made of, below the folder of data sets. */
  readonly archives: readonly string[];
  /** What a figure of this set rests on. */
  readonly protocol: string;
  /** Fewest and most words of a document, before the vocabulary is chosen; others are left out. */
  readonly words?: readonly [number, number];
  load(): TextSet | Promise<TextSet>;
}

const NEWSGROUPS = '20newsgroups/20news-bydate.tar.gz';
const REUTERS = 'reuters21578/reuters21578-sgml.tar.gz';
const BBC = 'bbc-news/bbc-news.tar.gz';
const HEADLINES = ['dev', 'test'].map((part) => `chinese-thucnews-titles/${part}.txt.gz`);
const REVIEWS = 'chinese-online-shopping/online_shopping_10_cats.zip';

/** Of sets without a split, every so-manieth document of a class is a query. */
const BBC_QUERIES = 4;
const REVIEW_QUERIES = 10;

export const TEXT_SETS: Readonly<Record<string, TextSetSource>> = {
  '20newsgroups': {
    title: '20 Newsgroups by date',
    archives: [NEWSGROUPS],
    protocol:
      'posts whole, with their headers; the training half is the database, the test half asks; a label is a group',
    load: () => newsgroups((text) => text),
  },
  '20newsgroups-stripped': {
    title: '20 Newsgroups by date, without headers, footers and quotes',
    archives: [NEWSGROUPS],
    protocol:
      'headers, footers and quotes taken out by the rules of scikit-learn, posts of 6 to 500 words; the training half is the ' +
      'database, the test half asks; a label is a group',
    words: [6, 500],
    load: () => newsgroups(withoutHeadersQuotesFooters),
  },
  reuters: {
    title: 'Reuters-21578, ModApte, 90 topics',
    archives: [REUTERS],
    protocol:
      'title and body; the ModApte split, documents with one of the 90 topics that both parts have; the training part is the ' +
      'database, the test part asks; right is what shares a topic',
    load: reuters,
  },
  bbc: {
    title: 'BBC News',
    archives: [BBC],
    protocol: `no split comes with it: every ${BBC_QUERIES}th article of a class asks, the others are the database; a label is a class`,
    load: bbc,
  },
  headlines: {
    title: 'THUCNews headlines (Chinese)',
    archives: HEADLINES,
    protocol: 'the part "dev" is the database, "test" asks; a label is a topic',
    load: headlines,
  },
  reviews: {
    title: 'reviews of ten kinds of goods (Chinese)',
    archives: [REVIEWS],
    protocol: `no split comes with it: every ${REVIEW_QUERIES}th review of a kind asks, the others are the database; a label is a kind of goods`,
    load: reviews,
  },
};

function newsgroups(prepare: (text: string) => string): TextSet {
  const database: LabelledDocument[] = [];
  const queries: LabelledDocument[] = [];
  for (const { name, bytes } of archivedFiles(NEWSGROUPS)) {
    const [, part, group] = /20news-bydate-(train|test)\/([^/]+)\/\d+$/.exec(name) ?? [];
    if (group === undefined) continue;
    (part === 'train' ? database : queries).push({ text: prepare(decodeText(bytes).text), labels: [group] });
  }
  return { database, queries };
}

function reuters(): TextSet {
  const parts: Record<string, LabelledDocument[]> = { TRAIN: [], TEST: [] };
  for (const { name, bytes } of archivedFiles(REUTERS)) {
    if (!name.endsWith('.sgm')) continue;
    for (const [, attributes, body] of bytes.toString('latin1').matchAll(/<REUTERS ([^>]*)>(.*?)<\/REUTERS>/gs)) {
      const split = /LEWISSPLIT="(\w+)"/.exec(attributes!)?.[1] ?? '';
      if (!attributes!.includes('TOPICS="YES"') || parts[split] === undefined) continue;
      const topics = /<TOPICS>(.*?)<\/TOPICS>/s.exec(body!)?.[1] ?? '';
      const text = ['TITLE', 'BODY'].map((tag) => new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(body!)?.[1] ?? '');
      // A few texts have neither title nor body, only text.
      const whole = text.join('') === '' ? (/<TEXT[^>]*>(.*?)<\/TEXT>/s.exec(body!)?.[1] ?? '') : text.join('\n\n');
      parts[split].push({
        text: whole
          .replaceAll(/&#\d+;/g, ' ')
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&amp;', '&'),
        labels: Array.from(topics.matchAll(/<D>(.*?)<\/D>/g), ([, topic]) => topic!),
      });
    }
  }
  const topicsOf = (part: string) => new Set(parts[part]!.flatMap(({ labels }) => labels));
  const [trained, tested] = [topicsOf('TRAIN'), topicsOf('TEST')];
  const withTopic = (part: string) =>
    parts[part]!.map(({ text, labels }) => ({
      text,
      labels: labels.filter((label) => trained.has(label) && tested.has(label)),
    })).filter(({ labels }) => labels.length > 0);
  return { database: withTopic('TRAIN'), queries: withTopic('TEST') };
}

function bbc(): TextSet {
  const files = [...archivedFiles(BBC)]
    .filter(({ name }) => /^bbc\/\w+\/\d+\.txt$/.test(name))
    .sort((a: DataFile, b: DataFile) => (a.name < b.name ? -1 : 1));
  return everyNth(
    files.map(({ name, bytes }) => ({ text: decodeText(bytes).text, labels: [name.split('/')[1]!] })),
    BBC_QUERIES,
  );
}

function headlines(): TextSet {
  const [dev, test] = HEADLINES as [string, string];
  return { database: labelledLines(dev), queries: labelledLines(test) };
}

/** Lines of a text, a tab and a class. */
function labelledLines(archive: string): LabelledDocument[] {
  const lines = gunzipSync(readFileSync(dataPath(archive)))
    .toString('utf8')
    .split('\n');
  return lines.flatMap((line) => {
    const tab = line.lastIndexOf('\t');
    return tab < 0 ? [] : [{ text: line.slice(0, tab), labels: [line.slice(tab + 1).trim()] }];
  });
}

async function reviews(): Promise<TextSet> {
  const bytes = await onlyEntry(dataPath(REVIEWS));
  const { data } = Papa.parse<{ cat: string; review: string }>(bytes.toString('utf8').replace(/^\uFEFF/, ''), {
    header: true,
    skipEmptyLines: true,
  });
  return everyNth(
    data.filter(({ review }) => review).map(({ cat, review }) => ({ text: review, labels: [cat] })),
    REVIEW_QUERIES,
  );
}

/** Every `n`-th document of each label asks. */
function everyNth(documents: readonly LabelledDocument[], n: number): TextSet {
  const seen = new Map<string, number>();
  const [database, queries]: [LabelledDocument[], LabelledDocument[]] = [[], []];
  for (const document of documents) {
    const label = document.labels[0]!;
    const place = seen.get(label) ?? 0;
    seen.set(label, place + 1);
    (place % n === 0 ? queries : database).push(document);
  }
  return { database, queries };
}

/** The bytes of the one file in a zip archive. */
function onlyEntry(path: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      zip.on('error', reject);
      zip.on('entry', (entry: yauzl.Entry) => {
        zip.openReadStream(entry, (failed, stream) => {
          if (failed) return reject(failed);
          const chunks: Buffer[] = [];
          stream.on('data', (chunk: Buffer) => chunks.push(chunk));
          stream.on('error', reject);
          stream.on('end', () => resolve(Buffer.concat(chunks)));
        });
      });
      zip.readEntry();
    });
  });
}
