// Files of drawn codes, `bits` of 128 bits and `floats` of 64 numbers, made once: what contestants/scan.ts reads.
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../dist/training/random.js';
import { cached } from './data.ts';
import { floatDrawer, SCAN_FLOATS } from './drawn-codes.ts';

/** Bytes of a code of bits. */
export const SCAN_BYTES = 16;

const SEED = 7;
/** Codes drawn at a time: ten million floats do not fit into one write. */
const PART = 100_000;

/** @returns the folder of both files */
export function scanFiles(rows: number): Promise<string> {
  return cached(`scan-${rows}`, (folder) => {
    const random = new Random(SEED);
    write(join(folder, 'bits'), (count) =>
      Uint32Array.from({ length: (count * SCAN_BYTES) / 4 }, () => random.uniform() * 2 ** 32),
    );
    const draw = floatDrawer(SEED);
    write(join(folder, 'floats'), (count) => {
      const codes = new Float32Array(count * SCAN_FLOATS);
      draw(codes);
      return codes;
    });
  });

  function write(path: string, draw: (count: number) => NodeJS.ArrayBufferView): void {
    const file = openSync(path, 'w');
    for (let from = 0; from < rows; from += PART) writeSync(file, draw(Math.min(PART, rows - from)));
    closeSync(file);
  }
}
