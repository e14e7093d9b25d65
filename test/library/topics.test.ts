// What an index says of its documents as a whole: topics, languages, drift.
import { afterEach, describe, expect, it } from '@jest/globals';
import { seededRandom } from '../../src/compare/random.ts';
import { clusterCodes, nearestCentres } from '../../src/library/cluster-codes.ts';
import {
  add,
  cleanUp,
  documents,
  documentText,
  indexed,
  rejectionOf,
  TOPICS,
  temporaryFolder,
  write,
} from './collection.ts';

afterEach(cleanUp);

describe('Topics', () => {
  it('need documents, and an encoder that was trained on them', async () => {
    expect((await rejectionOf((await indexed(temporaryFolder())).topics())).code).toBe('NOTHING_INDEXED');
    expect((await rejectionOf((await indexed(documents(2))).topics())).code).toBe('METHOD_UNAVAILABLE');
  });

  it('are clusters with their words and most typical documents, and the dimensions of the code; the same every time', async () => {
    const index = await indexed(documents(30), { train: 'auto' });
    const topics = await index.topics({ clusters: 3, words: 4, examples: 2 });
    expect(topics.documents).toBe(90);
    expect(topics.clusters.map(({ size }) => size)).toEqual([30, 30, 30]);
    const found = topics.clusters.map(({ words, examples }) => {
      expect(examples).toHaveLength(2);
      const topic = Object.keys(TOPICS).find((name) => examples[0]!.path.includes(`${name}/`))!;
      // Words as they are written, not as their stems.
      expect(words.filter((word) => !TOPICS[topic]!.includes(word))).toEqual([]);
      return topic;
    });
    expect(found.sort()).toEqual(Object.keys(TOPICS).sort());
    for (const { high, low } of topics.dimensions) expect(high.filter((word) => low.includes(word))).toEqual([]);
    expect(await index.topics({ clusters: 3, words: 4, examples: 2 })).toEqual(topics);
  }, 60_000);
});

describe('Clusters of codes', () => {
  it('are as many as there are different codes, at most', () => {
    const codes = Float32Array.of(1, 0, 1, 0, 0, 1, 1, 0);
    const { centres, clusterOf } = clusterCodes(codes, 2, 5, seededRandom('test'));
    expect(centres).toHaveLength(4);
    expect(clusterOf[0]).toBe(clusterOf[1]);
    expect(clusterOf[0]).not.toBe(clusterOf[2]);
  });

  it('put every code to the centre it is most like', () => {
    const random = seededRandom('test');
    const codes = Float32Array.from({ length: 400 }, () => random() - 0.5);
    for (let row = 0; row < 200; row++) {
      const length = Math.hypot(codes[2 * row]!, codes[2 * row + 1]!);
      for (let i = 0; i < 2; i++) codes[2 * row + i]! /= length;
    }
    const { centres, clusterOf } = clusterCodes(codes, 2, 6, random);
    expect(nearestCentres(codes, 2, centres)).toEqual(clusterOf);
    expect(new Set(clusterOf).size).toBe(6);
  });
});

describe('Drift', () => {
  it('is told when documents came that are unlike those the encoder learned from, with advice', async () => {
    const folder = documents(20);
    const index = await indexed(folder, { train: 'auto' });
    const before = await index.status();
    expect(before.drift).toBeUndefined();
    expect(before).toMatchObject({ passages: 0, languages: { en: expect.any(Number) } });

    for (let i = 100; i < 108; i++) write(folder, `sea/${i}.txt`, documentText('sea', i));
    await add(index, folder, { train: 'auto' });
    const same = (await index.status()).drift!;
    expect(same.added.documents).toBe(8);
    expect(same.trained.loss).toBeGreaterThan(0);
    expect(same.advice).toBeUndefined();

    for (let i = 0; i < 12; i++)
      write(folder, `stars/${i}.txt`, `telescope galaxy comet planet orbit nebula ${i} ship ${'quasar '.repeat(i)}`);
    await add(index, folder, { train: 'auto' });
    const { drift, advice } = await index.status();
    expect(drift!.added.unknownWords).toBeGreaterThan(drift!.trained.unknownWords + 0.3);
    expect(drift!.advice).toContain('unknown to the encoder');
    expect(advice).toContain(drift!.advice);
  }, 60_000);
});
