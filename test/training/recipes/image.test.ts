// The recipe for pictures: what it refuses, that it repeats itself, that its files fit together, and that it learns.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openSession } from '../../../src/runtime/onnx-session.ts';
import { readInitializers } from '../../../src/training/graph/read-initializers.ts';
import { readImageNetwork } from '../../../src/training/image-network.ts';
import { stepsFor, type Thumbnails, trainImage, tuningOptions } from '../../../src/training/recipes/image.ts';
import { checkerMissing, checkModel } from '../onnx-checker.ts';
import { drawnThumbnails, mirrored } from './drawn-thumbnails.ts';

const SIZE = 3 * 64 * 64;
const PICTURES: Thumbnails = { rows: 24, thumbnails: drawnThumbnails(24) };
const QUICK = { channels: [8, 16, 32], decoderChannels: [16, 8, 8], codeSize: 32, device: 'cpu', threads: 1 } as const;

async function run(model: Uint8Array, name: string, data: Uint8Array | Float32Array, shape: number[]) {
  const session = await openSession(model, { device: 'cpu', threads: 1 });
  try {
    return Object.values(await session.run({ [name]: { data, shape } }))[0]!;
  } finally {
    await session.release();
  }
}

const encode = (encoder: Uint8Array, { rows, thumbnails }: Thumbnails) =>
  run(encoder, 'thumbnail', thumbnails, [rows, 3, 64, 64]);

describe('training on pictures', () => {
  it('refuses too few of them, and bytes of another size', async () => {
    const few = { rows: 15, thumbnails: PICTURES.thumbnails.slice(0, 15 * SIZE) };
    await expect(trainImage(few, QUICK)).rejects.toMatchObject({ code: 'TRAINING_TOO_SMALL' });
    const cut = { rows: 24, thumbnails: PICTURES.thumbnails.slice(1) };
    await expect(trainImage(cut, QUICK)).rejects.toThrow(RangeError);
  });

  it('stops when it is told to', async () => {
    const stopped = trainImage(PICTURES, QUICK, { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('takes more steps for more pictures, within limits', () => {
    expect(stepsFor(50)).toBe(stepsFor(100));
    expect(stepsFor(1000)).toBeGreaterThan(stepsFor(300));
    expect(stepsFor(100_000)).toBe(stepsFor(50_000));
  });

  it('makes the same encoder from the same seed and another one from another', async () => {
    const options = { ...QUICK, steps: 3 };
    const [first, again, other] = [
      await trainImage(PICTURES, { ...options, seed: 5 }),
      await trainImage(PICTURES, { ...options, seed: 5 }),
      await trainImage(PICTURES, { ...options, seed: 6 }),
    ];
    expect(Buffer.compare(first.encoder, again.encoder)).toBe(0);
    expect(Buffer.compare(first.decoder, again.decoder)).toBe(0);
    expect(Buffer.compare(first.encoder, other.encoder)).not.toBe(0);
    expect(first.recipe).toMatchObject({ name: 'image', seed: 5, steps: 3, pictures: 24 });
  });

  it('exports an encoder and a decoder for any number of rows that fit together', async () => {
    const { encoder, decoder, codeSize } = await trainImage(PICTURES, { ...QUICK, steps: 2 });
    const codes = await encode(encoder, { rows: 5, thumbnails: PICTURES.thumbnails.slice(0, 5 * SIZE) });
    expect(codes.shape).toEqual([5, codeSize]);
    const pictures = await run(decoder, 'code', codes.data as Float32Array, [5, codeSize]);
    expect(pictures.shape).toEqual([5, 3, 64, 64]);
    const pixels = Array.from(pictures.data as Float32Array);
    expect(Math.min(...pixels)).toBeGreaterThan(0);
    expect(Math.max(...pixels)).toBeLessThan(1);
  });

  it('gives codes of length √codeSize, which is what signs have', async () => {
    const { encoder, codeSize } = await trainImage(PICTURES, { ...QUICK, steps: 1 });
    const codes = (await encode(encoder, PICTURES)).data as Float32Array;
    for (let row = 0; row < 24; row++) {
      expect(Math.hypot(...codes.subarray(row * codeSize, (row + 1) * codeSize))).toBeCloseTo(Math.sqrt(codeSize), 3);
    }
  });

  it('works on 64 × 64 pixels, and with several copies of each picture', async () => {
    const { recipe, encoder, decoder } = await trainImage(PICTURES, { ...QUICK, side: 64, copies: 2, steps: 2 });
    expect(recipe).toMatchObject({ side: 64, copies: 2 });
    expect(readImageNetwork(encoder, decoder).network).toEqual({
      side: 64,
      channels: QUICK.channels,
      decoderChannels: QUICK.decoderChannels,
      codeSize: QUICK.codeSize,
    });
  });

  it('tells the encoder after each epoch, and goes on from a checkpoint to the same one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sandglass-image-'));
    const options = { ...QUICK, steps: 6, batchSize: 12, seed: 4 };
    const whole = await trainImage(PICTURES, options);
    const stop = new AbortController();
    const checkpoint = { file: join(folder, 'checkpoint.safetensors'), everySeconds: 0 };
    const told: number[] = [];
    const afterEpoch = async ({ step, encoder }: { step: number; encoder: Uint8Array }) => {
      told.push(step);
      expect(readInitializers(encoder).length).toBeGreaterThan(0);
      if (step === 2) stop.abort();
    };
    const broken = trainImage(PICTURES, options, { signal: stop.signal, checkpoint, afterEpoch });
    await expect(broken).rejects.toMatchObject({ code: 'ABORTED' });
    const resumed = await trainImage(PICTURES, options, { checkpoint, afterEpoch });
    rmSync(folder, { recursive: true });
    expect(told).toEqual([2, 4, 6]);
    expect(Buffer.compare(resumed.encoder, whole.encoder)).toBe(0);
  });

  const missing = checkerMissing();
  (missing === undefined ? it : it.skip)(
    `writes files that onnx's checker accepts${missing === undefined ? '' : ` (${missing})`}`,
    async () => {
      const { encoder, decoder } = await trainImage(PICTURES, { ...QUICK, steps: 1 });
      checkModel(encoder);
      checkModel(decoder);
    },
  );

  it('learns to find a picture by its mirror image', async () => {
    const { encoder, losses } = await trainImage(PICTURES, { ...QUICK, steps: 120 });
    expect(losses.at(-1)).toBeLessThan(0.7 * losses[0]!);
    const originals = (await encode(encoder, PICTURES)).data as Float32Array;
    const copies = await encode(encoder, { rows: 24, thumbnails: mirrored(PICTURES.thumbnails) });
    const found = Array.from({ length: 24 }, (_, row) => {
      return nearest(originals, (copies.data as Float32Array).slice(row * 32, (row + 1) * 32)) === row;
    });
    expect(found.filter(Boolean).length).toBeGreaterThanOrEqual(20);
  });
});

describe('a network that was trained before', () => {
  it('is refused when its files are of another network, or none', () => {
    expect(() => readInitializers(Uint8Array.from([1, 2, 3]))).toThrow(RangeError);
    expect(() => readImageNetwork(new Uint8Array(0), new Uint8Array(0))).toThrow(/another network/);
  });

  it('is read back from its files as it was, and gone on with', async () => {
    const options = { ...QUICK, decoderChannels: [16, 8], steps: 2, seed: 3 };
    const { encoder, decoder } = await trainImage(PICTURES, options);
    // As a file is read: a Buffer, whose slices share its memory.
    const trained = readImageNetwork(Buffer.from(encoder), Buffer.from(decoder));
    expect(trained.network).toMatchObject({ side: 32, decoderChannels: [16, 8], codeSize: 32 });
    const still = await trainImage(PICTURES, { ...options, ...tuningOptions(trained, 24), rate: 0, steps: 1, seed: 9 });
    expect(readImageNetwork(still.encoder, still.decoder)).toEqual(trained);
    expect(still.recipe).toMatchObject({ tuned: true, codeSize: 32 });
    const tuned = await trainImage(PICTURES, { ...options, ...tuningOptions(trained, 24), steps: 2 });
    expect(readImageNetwork(tuned.encoder, tuned.decoder)).not.toEqual(trained);
  });
});

/** The row of the highest cosine. */
function nearest(codes: Float32Array, query: Float32Array): number {
  const cosines = Array.from({ length: codes.length / query.length }, (_, row) => {
    const code = codes.subarray(row * query.length, (row + 1) * query.length);
    const product = code.reduce((sum, value, i) => sum + value * query[i]!, 0);
    return product / Math.hypot(...code);
  });
  return cosines.indexOf(Math.max(...cosines));
}
