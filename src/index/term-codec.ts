// A bag of words as bytes: for each distinct term, in rising order of id, the step from the previous id and the count.
//
// Both are LEB128 varints (7 bits a byte, low bits first, high bit: more follows), so a common word with a small count
// costs two bytes. The blob has no header: it ends where its bytes end.

/** The largest id a term can have. */
export const MAX_TERM_ID = 0x7fffffff;
/** The largest count that is kept of one term in one document. */
export const MAX_TERM_COUNT = 0xffff;

/** Bytes that no encoder of ours can have written. */
export class TermBlobError extends Error {
  override readonly name = 'TermBlobError';
}

/**
 * @param ids distinct, 1 … {@link MAX_TERM_ID}, in rising order
 * @param counts 1 … {@link MAX_TERM_COUNT}, as long as `ids`
 */
export function encodeTerms(ids: ArrayLike<number>, counts: ArrayLike<number>): Uint8Array {
  if (ids.length !== counts.length) {
    throw new RangeError(`Expected as many counts as ids (${ids.length}) but received ${counts.length}`);
  }
  // 5 bytes hold a step of 31 bits, 3 a count of 16 bits.
  const bytes = new Uint8Array(ids.length * 8);
  let at = 0;
  let previous = 0;
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!;
    const count = counts[i]!;
    if (!(Number.isInteger(id) && id > previous && id <= MAX_TERM_ID)) {
      throw new RangeError(`Expected rising term ids up to ${MAX_TERM_ID} but received ${id} after ${previous}`);
    }
    if (!(Number.isInteger(count) && count > 0 && count <= MAX_TERM_COUNT)) {
      throw new RangeError(`Expected a count from 1 to ${MAX_TERM_COUNT} but received ${count}`);
    }
    at = writeVarint(bytes, at, id - previous);
    at = writeVarint(bytes, at, count);
    previous = id;
  }
  return bytes.slice(0, at);
}

/**
 * Reads a blob into `ids` and `counts` from position `at` on.
 *
 * @returns the position after the last pair
 * @throws TermBlobError when the bytes are not a bag of words, or hold more pairs than there is room for
 */
export function decodeTermsInto(blob: Uint8Array, ids: Uint32Array, counts: Uint16Array, at: number): number {
  const end = blob.length;
  const room = Math.min(ids.length, counts.length);
  let position = 0;
  let id = 0;
  let out = at;
  while (position < end) {
    let value = blob[position++]!;
    // Nearly every varint is one byte; the long form stays out of the way.
    if (value > 0x7f) {
      value &= 0x7f;
      for (let shift = 7; ; shift += 7) {
        if (position >= end || shift > 28) throw new TermBlobError('a term id is cut off');
        const byte = blob[position++]!;
        value += (byte & 0x7f) * 2 ** shift;
        if (byte < 0x80) break;
      }
    }
    id += value;
    if (value === 0 || id > MAX_TERM_ID) throw new TermBlobError('term ids do not rise');
    if (position >= end) throw new TermBlobError('a count is missing');
    let count = blob[position++]!;
    if (count > 0x7f) {
      count &= 0x7f;
      for (let shift = 7; ; shift += 7) {
        if (position >= end || shift > 14) throw new TermBlobError('a count is cut off');
        const byte = blob[position++]!;
        count += (byte & 0x7f) * 2 ** shift;
        if (byte < 0x80) break;
      }
    }
    if (count === 0 || count > MAX_TERM_COUNT) throw new TermBlobError('a count is out of range');
    if (out >= room) throw new TermBlobError('it holds more terms than were counted');
    ids[out] = id;
    counts[out] = count;
    out += 1;
  }
  return out;
}

/**
 * Writes a whole number from 0 to 2³² − 1.
 *
 * @returns the position after it
 */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let position = at;
  while (rest > 0x7f) {
    bytes[position++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[position++] = rest;
  return position;
}
