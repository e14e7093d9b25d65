// The beginning of an IDX file (LeCun, Cortes and Burges, "The MNIST database of handwritten digits"): 0, 0, the type of a
// value, the number of axes, then the size of each axis, big-endian.

/** Types of values by their number in the file. */
const TYPES: Readonly<Record<number, string>> = {
  8: 'unsigned bytes',
  9: 'signed bytes',
  11: '16-bit integers',
  12: '32-bit integers',
  13: '32-bit floats',
  14: '64-bit floats',
};
const UNSIGNED_BYTES = 8;

/** The bytes before the sizes. */
export const MAGIC_BYTES = 4;
export const SIZE_BYTES = 4;

/** @returns the number of axes, or what is wrong with the first four bytes, as the end of "Expected … but" */
export function axesOf(magic: Uint8Array): number | string {
  if (magic.length < MAGIC_BYTES) return `the file has only ${magic.length} bytes`;
  const [zero, alsoZero, type, axes] = magic as unknown as [number, number, number, number];
  const shown = Array.from(magic.subarray(0, MAGIC_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  if (zero !== 0 || alsoZero !== 0 || TYPES[type] === undefined) return `it begins with ${shown}`;
  if (type !== UNSIGNED_BYTES) return `its values are ${TYPES[type]} (${shown}); convert them to unsigned bytes`;
  if (axes === 0) return `it has no axis (${shown})`;
  return axes;
}

/** @param sizes `axes` sizes of four bytes each */
export function sizesOf(sizes: Uint8Array): number[] {
  const view = new DataView(sizes.buffer, sizes.byteOffset, sizes.length);
  return Array.from({ length: sizes.length / SIZE_BYTES }, (_, axis) => view.getUint32(axis * SIZE_BYTES));
}

/** The header of a file of unsigned bytes with these sizes. */
export function idxHeader(sizes: readonly number[]): Uint8Array {
  const header = Buffer.alloc(MAGIC_BYTES + sizes.length * SIZE_BYTES);
  header.set([0, 0, UNSIGNED_BYTES, sizes.length]);
  sizes.forEach((size, axis) => {
    header.writeUInt32BE(size, MAGIC_BYTES + axis * SIZE_BYTES);
  });
  return header;
}
