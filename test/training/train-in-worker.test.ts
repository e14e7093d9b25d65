// Both recipes from data to codes, in a thread of their own.
import { describe, expect, it } from '@jest/globals';
import { openSession } from '../../src/runtime/onnx-session.ts';
import { type BagsOfWords, inverseDocumentFrequencies } from '../../src/training/bags-of-words.ts';
import { Random } from '../../src/training/random.ts';
import { trainInWorker } from '../../src/training/train-in-worker.ts';
import { encodeBags } from '../../src/training/word-input.ts';
import { checkerMissing, checkModel } from './onnx-checker.ts';

const TOPICS = 4;
const WORDS = 80;

/** Documents of four topics: each topic has a quarter of the words, and a few strays come in. */
function documents(rows: number, seed = 2): BagsOfWords {
  const random = new Random(seed);
  const indptr = [0];
  const indices: number[] = [];
  const counts: number[] = [];
  for (let row = 0; row < rows; row++) {
    const bag = new Map<number, number>();
    for (let i = 0; i < 12; i++) {
      const share = WORDS / TOPICS;
      const word = random.chance(0.15) ? random.integer(WORDS) : (row % TOPICS) * share + random.integer(share);
      bag.set(word, (bag.get(word) ?? 0) + 1);
    }
    for (const [word, count] of bag) {
      indices.push(word);
      counts.push(count);
    }
    indptr.push(indices.length);
  }
  return {
    rows,
    vocabularySize: WORDS,
    indptr: Uint32Array.from(indptr),
    indices: Uint32Array.from(indices),
    counts: Uint16Array.from(counts),
  };
}

/** Pictures of soft blobs, each at a place and in a colour of its own. */
function pictures(rows: number): Uint8Array {
  const random = new Random(8);
  const planes = new Uint8Array(rows * 3 * 64 * 64);
  for (let row = 0; row < rows; row++) {
    const [x0, y0, size] = [random.between(15, 49), random.between(15, 49), random.between(6, 14)];
    for (let channel = 0; channel < 3; channel++) {
      const [low, high] = [random.between(0, 120), random.between(130, 255)];
      for (let i = 0; i < 64 * 64; i++) {
        const away = Math.hypot((i % 64) - x0, Math.floor(i / 64) - y0) / size;
        planes[(row * 3 + channel) * 64 * 64 + i] = low + (high - low) * Math.exp(-away * away);
      }
    }
  }
  return planes;
}

const small = {
  codeSize: 8,
  hiddenSize: 16,
  epochs: 30,
  batchSize: 32,
  rate: 5e-3,
  threads: 1,
  device: 'cpu',
} as const;
const tiny = { codeSize: 8, channels: [4, 4, 4, 4], steps: 6, batchSize: 16, threads: 1, device: 'cpu' } as const;

describe('training in a worker', () => {
  it('is TRAINING_TOO_SMALL, across the threads, with next to no documents or pictures', async () => {
    await expect(trainInWorker('text', documents(3))).rejects.toMatchObject({
      name: 'SandglassError',
      code: 'TRAINING_TOO_SMALL',
    });
    const few = { rows: 3, thumbnails: pictures(3) };
    await expect(trainInWorker('image', few)).rejects.toMatchObject({ code: 'TRAINING_TOO_SMALL' });
  });

  it('is a RangeError when the thumbnails are not what their number says', async () => {
    await expect(trainInWorker('image', { rows: 20, thumbnails: new Uint8Array(5) })).rejects.toThrow(RangeError);
  });

  it('is ABORTED before it began, and when the signal comes while it runs', async () => {
    const before = { signal: AbortSignal.abort() };
    await expect(trainInWorker('text', documents(64), small, before)).rejects.toMatchObject({ code: 'ABORTED' });
    const controller = new AbortController();
    const hooks = { signal: controller.signal, onProgress: () => controller.abort() };
    await expect(trainInWorker('text', documents(64), { ...small, epochs: 100_000 }, hooks)).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });

  it('keeps the data for the caller unless it is told to move it', async () => {
    const data = documents(64);
    await trainInWorker('text', data, { ...small, epochs: 1 });
    expect(data.indices.length).toBeGreaterThan(0);
    await trainInWorker('text', data, { ...small, epochs: 1 }, { move: true });
    expect(data.indices.length).toBe(0);
  });

  it('reads data in shared memory as it reads any other', async () => {
    const bytes = pictures(20);
    const thumbnails = new Uint8Array(new SharedArrayBuffer(bytes.length));
    thumbnails.set(bytes);
    const { losses } = await trainInWorker('image', { rows: 20, thumbnails }, tiny);
    const again = await trainInWorker('image', { rows: 20, thumbnails: bytes }, tiny);
    expect(losses).toEqual(again.losses);
  });
});

describe('the text recipe', () => {
  it('learns topics: the nearest document by code is of the same one', async () => {
    const data = documents(256);
    const steps: number[] = [];
    const hooks = { onProgress: ({ step }: { step: number }) => steps.push(step) };
    const trained = await trainInWorker('text', data, small, hooks);
    expect(trained.losses).toHaveLength(30);
    expect(trained.losses[0]!).toBeGreaterThan(trained.losses[29]! + 0.5);
    expect(steps.at(-1)).toBe(30 * 8);
    expect(trained).toMatchObject({ codeSize: 8, recipe: { name: 'text', seed: 1, masking: 0.9, documents: 256 } });

    const codes = await encodeBags(trained.encoder, data, 8, { device: 'cpu' });
    const cosine = (a: number, b: number) => {
      const [x, y] = [codes.subarray(a * 8, a * 8 + 8), codes.subarray(b * 8, b * 8 + 8)];
      const dot = (u: Float32Array, v: Float32Array) => u.reduce((sum, value, i) => sum + value * v[i]!, 0);
      return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
    };
    let same = 0;
    for (let row = 0; row < 256; row++) {
      let best = row === 0 ? 1 : 0;
      for (let other = 0; other < 256; other++)
        if (other !== row && cosine(row, other) > cosine(row, best)) best = other;
      if (best % TOPICS === row % TOPICS) same++;
    }
    expect(same / 256).toBeGreaterThan(0.9);

    const decoding = await openSession(trained.decoder, { device: 'cpu' });
    const { logProbabilities } = await decoding.run({ code: { data: codes, shape: [256, 8] } });
    const first = (logProbabilities!.data as Float32Array).subarray(0, WORDS);
    expect(first.reduce((sum, value) => sum + Math.exp(value), 0)).toBeCloseTo(1, 3);
    const mass = first.subarray(0, WORDS / TOPICS).reduce((sum, value) => sum + Math.exp(value), 0);
    // Its words are a quarter of all.
    expect(mass).toBeGreaterThan(0.4);
  });

  it('gives the same encoder for the same seed, byte for byte, and another for another', async () => {
    const data = documents(128);
    const once = await trainInWorker('text', data, { ...small, epochs: 2 });
    const twice = await trainInWorker('text', data, { ...small, epochs: 2 });
    const other = await trainInWorker('text', data, { ...small, epochs: 2, seed: 2 });
    expect(Buffer.compare(once.encoder, twice.encoder)).toBe(0);
    expect(Buffer.compare(once.encoder, other.encoder)).not.toBe(0);
  });

  it('weighs rare words more, as smoothed inverse document frequencies do', () => {
    const bags = {
      rows: 3,
      vocabularySize: 3,
      indptr: Uint32Array.of(0, 2, 3, 4),
      indices: Uint32Array.of(0, 1, 0, 0),
      counts: Uint16Array.of(1, 5, 1, 1),
    };
    const [common, rare, unseen] = inverseDocumentFrequencies(bags);
    expect(common).toBeCloseTo(1, 6);
    expect(rare).toBeCloseTo(Math.log(4 / 2) + 1, 6);
    expect(unseen).toBeCloseTo(Math.log(4) + 1, 6);
  });
});

describe('the image recipe', () => {
  it('lowers its loss and exports an encoder of bytes and a decoder of pictures', async () => {
    const thumbnails = pictures(32);
    const trained = await trainInWorker('image', { rows: 32, thumbnails }, { ...tiny, steps: 30, rate: 5e-3 });
    expect(trained.losses.at(-1)!).toBeLessThan(trained.losses[0]!);
    expect(trained.recipe).toMatchObject({ name: 'image', pictures: 32, temperature: 0.05 });
    const encoding = await openSession(trained.encoder, { device: 'cpu' });
    expect(encoding.signature.inputs).toEqual([{ name: 'thumbnail', type: 'uint8', shape: ['N', 3, 64, 64] }]);
    const { code } = await encoding.run({ thumbnail: { data: thumbnails, shape: [32, 3, 64, 64] } });
    expect(code!.shape).toEqual([32, 8]);
    const decoding = await openSession(trained.decoder, { device: 'cpu' });
    const { picture } = await decoding.run({ code: code! });
    expect(picture!.shape).toEqual([32, 3, 64, 64]);
    const values = picture!.data as Float32Array;
    expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
  });
});

const missing = checkerMissing();
(missing === undefined ? it : it.skip)(
  `what both export passes onnx.checker${missing === undefined ? '' : ` (${missing})`}`,
  async () => {
    const text = await trainInWorker('text', documents(64), { ...small, epochs: 1 });
    const image = await trainInWorker('image', { rows: 16, thumbnails: pictures(16) }, { ...tiny, steps: 1 });
    for (const model of [text.encoder, text.decoder, image.encoder, image.decoder]) checkModel(model);
  },
);
