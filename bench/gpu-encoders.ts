// An encoder of each kind, trained for a moment on drawn data, and how it runs on a device.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Device, openSession } from '../dist/runtime/onnx-session.js';
import { trainImage } from '../dist/training/recipes/image.js';
import { trainText } from '../dist/training/recipes/text.js';
import { trainingFolder } from './train-data.ts';

export interface EncoderCase {
  readonly name: string;
  readonly model: Uint8Array;
  /** [rows, …] as the encoder takes them. */
  readonly input: Float32Array | Uint8Array;
  readonly rows: number;
  readonly shape: readonly number[];
}

const [WORDS, DOCUMENTS, ENCODED] = [10_000, 2048, 4096];
const [SIDE, PICTURES] = [64, 1024];

/** The text recipe on drawn counts of 10,000 words. Trained on the CPU: the same model goes to both devices. */
export async function textCase(): Promise<EncoderCase> {
  const bytes = readFileSync(join(await trainingFolder('text'), 'data.bin'));
  const row = (i: number) => bytes.subarray(i * WORDS, (i + 1) * WORDS);
  const [indices, counts, indptr]: [number[], number[], number[]] = [[], [], [0]];
  for (let i = 0; i < DOCUMENTS; i++) {
    row(i).forEach((count, word) => {
      if (count === 0) return;
      indices.push(word);
      counts.push(count);
    });
    indptr.push(indices.length);
  }
  const trained = await trainText(
    {
      rows: DOCUMENTS,
      vocabularySize: WORDS,
      indptr: Uint32Array.from(indptr),
      indices: Uint32Array.from(indices),
      counts: Uint16Array.from(counts),
    },
    { device: 'cpu', epochs: 4 },
  );
  const input = Float32Array.from(bytes.subarray(0, ENCODED * WORDS));
  return { name: 'text encoder', model: trained.encoder, input, rows: ENCODED, shape: [WORDS] };
}

/** The image recipe on drawn strokes of 3 × 64 × 64. */
export async function imageCase(): Promise<EncoderCase> {
  const shape = [3, SIDE, SIDE];
  const bytes = new Uint8Array(readFileSync(join(await trainingFolder('conv-64'), 'data.bin')));
  const size = 3 * SIDE * SIDE;
  const thumbnails = bytes.slice(0, PICTURES * size);
  const trained = await trainImage({ rows: PICTURES, thumbnails }, { device: 'cpu', steps: 40 });
  const rows = Math.min(ENCODED, Math.floor(bytes.length / size));
  return { name: 'image encoder', model: trained.encoder, input: bytes.subarray(0, rows * size), rows, shape };
}

export interface Encoded {
  readonly codes: Float32Array;
  readonly dimensions: number;
  /** Rows a second, the best of the rounds, with the way to the device and back. */
  readonly perSecond: number;
}

/** Encodes all rows in batches, several times; the first time is not counted. */
export async function encodeOn(device: Device, given: EncoderCase, batch: number, rounds: number): Promise<Encoded> {
  const session = await openSession(given.model, { device });
  const [input, output] = [session.inputs[0]!, session.outputs[0]!];
  const size = given.shape.reduce((product, each) => product * each, 1);
  let codes = new Float32Array(0);
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round <= rounds; round++) {
    const parts: Float32Array[] = [];
    const began = performance.now();
    for (let from = 0; from < given.rows; from += batch) {
      const rows = Math.min(batch, given.rows - from);
      const data = given.input.subarray(from * size, (from + rows) * size);
      const result = await session.run({ [input]: { data, shape: [rows, ...given.shape] } });
      parts.push(result[output]!.data as Float32Array);
    }
    if (round > 0) least = Math.min(least, (performance.now() - began) / 1000);
    codes = Float32Array.from(parts.flatMap((part) => [...part]));
  }
  await session.release();
  return { codes, dimensions: codes.length / given.rows, perSecond: given.rows / least };
}

export interface Agreement {
  readonly leastCosine: number;
  readonly meanCosine: number;
  /** Share of the signs that are the same. */
  readonly bits: number;
}

/** How alike the codes of the same rows are. */
export function agreementOf(a: Encoded, b: Encoded): Agreement {
  const { dimensions } = a;
  const cosines: number[] = [];
  let same = 0;
  for (let from = 0; from < a.codes.length; from += dimensions) {
    let [dot, aa, bb] = [0, 0, 0];
    for (let i = from; i < from + dimensions; i++) {
      const [x, y] = [a.codes[i]!, b.codes[i]!];
      dot += x * y;
      aa += x * x;
      bb += y * y;
      if (x > 0 === y > 0) same++;
    }
    // A row without known words has no direction on either device.
    cosines.push(aa === 0 && bb === 0 ? 1 : dot / Math.sqrt(aa * bb));
  }
  return {
    leastCosine: Math.min(...cosines),
    meanCosine: cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length,
    bits: same / a.codes.length,
  };
}
