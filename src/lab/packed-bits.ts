// Bits of codes, eight a byte: the first bit of a row is the lowest of its first byte.

/** Bytes of a row of so many bits. */
export function bytesOfBits(size: number): number {
  return Math.ceil(size / 8);
}

/**
 * One bit a number: is it above 0?
 *
 * @param values [rows, size]
 * @returns [rows, ⌈size / 8⌉]
 */
export function packBits(values: Uint8Array | Float32Array, size: number): Uint8Array {
  const bytes = bytesOfBits(size);
  const packed = new Uint8Array((values.length / size) * bytes);
  for (let i = 0; i < values.length; i++) {
    const place = i % size;
    if (values[i]! > 0) packed[Math.floor(i / size) * bytes + (place >> 3)]! |= 1 << (place & 7);
  }
  return packed;
}
