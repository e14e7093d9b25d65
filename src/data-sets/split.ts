// Which rows are for testing: decided for each row by a hash, so that other rows coming or going change nothing.
import { hash } from 'node:crypto';

/** One entry a row: 1 for testing, 0 for training. */
export type Split = Uint8Array;

const HASH_BYTES = 6;

/** Splits files by their relative paths. */
export function splitByPath(paths: readonly string[], seed: number, testShare: number): Split {
  // One file system gives "é" as one character, another as two.
  return splitBy(paths.length, (row) => hashShare(`${seed}\n${paths[row]!.normalize('NFC')}`), testShare);
}

/** Splits rows that have nothing but a number. */
export function splitByNumber(rows: number, seed: number, testShare: number): Split {
  const start = hashShare(`${seed}`) * 2 ** 32;
  return splitBy(rows, (row) => mixed(start + row) / 2 ** 32, testShare);
}

/** Neither part is left without a row where there are two rows and a test part is wanted. */
function splitBy(rows: number, shareOf: (row: number) => number, testShare: number): Split {
  const split = new Uint8Array(rows);
  if (testShare === 0 || rows < 2) return split;
  let [least, greatest] = [0, 0];
  let [leastShare, greatestShare] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < rows; row++) {
    const share = shareOf(row);
    if (share < testShare) split[row] = 1;
    if (share < leastShare) [least, leastShare] = [row, share];
    if (share > greatestShare) [greatest, greatestShare] = [row, share];
  }
  split[least] = 1;
  split[greatest] = 0;
  return split;
}

/** 0 ≤ x < 1 */
function hashShare(key: string): number {
  return hash('sha256', key, 'buffer').readUIntBE(0, HASH_BYTES) / 2 ** (8 * HASH_BYTES);
}

/** splitmix32's scrambling of one number: unsigned 32 bits. */
function mixed(value: number): number {
  let bits = Math.imul(value | 0, 0x9e3779b9);
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return (bits ^ (bits >>> 15)) >>> 0;
}
