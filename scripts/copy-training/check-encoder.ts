// How well an encoder finds the copies of pictures that it never saw.
import { openSession } from '../../dist/runtime/onnx-session.js';
import { asymmetric, type CopySet, cosine, recallOf, signs } from './held-out-copies.ts';

const BYTES = 3 * 64 * 64;
const AT_ONCE = 256;

export interface CheckFigures {
  readonly dimensions: number;
  /** Recall at 0.5 % false positives: of codes, of their signs, and of codes asking signs. */
  readonly recall: { readonly floats: number; readonly bits: number; readonly bitsAskedWithFloats: number };
  /** Of codes, by change. */
  readonly byChange: Readonly<Record<string, number>>;
}

export async function checkEncoder(encoder: Uint8Array, copies: CopySet): Promise<CheckFigures> {
  const database = await encodeAll(encoder, copies.database);
  const codes = {
    database,
    copies: await encodeAll(encoder, copies.copies),
    strangers: await encodeAll(encoder, copies.strangers),
  };
  const dimensions = database.length / (copies.database.length / BYTES);
  const floats = recallOf(copies, codes, dimensions, cosine);
  return {
    dimensions,
    recall: {
      floats: floats.recall,
      bits: recallOf(copies, codes, dimensions, signs).recall,
      bitsAskedWithFloats: recallOf(copies, codes, dimensions, asymmetric).recall,
    },
    byChange: floats.byChange,
  };
}

/** The codes of thumbnails [rows, 3, 64, 64], one after the other. */
export async function encodeAll(encoder: Uint8Array, thumbnails: Uint8Array): Promise<Float32Array> {
  const session = await openSession(encoder, { device: 'cpu', threads: 2, spinning: false });
  try {
    const parts: Float32Array[] = [];
    for (let from = 0; from < thumbnails.length; from += AT_ONCE * BYTES) {
      const data = thumbnails.slice(from, from + AT_ONCE * BYTES);
      const { code } = await session.run({ thumbnail: { data, shape: [data.length / BYTES, 3, 64, 64] } });
      parts.push(code!.data as Float32Array);
    }
    const codes = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      codes.set(part, at);
      at += part.length;
    }
    return codes;
  } finally {
    await session.release();
  }
}
