import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PICTURE_CODES } from '../../src/image/picture-codes.ts';
import { cleanUp, documents, documentText, indexed, pictures, temporaryFolder, write } from '../library/collection.ts';
import { MAIN, sandglass, started } from './command.ts';

let folder: string;
const ask = (...args: string[]) => sandglass(['query', ...args], { cwd: folder });

beforeAll(async () => {
  folder = await pictures(3, documents(4));
  write(folder, 'sea/two\nlines.txt', documentText('sea', 40));
  write(folder, '中文.md', '# 航海日志\n\n暴风雨中的帆船驶入港口,船长写下航海日志。');
  await (await indexed(folder)).close();
});
afterAll(cleanUp);

describe('A query that cannot be answered exits 2 with one line that says why', () => {
  const cases: readonly (readonly [what: string, args: readonly string[], code: string])[] = [
    ['a folder', ['sea'], 'FILE_NOT_REGULAR'],
    ['a file that is not there', ['no-such-file.txt'], 'FILE_VANISHED'],
    ['an empty file', ['empty'], 'FILE_EMPTY'],
    ['a file of a type that is not read', ['archive.zip'], 'KIND_UNSUPPORTED'],
    ['neither a file nor a text', [], 'QUERY_EMPTY'],
    ['both a file and a text', ['sea/1.txt', '--text', 'ship'], 'SETTING_INVALID'],
    ['a text without a word', ['--text', ' .,; '], 'QUERY_EMPTY'],
    ['standard input that is empty', ['--text', '-'], 'QUERY_EMPTY'],
    ['a method that is not there', ['sea/1.txt', '--method', 'magic'], 'METHOD_UNKNOWN'],
    ['a method for the other kind', ['sea/1.txt', '--method', 'phash'], 'METHOD_UNAVAILABLE'],
    ['an encoder that was never trained', ['sea/1.txt', '--method', 'ae'], 'METHOD_UNAVAILABLE'],
    ['items of another kind', ['sea/1.txt', '--kind', 'image'], 'METHOD_UNAVAILABLE'],
    ['examples of two kinds', ['sea/1.txt', '1.png'], 'METHOD_UNAVAILABLE'],
    ['several examples whose hits are to be explained', ['sea/1.txt', 'sea/2.txt', '--explain'], 'SETTING_INVALID'],
    ['only what is not looked for', ['--not', 'sea/1.txt'], 'QUERY_EMPTY'],
    ['a negative example that is not there', ['sea/1.txt', '--not', 'no-such-file.txt'], 'FILE_VANISHED'],
    ['both a file and a list of them', ['sea/1.txt', '--batch', '-'], 'SETTING_INVALID'],
    ['a list that is not there', ['--batch', 'no-such-list'], 'SETTING_INVALID'],
    ['a list that is a folder', ['--batch', 'sea'], 'SETTING_INVALID'],
    ['lines that are texts, of no list', ['sea/1.txt', '--texts'], 'SETTING_INVALID'],
    ['a method that is not there, many times', ['--batch', 'list', '--method', 'magic'], 'METHOD_UNKNOWN'],
  ];
  it.each(cases)('%s', (_, args, code) => {
    writeFileSync(join(folder, 'empty'), '');
    writeFileSync(join(folder, 'list'), 'sea/1.txt\nsea/2.txt\n');
    writeFileSync(join(folder, 'archive.zip'), 'PK\x03\x04\x14\0\0\0\x08\0');
    const { code: exit, out, err } = ask(...args);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toMatch(/^sandglass: [^\n]+\n$/);
    expect(err).toContain(`[${code}]`);
  });

  it.each([
    [['-k', '0']],
    [['-k', 'many']],
    [['--min-score', 'high']],
    [['--kind', 'sound']],
    [['--json', '--jsonl']],
    [['--glob', '']],
    [['--within', 'near']],
    [['--batch', '-', '--json']],
    [['--batch', '-', '--not', 'sea/2.txt']],
    [['--batch', '-', '--text', 'ship']],
  ])('options %j', (options) => {
    const { code, out, err } = ask('sea/1.txt', ...options);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^error: /);
  });

  it('no index', () => {
    const { code, err } = sandglass(['query', '--text', 'ship'], { cwd: temporaryFolder() });
    expect(code).toBe(2);
    expect(err).toMatch(/sandglass index <folder> \[INDEX_MISSING\]/);
  });
});

describe('The answer', () => {
  it('is a table of rank, score and path, the same file first', () => {
    const { code, out, err } = ask('sea/1.txt', '-k', '2');
    expect(code).toBe(0);
    // the lines between are passages, further to the right
    expect(
      out
        .split('\n')
        .filter((line) => !/^ {10}/.test(line))
        .map((line) => line.trim()),
    ).toEqual([
      'score  path',
      expect.stringMatching(/^1 {2}1\.000 {2}sea\/1\.txt$/),
      expect.stringMatching(/^2 {2}0\.\d{3} {2}sea\/\S+$/),
      '',
    ]);
    expect(err).toBe('method tfidf over 14 text items\n');
  });

  it('is one JSON document with --json', () => {
    const { code, out } = ask('sea/1.txt', '--json', '-k', '3');
    expect(code).toBe(0);
    const answer = JSON.parse(out) as { hits: unknown[] };
    expect(answer).toMatchObject({
      schema: 1,
      query: { file: join(folder, 'sea/1.txt') },
      kind: 'text',
      method: 'tfidf',
      approximate: false,
      items: 14,
      notes: [],
    });
    expect(answer.hits).toHaveLength(3);
    expect(answer.hits[0]).toMatchObject({
      rank: 1,
      path: join(folder, 'sea/1.txt'),
      kind: 'text',
      score: expect.closeTo(1),
      distance: expect.closeTo(0),
    });
  });

  it('is one JSON object a line with --jsonl', () => {
    const lines = ask('sea/1.txt', '--jsonl', '-k', '3').out.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { rank: number }).rank)).toEqual([1, 2, 3]);
  });

  it('is paths, one a line, with --paths, and whole names whatever they hold with -0', () => {
    const text = documentText('sea', 40);
    expect(ask('--text', text, '--paths', '-k', '1').out).toBe('sea/two\nlines.txt\n');
    const names = ask('--text', text, '-0', '-k', '20').out.split('\0');
    expect(names[0]).toBe('sea/two\nlines.txt');
    expect(names.at(-1)).toBe('');
    expect(names).toHaveLength(6);
    expect(ask('--text', text, '-k', '1').out).toContain('sea/two\\nlines.txt');
  });

  it('holds all items when more are asked for than there are', () => {
    const { hits } = JSON.parse(ask('1.png', '--json', '-k', '1000').out) as { hits: unknown[] };
    expect(hits).toHaveLength(3);
  });

  it('leaves out documents that share no word with the query', () => {
    expect(ask('sea/1.txt', '--paths', '-k', '1000', '--glob', '!*lines*').out.trim().split('\n').sort()).toEqual(
      [0, 1, 2, 3].map((i) => `sea/${i}.txt`),
    );
    expect(ask('sea/1.txt', '--glob', 'bread')).toMatchObject({ code: 1, out: '' });
  });

  it('keeps to --glob, --min-score and --kind, and exits 1 when nothing is left', () => {
    expect(ask('--text', 'ship dough', '--paths', '--glob', 'bread').out.trim().split('\n').sort()).toEqual(
      [0, 1, 2, 3].map((i) => `bread/${i}.txt`),
    );
    const { out } = ask('--text', 'ship dough', '--paths', '--glob', '!sea/', '--kind', 'text');
    expect(out).toContain('bread/');
    expect(out).not.toContain('sea/');
    expect(ask('sea/1.txt', '--paths', '--min-score', '0.99').out).toBe('sea/1.txt\n');
    const none = ask('--text', 'ship', '--min-score', '0.99');
    expect(none).toMatchObject({ code: 1, out: '' });
    expect(none.err).toContain('Nothing is like it');
    expect(ask('--text', 'ship', '--glob', 'nowhere/**', '--json')).toMatchObject({ code: 1 });
  });

  it('is none, with a word about it, for a text of which no word is known', () => {
    const { code, out, err } = ask('--text', 'xylophone');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('No indexed document has a word of the query.');
  });

  it('finds Chinese by Chinese', () => {
    expect(ask('--text', '帆船 港口', '--paths', '-k', '1').out).toBe('中文.md\n');
  });

  it('is about standard input with --text -', () => {
    const { out } = sandglass(['query', '--text', '-', '--paths', '-k', '1'], {
      cwd: folder,
      input: documentText('chess', 2),
    });
    expect(out).toBe('chess/2.txt\n');
  });

  it('is asked of the index beside the file where the working directory has none', () => {
    expect(sandglass(['query', join(folder, 'sea/1.txt'), '--paths', '-k', '1'])).toMatchObject({
      code: 0,
      out: `${join(folder, 'sea/1.txt').slice(1)}\n`,
    });
  });

  it('ranks pictures by each of their methods', () => {
    const good = PICTURE_CODES.filter(({ saysEnough }) => saysEnough === undefined);
    for (const method of good.map(({ name }) => name)) {
      const { out } = ask('1.png', '--method', method, '--json');
      const { hits } = JSON.parse(out) as { hits: { path: string; score: number; distance: number }[] };
      expect(hits[0]).toMatchObject({
        path: join(folder, '1.png'),
        score: expect.closeTo(1),
        distance: expect.closeTo(0),
      });
      expect(hits).toHaveLength(3);
    }
  });

  it('names all methods of pictures in its help', () => {
    const help = sandglass(['query', '--help']).out.replaceAll(/\s+/g, ' ');
    const docs = readFileSync(join(import.meta.dirname, '../../docs/cli.md'), 'utf8');
    const hashes = readFileSync(join(import.meta.dirname, '../../docs/images.md'), 'utf8');
    for (const { name } of PICTURE_CODES) {
      expect(help).toMatch(new RegExp(`image: [^;]*\\b${name}\\b`));
      expect(docs).toContain(`\`${name}\``);
      expect(hashes).toContain(`| \`${name}\` |`);
    }
  });

  it('says why with --explain', () => {
    expect(ask('sea/1.txt', '--explain', '-k', '1').out).toMatch(/shared words: \S+/);
    expect(ask('1.png', '--method', 'phash', '--explain', '-k', '1').out).toContain('0 of 64 bits differ');
    expect(ask('1.png', '--method', 'pixels', '--explain', '-k', '1').out).toContain('cosine distance');
  });

  it('has links and colours only where they are wanted', () => {
    expect(ask('sea/1.txt', '-k', '1').out).not.toContain('\u001b');
    const { out } = ask('sea/1.txt', '-k', '1', '--color', 'always');
    expect(out).toContain(`\u001b]8;;file://${folder}/sea/1.txt\u001b\\`);
  });

  it('ends quietly when its reader goes away', async () => {
    const { child, end } = started(['query', 'sea/1.txt', '--jsonl', '-k', '20'], { cwd: folder });
    child.stdout.destroy();
    expect(await end).toMatchObject({ code: 0, err: '' });
  });
});

describe('Several examples', () => {
  const topicsOf = (out: string) =>
    out
      .trimEnd()
      .split('\n')
      .map((path) => path.split('/')[0]);

  it('find what is like any of them, first what is like all', () => {
    const { code, out } = ask(
      'sea/1.txt',
      'bread/1.txt',
      '--paths',
      '-k',
      '20',
      '--glob',
      '*.txt',
      '--glob',
      '!*lines*',
    );
    expect(code).toBe(0);
    expect([...new Set(topicsOf(out))].sort()).toEqual(['bread', 'sea']);
    expect(out.split('\n').slice(0, 2).sort()).toEqual(['bread/1.txt', 'sea/1.txt']);
    expect(out.trimEnd().split('\n')).toHaveLength(8);
  });

  it('are told in the answer, with what is not looked for, whose likes go down', () => {
    const answer = (...args: string[]) =>
      JSON.parse(ask(...args, '--json', '-k', '20', '--method', 'bow').out) as {
        examples?: unknown;
        hits: { path: string; score: number }[];
      };
    const file = (path: string) => ({ file: join(folder, path) });
    const both = ['sea/1.txt', 'bread/1.txt'];
    const [plain, not] = [answer(...both), answer(...both, '--not', 'bread/2.txt', '--not', 'bread/3.txt')];
    expect(plain.examples).toEqual({ like: both.map(file), unlike: [] });
    expect(not.examples).toEqual({ like: both.map(file), unlike: [file('bread/2.txt'), file('bread/3.txt')] });
    const scoreOf = ({ hits }: typeof plain, path: string) =>
      hits.find((hit) => hit.path === join(folder, path))?.score;
    expect(scoreOf(not, 'sea/1.txt')).toBe(scoreOf(plain, 'sea/1.txt'));
    expect(scoreOf(not, 'bread/2.txt')).toBeCloseTo(scoreOf(plain, 'bread/2.txt')! - 0.25, 5);
    expect(not.hits[0]!.path).toBe(join(folder, 'sea/1.txt'));
  });
});

describe('--within', () => {
  it('gives all that are so near, and with -k the first of them', () => {
    const { hits } = JSON.parse(ask('sea/1.txt', '--json', '-k', '100').out) as {
      hits: { path: string; distance: number }[];
    };
    const radius = hits[2]!.distance;
    const within = (...args: string[]) =>
      JSON.parse(ask('sea/1.txt', '--json', '--within', String(radius), ...args).out);
    expect(within()).toMatchObject({ hits: hits.filter(({ distance }) => distance <= radius) });
    expect(within('-k', '1')).toMatchObject({ hits: hits.slice(0, 1) });
  });

  it('of a hash counts bits', () => {
    expect(ask('1.png', '--method', 'phash', '--within', '0', '--paths').out).toBe('1.png\n');
    expect(ask('1.png', '--method', 'phash', '--within', '64', '--paths').out.trimEnd().split('\n')).toHaveLength(3);
  });

  it('says that nothing is so near, and exits 1', () => {
    const { code, out, err } = ask('--text', 'ship', '--within', '0.0001');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('Nothing is like it by tfidf within 0.0001.');
  });
});

describe('--batch', () => {
  const many = (input: string, ...args: string[]) =>
    sandglass(['query', '--batch', '-', '-k', '2', ...args], { cwd: folder, input });
  const linesOf = (out: string) =>
    out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  const one = (...args: string[]) => JSON.parse(ask(...args, '--json', '-k', '2').out) as unknown;

  it('answers each line as a question by itself, empty lines and the ends of Windows passed over', () => {
    const { code, out, err } = many('sea/1.txt\r\n\n1.png\n');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(linesOf(out)).toEqual([one('sea/1.txt'), one('1.png')]);
  });

  it('says in its place which question has no answer, goes on, and exits 2', () => {
    const { code, out } = many('no-such-file.txt\nbread/1.txt\n');
    expect(code).toBe(2);
    expect(linesOf(out)).toEqual([
      {
        schema: 1,
        query: { file: join(folder, 'no-such-file.txt') },
        error: { code: 'FILE_VANISHED', message: expect.any(String) },
      },
      one('bread/1.txt'),
    ]);
  });

  it('takes lines as words with --texts, from a file too, and exits 1 where none finds anything', () => {
    write(folder, 'words.list', 'ship storm\n帆船 港口\n');
    const { code, out } = ask('--batch', 'words.list', '--texts', '-k', '2');
    expect(code).toBe(0);
    expect(linesOf(out)).toEqual([one('--text', 'ship storm'), one('--text', '帆船 港口')]);
    expect(many('xylophone\n', '--texts')).toMatchObject({ code: 1, out: expect.stringContaining('"hits":[]') });
    expect(many('')).toEqual({ code: 1, out: '', err: '' });
  });

  it('refuses a folder at its standard input, which Node takes for empty', () => {
    const input = openSync(folder, 'r');
    const { status, stderr } = spawnSync(process.execPath, [MAIN, 'query', '--batch', '-'], {
      cwd: folder,
      stdio: [input, 'pipe', 'pipe'],
      encoding: 'utf8',
    });
    closeSync(input);
    expect([status, stderr]).toEqual([2, expect.stringContaining('folder')]);
  });
});
