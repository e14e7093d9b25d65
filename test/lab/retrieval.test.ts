// Retrieval: against a plain sort on small data, against known figures on MNIST; ties must not tell the database's order.
import { describe, expect, it } from '@jest/globals';
import { mapAccuracy } from '../../src/lab/map-accuracy.ts';
import { type LabelledCodes, measureRetrieval } from '../../src/lab/retrieval.ts';
import { majority } from '../../src/lab/vote.ts';
import { Random } from '../../src/training/random.ts';
import { MNIST_ABSENT, readMnist } from './mnist.ts';

type Metric = Parameters<typeof measureRetrieval>[0]['metric'];

const onMnist = MNIST_ABSENT === undefined ? it : it.skip;

describe('measureRetrieval', () => {
  const some = { codes: Float32Array.of(1, 2, 3, 4), labels: Uint8Array.of(0, 1) };

  it('refuses codes that their labels do not divide', async () => {
    const broken = { codes: new Float32Array(5), labels: Uint8Array.of(0, 1) };
    await expect(measureRetrieval({ database: broken, queries: some, metric: 'cosine' })).rejects.toThrow(
      'Expected codes of one length for the database, a label each, but received 5 numbers and 2 labels',
    );
  });

  it('refuses an empty database and no queries', async () => {
    const none = { codes: new Float32Array(0), labels: new Uint8Array(0) };
    await expect(measureRetrieval({ database: none, queries: some, metric: 'cosine' })).rejects.toThrow(RangeError);
    await expect(measureRetrieval({ database: some, queries: none, metric: 'cosine' })).rejects.toThrow(RangeError);
  });

  it('refuses queries of another length than the database', async () => {
    const longer = { codes: new Float32Array(6), labels: Uint8Array.of(0, 1) };
    await expect(measureRetrieval({ database: some, queries: longer, metric: 'euclidean' })).rejects.toThrow(
      'Expected queries of 2 numbers, as in the database, but received 3',
    );
  });

  it('refuses NaN in codes and floats as bits', async () => {
    const broken = { codes: Float32Array.of(1, 2, 3, Number.NaN), labels: Uint8Array.of(0, 1) };
    await expect(measureRetrieval({ database: broken, queries: some, metric: 'euclidean' })).rejects.toThrow(/NaN/);
    await expect(measureRetrieval({ database: some, queries: some, metric: 'hamming' })).rejects.toThrow(/packed bits/);
  });

  it('stops when asked to', async () => {
    const task = { database: some, queries: some, metric: 'euclidean', signal: AbortSignal.abort() } as const;
    await expect(measureRetrieval(task)).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it.each<Metric>(['euclidean', 'cosine', 'hamming'])('agrees with a plain sort by %s', async (metric) => {
    const database = randomCodes(700, 6, 1, metric);
    const queries = randomCodes(40, 6, 2, metric);
    const figures = await measureRetrieval({ database, queries, metric });
    const expected = bySorting(database, queries, metric);
    expect(figures.queries).toBe(40);
    expect(figures.accuracy5nn).toBeCloseTo(expected.accuracy5nn, 10);
    expect(figures.precisionAt100).toBeCloseTo(expected.precisionAt100, 10);
    expect(figures.meanAveragePrecision).toBeCloseTo(expected.meanAveragePrecision, 10);
  });

  it('keeps distances that are small beside the numbers themselves', async () => {
    const near = randomCodes(300, 4, 5, 'euclidean');
    const far = { ...near, codes: near.codes.map((value) => Math.fround(value * 0.01 + 1000)) as Float32Array };
    const { codes, labels } = far;
    const queries = { codes: codes.slice(0, 80), labels: labels.slice(0, 20) };
    const { meanAveragePrecision } = await measureRetrieval({ database: far, queries, metric: 'euclidean' });
    expect(meanAveragePrecision).toBeCloseTo(bySorting(far, queries, 'euclidean').meanAveragePrecision, 5);
  });

  it('counts a query whose class the database does not have as 0', async () => {
    const database = { codes: Float32Array.of(0, 1), labels: Uint8Array.of(0, 0) };
    const queries = { codes: Float32Array.of(0, 0), labels: Uint8Array.of(0, 7) };
    const figures = await measureRetrieval({ database, queries, metric: 'euclidean' });
    expect(figures).toEqual({ queries: 2, accuracy5nn: 0.5, precisionAt100: 0.01, meanAveragePrecision: 0.5 });
  });

  it('does not let the order of the database decide among equals', async () => {
    const labels = Uint8Array.from({ length: 2000 }, (_, row) => (row < 1000 ? 0 : 1));
    const queries = { codes: Uint8Array.of(5), labels: Uint8Array.of(0) };
    const database = { codes: new Uint8Array(2000).fill(5), labels };
    const { precisionAt100, meanAveragePrecision } = await measureRetrieval({ database, queries, metric: 'hamming' });
    expect(precisionAt100).toBeGreaterThan(0.35);
    expect(precisionAt100).toBeLessThan(0.65);
    expect(meanAveragePrecision).toBeCloseTo(0.5, 1);
  });

  it('reads no likeness into a code of zeros under the cosine', async () => {
    const database = { codes: Float32Array.of(-1, 0, 0, 0, 1, 0), labels: Uint8Array.of(0, 1, 2) };
    const queries = { codes: Float32Array.of(2, 0), labels: Uint8Array.of(1) };
    const figures = await measureRetrieval({ database, queries, metric: 'cosine' });
    expect(figures.meanAveragePrecision).toBe(0.5);
  });

  onMnist(`finds what a float64 sort of all distances finds on MNIST (${MNIST_ABSENT ?? 'present'})`, async () => {
    const [train, test] = [readMnist('train'), readMnist('t10k')];
    const figures = await measureRetrieval({
      database: { codes: train.pixels, labels: train.labels },
      queries: { codes: test.pixels.slice(0, 300 * 784), labels: test.labels.slice(0, 300) },
      metric: 'euclidean',
    });
    // NumPy in double precision, the first 300 test digits.
    expect(figures.accuracy5nn).toBeCloseTo(295 / 300, 9);
    expect(figures.precisionAt100).toBeCloseTo(0.8788, 4);
    expect(figures.meanAveragePrecision).toBeCloseTo(0.411614, 4);
  });
});

describe('majority', () => {
  it('takes the class with the most votes', () => {
    expect(majority([1, 2, 2, 3, 2])).toBe(2);
  });

  it('takes the class of the nearest voter where votes are equal', () => {
    expect(majority([1, 3, 2, 2, 3])).toBe(3);
  });

  it('has no winner without a voter', () => {
    expect(majority([])).toBeUndefined();
  });
});

describe('mapAccuracy', () => {
  it('refuses points that are not as many as labels, and points that are nowhere', () => {
    expect(() => mapAccuracy(new Float32Array(6), new Uint8Array(2))).toThrow(RangeError);
    expect(() => mapAccuracy(new Float32Array(2), new Uint8Array(1))).toThrow(RangeError);
    expect(() => mapAccuracy(Float32Array.of(0, 0, Number.NaN, 0), new Uint8Array(2))).toThrow(RangeError);
  });

  it('agrees with a plain sort', () => {
    const random = new Random(9);
    const labels = Uint8Array.from({ length: 300 }, () => random.integer(3));
    const points = Float32Array.from({ length: 600 }, (_, i) => random.normal() + (i % 2) * labels[i >> 1]!);
    let correct = 0;
    for (let own = 0; own < 300; own++) {
      const distance = (other: number) =>
        (points[2 * other]! - points[2 * own]!) ** 2 + (points[2 * other + 1]! - points[2 * own + 1]!) ** 2;
      const others = [...labels.keys()].filter((other) => other !== own);
      const nearest = others.sort((a, b) => distance(a) - distance(b)).slice(0, 5);
      if (majority(nearest.map((other) => labels[other]!)) === labels[own]) correct++;
    }
    expect(mapAccuracy(points, labels)).toBe(correct / 300);
  });

  it('leaves each point out of its own vote', () => {
    expect(mapAccuracy(Float32Array.of(0, 0, 1, 1), Uint8Array.of(0, 1))).toBe(0);
  });

  it('does not let the order of the data decide among points in one place', () => {
    const labels = Uint8Array.from({ length: 1000 }, (_, row) => (row < 500 ? 0 : 1));
    const accuracy = mapAccuracy(new Float32Array(2000), labels);
    // One vote of the same few points for all: half of the points are right, whoever wins.
    expect(accuracy).toBeGreaterThan(0.45);
    expect(accuracy).toBeLessThan(0.55);
  });
});

/** Codes around the corners of a square, one corner a class; as bits, one byte a number. */
function randomCodes(rows: number, width: number, seed: number, metric: Metric): LabelledCodes {
  const random = new Random(seed);
  const labels = Uint8Array.from({ length: rows }, () => random.integer(4));
  const value = (i: number) => random.normal() + ((labels[Math.floor(i / width)]! >> (i % 2)) & 1);
  if (metric !== 'hamming') return { labels, codes: Float32Array.from({ length: rows * width }, (_, i) => value(i)) };
  return {
    labels,
    codes: Uint8Array.from({ length: rows * width }, (_, i) => (value(i) > 0.5 ? 0xf0 : random.bits())),
  };
}

/** The same figures by sorting distances in double precision; ties in the order that the seed 0 draws. */
function bySorting(database: LabelledCodes, queries: LabelledCodes, metric: Metric) {
  const rows = database.labels.length;
  const width = database.codes.length / rows;
  const place = new Random(0).permutation(rows);
  let [correct, precision, ap] = [0, 0, 0];
  for (const [query, label] of queries.labels.entries()) {
    const asked = [...queries.codes.slice(query * width, (query + 1) * width)];
    const distances = Array.from({ length: rows }, (_, row) =>
      distanceOf(asked, [...database.codes.slice(row * width, (row + 1) * width)], metric),
    );
    const order = [...distances.keys()].sort((a, b) => distances[a]! - distances[b]! || place[a]! - place[b]!);
    const same = order.map((row) => database.labels[row] === label);
    if (majority(order.slice(0, 5).map((row) => database.labels[row]!)) === label) correct++;
    precision += same.slice(0, 100).filter(Boolean).length / 100;
    let found = 0;
    let sum = 0;
    for (const [rank, isSame] of same.entries()) if (isSame) sum += ++found / (rank + 1);
    ap += sum / found;
  }
  const count = queries.labels.length;
  return { accuracy5nn: correct / count, precisionAt100: precision / count, meanAveragePrecision: ap / count };
}

function distanceOf(a: readonly number[], b: readonly number[], metric: Metric): number {
  const sum = (value: (i: number) => number) => a.reduce((total, _, i) => total + value(i), 0);
  if (metric === 'euclidean') return sum((i) => (a[i]! - b[i]!) ** 2);
  if (metric === 'hamming') return sum((i) => (a[i]! ^ b[i]!).toString(2).replaceAll('0', '').length);
  return -sum((i) => a[i]! * b[i]!) / Math.sqrt(sum((i) => a[i]! ** 2) * sum((i) => b[i]! ** 2));
}
