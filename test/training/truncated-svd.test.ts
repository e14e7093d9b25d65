import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type SparseMatrix, sparseTimesDense, transposed } from '../../src/training/sparse-product.ts';
import { truncatedSvd } from '../../src/training/truncated-svd.ts';

interface Fixture {
  readonly rows: number;
  readonly columns: number;
  readonly entries: readonly (readonly [row: number, column: number, value: number])[];
  readonly singularValues: readonly number[];
  readonly directions: readonly (readonly number[])[];
}
const fixture: Fixture = JSON.parse(readFileSync(join(import.meta.dirname, 'svd.json'), 'utf8'));

function sparse(rows: number, columns: number, entries: Fixture['entries']): SparseMatrix {
  const indptr = new Uint32Array(rows + 1);
  for (const [row] of entries) indptr[row + 1]!++;
  for (let row = 0; row < rows; row++) indptr[row + 1]! += indptr[row]!;
  return {
    rows,
    columns,
    indptr,
    indices: Uint32Array.from(entries, ([, column]) => column),
    values: Float32Array.from(entries, ([, , value]) => value),
  };
}

const known = sparse(fixture.rows, fixture.columns, fixture.entries);

describe('The truncated decomposition', () => {
  it('refuses a size below 1 and numbers that are not finite', async () => {
    await expect(truncatedSvd(known, 0)).rejects.toThrow(RangeError);
    await expect(truncatedSvd(sparse(2, 2, [[0, 0, Number.NaN]]), 1)).rejects.toThrow(RangeError);
  });

  it('stops when it is asked to', async () => {
    await expect(truncatedSvd(known, 2, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('has the singular values and vectors of an exact one', async () => {
    const size = fixture.singularValues.length;
    const { singularValues, directions } = await truncatedSvd(known, size);
    expect(singularValues).toHaveLength(size);
    for (let i = 0; i < size; i++) {
      expect(singularValues[i]! / fixture.singularValues[i]!).toBeCloseTo(1, 4);
      const found = directions.subarray(i * known.columns, (i + 1) * known.columns);
      const cosine = fixture.directions[i]!.reduce((sum, value, j) => sum + value * found[j]!, 0);
      expect(Math.abs(cosine)).toBeCloseTo(1, 3);
      expect(Math.max(...found)).toBe(Math.max(...found.map(Math.abs)));
    }
  });

  it('is the same for the same seed', async () => {
    expect(await truncatedSvd(known, 4, { seed: 3 })).toEqual(await truncatedSvd(known, 4, { seed: 3 }));
  });

  it('finds no more directions than there are', async () => {
    // Two rows, each three times.
    const entries = [0, 1, 2, 3, 4, 5].flatMap((row): [number, number, number][] =>
      row % 2 === 0
        ? [
            [row, 0, 1],
            [row, 1, 2],
          ]
        : [[row, 2, 5]],
    );
    const { singularValues, directions } = await truncatedSvd(sparse(6, 5, entries), 4);
    expect(Array.from(singularValues)).toEqual([expect.closeTo(5 * Math.sqrt(3), 4), expect.closeTo(Math.sqrt(15), 4)]);
    expect(Array.from(directions)).toEqual(
      [0, 0, 1, 0, 0, Math.sqrt(0.2), 2 * Math.sqrt(0.2), 0, 0, 0].map((value) => expect.closeTo(value, 4)),
    );
    expect((await truncatedSvd(sparse(3, 3, []), 2)).singularValues).toHaveLength(0);
    expect((await truncatedSvd(sparse(0, 3, []), 2)).singularValues).toHaveLength(0);
  });
});

describe('Products of a sparse matrix', () => {
  it('are those of the dense one, and the transpose has the same entries', () => {
    const { rows, columns } = known;
    const dense = Float32Array.from({ length: columns * 3 }, (_, i) => Math.sin(i));
    const expected = new Float64Array(rows * 3);
    for (const [row, column, value] of fixture.entries)
      for (let j = 0; j < 3; j++) expected[row * 3 + j]! += value * dense[column * 3 + j]!;
    const found = sparseTimesDense(known, dense, 3);
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 4);
    });
    expect(transposed(transposed(known))).toEqual(known);
  });
});
