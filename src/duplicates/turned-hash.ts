// What the PHash of a turned picture would be, without the picture.

/** Bytes of a PHash: eight rows of eight bits, the first in the highest bit. */
const ROWS = 8;

/**
 * The PHashes that the seven other ways to turn and mirror a picture would have, as far as its bits tell: mirroring changes
 * the sign of every other column (or row) of the cosine transform, a quarter turn exchanges rows and columns. The bits are signs
 * against the median, which lies near zero: a few of them differ from those of the turned pixels, five of 64 in the mean.
 *
 * @param hashes [rows, 8] bytes
 * @returns one array like `hashes` a way
 */
export function turnedHashes(hashes: Uint8Array): Uint8Array[] {
  const transposed = each(hashes, transpose);
  return [
    each(hashes, mirrorColumns),
    each(hashes, mirrorRows),
    each(each(hashes, mirrorColumns), mirrorRows),
    transposed,
    each(transposed, mirrorColumns),
    each(transposed, mirrorRows),
    each(each(transposed, mirrorColumns), mirrorRows),
  ];
}

function each(hashes: Uint8Array, change: (hash: Uint8Array) => void): Uint8Array {
  const changed = hashes.slice();
  for (let at = 0; at < changed.length; at += ROWS) change(changed.subarray(at, at + ROWS));
  return changed;
}

function mirrorColumns(hash: Uint8Array): void {
  for (let row = 0; row < ROWS; row++) hash[row]! ^= 0x55;
}

function mirrorRows(hash: Uint8Array): void {
  for (let row = 1; row < ROWS; row += 2) hash[row]! ^= 0xff;
}

function transpose(hash: Uint8Array): void {
  const before = hash.slice();
  for (let row = 0; row < ROWS; row++) {
    let byte = 0;
    for (let column = 0; column < ROWS; column++) byte = (byte << 1) | ((before[column]! >> (7 - row)) & 1);
    hash[row] = byte;
  }
}
