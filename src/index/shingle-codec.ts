// The shingles of a document as bytes: of rising hashes the first, then each step to the next, as varints of term-codec.ts.
import { writeVarint } from './term-codec.ts';

/** Bytes that no encoder of ours can have written. */
export class ShingleBlobError extends Error {
  override readonly name = 'ShingleBlobError';
}

/** A varint of 32 bits. */
const MOST_BYTES = 5;

/** @param hashes distinct, in rising order */
export function encodeShingles(hashes: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(hashes.length * MOST_BYTES);
  let at = 0;
  let previous = -1;
  for (const hash of hashes) {
    if (hash <= previous) throw new RangeError(`Expected rising hashes but received ${hash} after ${previous}`);
    at = writeVarint(bytes, at, previous < 0 ? hash : hash - previous);
    previous = hash;
  }
  return bytes.slice(0, at);
}

/**
 * Reads a blob into `hashes` from position `at` on.
 *
 * @returns the position after the last hash
 * @throws ShingleBlobError when the bytes are no shingles, or hold more than there is room for
 */
export function decodeShinglesInto(blob: Uint8Array, hashes: Uint32Array, at: number): number {
  let out = at;
  let hash = 0;
  for (let position = 0; position < blob.length; ) {
    let step = 0;
    for (let scale = 1; ; scale *= 128) {
      if (position >= blob.length || scale > 2 ** 28) throw new ShingleBlobError('a hash is cut off');
      const byte = blob[position++]!;
      step += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
    }
    if (step === 0 && out > at) throw new ShingleBlobError('hashes do not rise');
    hash += step;
    if (hash >= 2 ** 32) throw new ShingleBlobError('a hash is out of range');
    if (out >= hashes.length) throw new ShingleBlobError('it holds more hashes than were counted');
    hashes[out++] = hash;
  }
  return out;
}
