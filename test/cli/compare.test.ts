import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PICTURE_CODES } from '../../src/image/picture-codes.ts';
import { cleanUp, documents, documentText, indexed, pictures, temporaryFolder, write } from '../library/collection.ts';
import { sandglass } from './command.ts';

interface Report {
  readonly items: number;
  readonly queries: number;
  readonly methods: readonly {
    readonly method: string;
    readonly precisionAt: Record<string, number>;
    readonly mrr: number;
  }[];
}

let folder: string;
const compare = (...args: string[]) => sandglass(['compare', '--sample', '12', ...args], { cwd: folder });
const reportOf = (...args: string[]) => {
  const { out, err, code } = compare('--json', ...args);
  if (code !== 0) throw new Error(err);
  return JSON.parse(out) as Report;
};

beforeAll(async () => {
  folder = await pictures(6, documents(8));
  await (await indexed(folder)).close();
});
afterAll(cleanUp);

/** All methods but the one that finds copied passages, which shuffled copies and documents of one class do not have. */
const thematic = ({ methods }: Report) => methods.filter(({ method }) => method !== 'minhash');

describe('A comparison that cannot be made exits 2 and says why', () => {
  it.each([
    ['labels that are not there', ['--labels', 'nowhere.tsv'], 'FILE_VANISHED'],
    ['labels of other files', ['--labels', 'others.tsv'], 'LABELS_INVALID'],
    ['labels that are no table', ['--labels', 'sea/1.txt'], 'LABELS_INVALID'],
    ['queries without labels', ['--queries', 'sea'], 'SETTING_INVALID'],
    ['queries of a folder that is not there', ['--labels', 'folders', '--queries', 'nowhere'], 'FILE_VANISHED'],
    ['queries that have no label', ['--labels', 'folders', '--queries', 'sea'], 'LABELS_INVALID'],
    ['a method there is not', ['--methods', 'magic'], 'METHOD_UNKNOWN'],
    ['an encoder that was never trained', ['--methods', 'ae'], 'METHOD_UNAVAILABLE'],
    ['a report that cannot be written', ['--report', 'nowhere/report.html'], 'OUTPUT_UNWRITABLE'],
    ['a report where a folder stands', ['--report', 'sea'], 'OUTPUT_UNWRITABLE'],
  ])('%s', (_, args, code) => {
    write(folder, 'others.tsv', '/somewhere/else.txt\tsea\n');
    const { code: exit, out, err } = compare(...args);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toMatch(/^sandglass: [^\n]+\n$/);
    expect(err).toContain(`[${code}]`);
  });
});

describe('Without labels', () => {
  it('copies of the own files are the queries, and the figures are those of the schema', () => {
    const report = reportOf();
    expect(report).toMatchObject({ schema: 1, protocol: 'label-free', items: 24, seed: 1234 });
    expect(report.queries).toBeGreaterThan(20);
    expect(report.methods.map(({ method }) => method)).toEqual(['bow', 'tfidf', 'bm25', 'minhash']);
    for (const method of report.methods) {
      const figures = { '1': expect.any(Number), '10': expect.any(Number), '100': expect.any(Number) };
      expect(method).toMatchObject({
        bytesPerItem: expect.any(Number),
        msPerQuery: expect.any(Number),
        precisionAt: figures,
        recallAt: figures,
        map: expect.any(Number),
        mrr: expect.any(Number),
        intervals: { mrr: [expect.any(Number), expect.any(Number)] },
      });
    }
    for (const { mrr } of thematic(report)) expect(mrr).toBeGreaterThan(0.5);
  });

  it('are the same again with the same seed, and others with another', () => {
    const figures = (...args: string[]) => reportOf(...args).methods.map(({ mrr }) => mrr);
    expect(figures()).toEqual(figures());
    expect(figures('--seed', '5')).not.toEqual(figures('--seed', '6'));
  });

  it('are of pictures, too, by their own methods', () => {
    const report = reportOf('--kind', 'image', '--sample', '3');
    expect(report.items).toBe(6);
    expect(report.methods.map(({ method }) => method)).toEqual(PICTURE_CODES.map(({ name }) => name));
  });

  it('are told in a table, with the corruptions that no encoder practised apart', () => {
    const { out, code, err } = compare('--methods', 'tfidf');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/method +found@1 +found@10 +found@100 +MRR/);
    expect(out).toMatch(/tfidf +\d\.\d{3}/);
    expect(out).toContain('* held out: no encoder was trained with this corruption');
  });
});

describe('With labels', () => {
  it('a folder is a class', () => {
    const report = reportOf('--labels', 'folders');
    expect(report).toMatchObject({ schema: 1, protocol: 'labelled', items: 24, queries: 12 });
    for (const { precisionAt } of thematic(report)) expect(precisionAt['1']).toBe(1);
  });

  it('every indexed folder is one where there are several', async () => {
    const own = join(temporaryFolder(), 'index');
    sandglass([
      'index',
      ...['sea', 'bread', 'chess'].map((topic) => join(folder, topic)),
      '--train',
      'never',
      '--index',
      own,
    ]);
    const { out } = sandglass(['compare', '--labels', 'folders', '--json', '--sample', '6', '--index', own]);
    expect((JSON.parse(out) as Report).methods[0]?.precisionAt['1']).toBe(1);
  });

  it('a table names them, by paths beside it or whole ones', () => {
    const rows = [
      ...[0, 1, 2, 3, 4, 5, 6, 7].map((i) => `sea/${i}.txt\twet,deep`),
      ...[0, 1, 2, 3, 4, 5, 6, 7].map((i) => `${join(folder, 'bread', `${i}.txt`)}\tdry`),
    ];
    write(folder, 'labels.tsv', `${rows.join('\n')}\n`);
    const report = reportOf('--labels', 'labels.tsv');
    expect(report.queries).toBe(12);
    for (const { precisionAt } of thematic(report)) expect(precisionAt['1']).toBe(1);
  });

  it('other files can be the queries, which need not be indexed', () => {
    const outside = temporaryFolder();
    for (const topic of ['sea', 'chess']) write(outside, `${topic}/new.txt`, documentText(topic, 500));
    write(outside, 'sea/program', 'MZ\x90\0\x03\0\0\0');
    const report = reportOf('--labels', 'folders', '--queries', outside);
    expect(report.queries).toBe(2);
    for (const { precisionAt } of thematic(report)) expect(precisionAt['1']).toBe(1);
  });
});

describe('A report', () => {
  it.each([
    ['documents', []],
    ['pictures', ['--kind', 'image', '--sample', '3']],
    ['labels', ['--labels', 'folders']],
  ])('of %s is one page that asks for nothing else', (_, args) => {
    const file = join(temporaryFolder(), 'out.html');
    const { code, err } = compare('--report', file, ...args);
    expect(code).toBe(0);
    expect(err).toContain(`report: ${file}`);
    const html = readFileSync(file, 'utf8');
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html).not.toMatch(/<script[^>]+src=|<link[^>]+href=|@import|url\(\s*['"]?(?!data:|#)/i);
    // Names of XML are no addresses that are asked for.
    const addresses = [...html.matchAll(/(?:src|href)\s*=\s*"([^"]*)"/gi)].map(([, address]) => address!);
    expect(addresses.filter((address) => !/^(data:|#)/.test(address))).toEqual([]);
    expect(html).toContain('<svg');
    if (args.includes('image')) expect(html).toContain('data:image/jpeg;base64,');
  });
});

describe('sandglass similarity', () => {
  const similarity = (...args: string[]) => sandglass(['similarity', ...args], { cwd: folder });

  it('scores two files or two texts by every method', () => {
    const { code, out } = similarity('sea/1.txt', 'sea/2.txt');
    expect(code).toBe(0);
    expect(out).toMatch(/^method +score +distance\s+bow +0\.\d{4} +0\.\d+ cosine\s+tfidf +0\.\d{4}/);
    expect(similarity('0.png', '0.png', '--json').out).toContain('"unit": "bits"');
    const { out: texts, err } = sandglass(['similarity', '--texts', 'a red car', 'the car is red']);
    expect(texts).toMatch(/bow +1\.0000/);
    expect(err).toBe('No index here: only the methods that need none.\n');
  });

  it('exits 0 for alike and 1 for not with --threshold, which needs --method', () => {
    expect(similarity('0.png', '0.png', '--method', 'phash', '--threshold', '0.99').code).toBe(0);
    expect(similarity('0.png', '3.png', '--method', 'phash', '--threshold', '0.99').code).toBe(1);
    expect(similarity('0.png', '0.png', '--threshold', '0.99')).toMatchObject({
      code: 2,
      err: expect.stringContaining('[SETTING_INVALID]'),
    });
    expect(similarity('0.png', 'sea/1.txt')).toMatchObject({
      code: 2,
      err: expect.stringContaining('[METHOD_UNAVAILABLE]'),
    });
    expect(similarity('0.png', 'nowhere')).toMatchObject({ code: 2, err: expect.stringContaining('[FILE_VANISHED]') });
    expect(similarity('--texts', '…', 'ship')).toMatchObject({
      code: 2,
      err: expect.stringContaining('[QUERY_EMPTY]'),
    });
  });
});

describe('sandglass status', () => {
  it('tells what is in the index', () => {
    const { code, out } = sandglass(['status', '--json'], { cwd: folder });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      schema: 1,
      directory: join(folder, '.sandglass'),
      items: { text: 24, image: 6, failed: 0 },
      roots: [{ path: folder, state: 'online', items: 30 }],
      encoders: PICTURE_CODES.map(({ name: method }) => ({ method, kind: 'image', state: 'active', codes: 6 })),
      defaults: { text: { method: 'tfidf' }, image: { method: 'phash' } },
      bytes: expect.any(Number),
      advice: [],
    });
    const { out: text } = sandglass(['status'], { cwd: folder });
    expect(text).toContain('24 documents, 6 pictures, 0 failed');
    expect(sandglass(['status', '--failed'], { cwd: folder })).toMatchObject({
      code: 0,
      out: '',
      err: 'Every file could be read.\n',
    });
  });

  it('needs an index', () => {
    const empty = temporaryFolder();
    mkdirSync(join(empty, '.sandglass'));
    expect(sandglass(['status'], { cwd: empty })).toMatchObject({
      code: 2,
      err: expect.stringContaining('[INDEX_MISSING]'),
    });
    expect(existsSync(join(empty, '.sandglass/catalog.sqlite'))).toBe(false);
  });
});

describe('sandglass doctor', () => {
  it('tells of Node, the native modules and the devices, and what is missing', () => {
    const { out } = sandglass(['doctor', '--json']);
    const { schema, checks } = JSON.parse(out) as {
      schema: number;
      checks: { name: string; state: string; detail: string }[];
    };
    expect(schema).toBe(1);
    expect(checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['node', 'better-sqlite3', 'hnswlib-node', 'sharp', 'device cpu', 'device cuda']),
    );
    for (const { state, name } of checks) expect({ name, state }).not.toEqual({ name, state: 'error' });
    for (const { detail } of checks) expect(detail).not.toBe('');
    expect(sandglass(['doctor'])).toMatchObject({ code: 0, out: expect.stringMatching(/^ok {3}node /m) });
  });
});
