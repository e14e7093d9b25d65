import { utimesSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Sandglass } from '../../src/sandglass.ts';
import { cleanUp, documents, documentText, indexed, pictures, rejectionOf, write } from './collection.ts';

let folder: string;
let index: Sandglass;
beforeAll(async () => {
  folder = await pictures(3, documents(10));
  write(
    folder,
    'deutsch.txt',
    'Das Schiff und der Kapitän fahren in den Hafen, und die Mannschaft ist froh. ship sail wave harbour',
  );
  write(folder, 'long.txt', `${'ship sail '.repeat(500)}`);
  utimesSync(join(folder, 'sea/0.txt'), new Date('2001-01-01'), new Date('2001-01-01'));
  index = await indexed(folder);
});
afterAll(cleanUp);

const names = (hits: readonly { path: string }[]) => hits.map(({ path }) => basename(path));

describe('A question that cannot be answered', () => {
  it('is a mistake of the program where a number is none', async () => {
    const ask = (options: object) => index.query({ text: 'ship' }, options);
    for (const options of [{ ef: 0 }, { k: 1.5 }, { within: Number.NaN }, { minScore: Number.NaN }])
      await expect(ask(options)).rejects.toThrow(RangeError);
    for (const filter of [{ minSize: -1 }, { maxSize: Number.NaN }, { since: new Date('never') }])
      await expect(ask({ filter })).rejects.toThrow(RangeError);
  });

  it('has no example, or examples of two kinds, or asks why hits are like several', async () => {
    expect((await rejectionOf(index.query([]))).code).toBe('QUERY_EMPTY');
    expect((await rejectionOf(index.query([], { not: [{ text: 'ship' }] }))).code).toBe('QUERY_EMPTY');
    const both = [{ text: 'ship' }, { file: join(folder, '0.png') }];
    expect((await rejectionOf(index.query(both))).code).toBe('METHOD_UNAVAILABLE');
    const [first, second] = [{ text: 'ship' }, { text: 'oven' }];
    expect((await rejectionOf(index.query([first, second], { explain: true }))).code).toBe('SETTING_INVALID');
  });
});

describe('A filter', () => {
  const ask = async (filter: object, k = 10) => (await index.query({ text: 'flour ship' }, { filter, k })).hits;

  it('leaves k hits where k items pass it', async () => {
    // every best hit is outside of it
    expect(await ask({ glob: ['chess/*'] }, 4)).toHaveLength(0);
    const { hits } = await index.query({ text: 'ship flour knight' }, { filter: { glob: ['chess/*'] }, k: 4 });
    expect(hits).toHaveLength(4);
    for (const { path } of hits) expect(path).toContain('/chess/');
  });

  it('goes by size, time and language', async () => {
    expect(names(await ask({ minSize: 3_000 }))).toEqual(['long.txt']);
    expect(names(await ask({ maxSize: 3_000 }, 50))).not.toContain('long.txt');
    expect(names(await ask({ before: new Date('2002-01-01') }))).toEqual(['0.txt']);
    expect((await ask({ since: new Date('2002-01-01') }, 50)).some(({ path }) => path.endsWith('sea/0.txt'))).toBe(
      false,
    );
    expect(names(await ask({ language: ['de'] }))).toEqual(['deutsch.txt']);
    expect(await ask({ language: ['de'], minSize: 3_000 })).toEqual([]);
  });
});

describe('All within a range', () => {
  it('are those of the whole ranking as far as it goes, k or not', async () => {
    const query = { file: join(folder, 'sea/1.txt') };
    for (const method of ['bow', 'tfidf', 'bm25']) {
      const all = (await index.query(query, { method, k: 100 })).hits;
      const { score, distance } = all[4]!;
      const expected = names(all.filter((hit) => hit.score >= score));
      expect(names((await index.query(query, { method, minScore: score })).hits)).toEqual(expected);
      expect(names((await index.query(query, { method, within: distance })).hits)).toEqual(expected);
      expect(names((await index.query(query, { method, within: distance, k: 2 })).hits)).toEqual(expected.slice(0, 2));
    }
  });

  it('of hashes are told by bits that differ', async () => {
    const { hits } = await index.query({ file: join(folder, '0.png') }, { method: 'phash', within: 0 });
    expect(names(hits)).toEqual(['0.png']);
  });
});

describe('Several examples', () => {
  it('find what is like all of them', async () => {
    const { hits, examples } = await index.query([{ text: 'ship sail' }, { text: 'flour oven' }], {
      k: 40,
      method: 'tfidf',
    });
    expect(examples).toEqual({ like: [{ text: 'ship sail' }, { text: 'flour oven' }], unlike: [] });
    expect(new Set(hits.map(({ path }) => path.split('/').at(-2)))).toContain('bread');
    expect(new Set(hits.map(({ path }) => path.split('/').at(-2)))).toContain('sea');
  });

  it.each(['bow', 'tfidf', 'bm25'])('lose a quarter of what a negative one scores, by %s', async (method) => {
    const ask = async (like: string, not: readonly string[] = []) =>
      (await index.query({ text: like }, { method, k: 100, not: not.map((text) => ({ text })) })).hits;
    const scores = async (text: string) => {
      const hits = await ask(text);
      const highest = method === 'bm25' ? hits[0]!.score : 1;
      return new Map(hits.map(({ path, score }) => [path, score / highest]));
    };
    const like = `${documentText('sea', 3)} ${documentText('bread', 3)}`;
    const not = [documentText('bread', 5), documentText('bread', 6)];
    const wanted = await scores(like);
    const unwanted = await Promise.all(not.map(scores));
    const hits = await ask(like, not);
    expect(hits.length).toBeGreaterThan(10);
    for (const { path, score } of hits)
      expect(score).toBeCloseTo(wanted.get(path)! - Math.max(...unwanted.map((each) => each.get(path) ?? 0)) / 4, 5);
    const breadAmong = (found: typeof hits) => found.slice(0, 8).filter(({ path }) => path.includes('/bread/')).length;
    expect(breadAmong(hits)).toBeLessThan(breadAmong(await ask(like)));
  });

  it('of pictures put down their negative ones', async () => {
    const [a, b] = [{ file: join(folder, '0.png') }, { file: join(folder, '1.png') }];
    for (const method of ['phash', 'colour', 'pixels']) {
      const { hits } = await index.query([a], { not: [b], method });
      expect(basename(hits[0]!.path)).toBe('0.png');
      const plain = (await index.query(a, { method })).hits.find(({ path }) => path.endsWith('1.png'))!;
      expect(hits.find(({ path }) => path.endsWith('1.png'))!.score).toBeLessThan(plain.score);
    }
  });
});

describe('Many questions', () => {
  it('end with what is wrong with all of them', async () => {
    const all = index.queryMany([{ text: 'ship' }], { method: 'magic' });
    expect((await rejectionOf(all.next())).code).toBe('METHOD_UNKNOWN');
    const stopped = index.queryMany([{ text: 'ship' }], { signal: AbortSignal.abort() });
    expect((await rejectionOf(stopped.next())).code).toBe('ABORTED');
  });

  it('are answered as each by itself, also behind one that cannot be read', async () => {
    const inputs = [{ text: 'ship' }, { file: join(folder, 'gone.txt') }, { file: join(folder, '1.png') }];
    const answers = [];
    for await (const answer of index.queryMany(inputs, { k: 3 })) answers.push(answer);
    expect(answers[0]).toEqual(await index.query(inputs[0]!, { k: 3 }));
    expect(answers[1]).toMatchObject({ query: inputs[1], error: { code: 'FILE_VANISHED' } });
    expect(answers[2]).toEqual(await index.query(inputs[2]!, { k: 3 }));
  });
});
