// Rows of words in batches of one width.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { paddedBatches } from '../../src/runtime/padded-rows.ts';

const row = (...entries: (readonly [number, number])[]) => ({
  indices: entries.map(([index]) => index),
  counts: entries.map(([, count]) => count),
});

describe('Rows of different lengths', () => {
  it('are padded with zeros to the longest of their batch, short ones first', () => {
    const batches = [...paddedBatches([row([3, 1], [5, 2]), row(), row([4, 7])])];
    expect(batches).toEqual([
      {
        rows: [1, 2, 0],
        columns: { data: Int32Array.of(0, 0, 4, 0, 3, 5), shape: [3, 2] },
        counts: { data: Float32Array.of(0, 0, 7, 0, 1, 2), shape: [3, 2] },
      },
    ]);
  });

  it('are nothing when there are none, and one column wide when all are empty', () => {
    expect([...paddedBatches([])]).toEqual([]);
    expect([...paddedBatches([row(), row()])][0]!.columns.shape).toEqual([2, 1]);
  });

  it('come each in one batch, whole, and no batch is large unless a row alone is', () => {
    const lengths = fc.array(fc.oneof(fc.nat(300), fc.nat(9_000)), { maxLength: 40 });
    fc.assert(
      fc.property(lengths, (list) => {
        const rows = list.map((length, i) => ({
          indices: new Uint32Array(length).fill(i + 1),
          counts: new Uint16Array(length).fill(2),
        }));
        const seen: number[] = [];
        for (const { rows: taken, columns, counts } of paddedBatches(rows)) {
          const [height, width] = columns.shape as [number, number];
          expect(height).toBe(taken.length);
          expect(height === 1 || height * width <= 4096).toBe(true);
          for (const [i, r] of taken.entries()) {
            const own = Array.from(columns.data.slice(i * width, (i + 1) * width), Number);
            expect(own.filter((column) => column === r + 1)).toHaveLength(list[r]!);
            expect(own.filter((column) => column !== 0)).toHaveLength(list[r]!);
            expect(Array.from(counts.data.slice(i * width, (i + 1) * width), Number).filter(Boolean)).toHaveLength(
              list[r]!,
            );
          }
          seen.push(...taken);
        }
        expect(seen.sort((a, b) => a - b)).toEqual(list.map((_, i) => i));
      }),
    );
  });
});
