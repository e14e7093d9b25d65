// Rows for tests of networks, held in memory or handed over on demand.
import { drawDigits } from '../../../src/lab/drawn-digits.ts';
import type { Recipe } from '../../../src/training/network/recipe.ts';
import type { TrainingRows } from '../../../src/training/network/train-network.ts';
import { Random } from '../../../src/training/random.ts';

export interface StoredRows extends TrainingRows {
  readonly resident: Uint8Array;
}

/** @param data [count, …] bytes */
export function rowsOf(data: Uint8Array, count: number): StoredRows {
  const width = data.length / count;
  return {
    count,
    type: 'uint8',
    resident: data,
    async read(rows) {
      const picked = new Uint8Array(rows.length * width);
      rows.forEach((row, i) => {
        picked.set(data.subarray(row * width, (row + 1) * width), i * width);
      });
      return picked;
    },
  };
}

/** The same rows, none of them held by the runtime. */
export function streamed({ count, type, read }: TrainingRows): TrainingRows {
  return { count, type, read };
}

export function digits(count: number, seed = 1): StoredRows {
  return rowsOf(drawDigits({ count, seed }).pixels, count);
}

/** Bytes as a recipe takes them: digits where they fit, smooth noise or a few words where not. */
export function rowsFor({ input }: Recipe, count: number, seed = 1): StoredRows {
  const width = input.shape.reduce((product, size) => product * size, 1);
  if (width === 28 * 28) return digits(count, seed);
  const random = new Random(seed);
  const data = new Uint8Array(count * width);
  let level = 128;
  for (let i = 0; i < data.length; i++) {
    if (input.values === 'words') data[i] = random.chance(0.02) ? 1 + random.integer(3) : 0;
    else {
      level = Math.min(255, Math.max(0, level + random.integer(31) - 15));
      data[i] = level;
    }
  }
  return rowsOf(data, count);
}
