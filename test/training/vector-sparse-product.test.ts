import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Random } from '../../src/training/random.ts';
import { type SparseMatrix, sparseTimesDense } from '../../src/training/sparse-product.ts';
import { KERNELS_SOURCE_HASH } from '../../src/training/sparse-product-binary.ts';
import { openSparseProduct } from '../../src/training/vector-sparse-product.ts';

/** Rows of [columns, values]. */
function sparse(columns: number, rows: readonly (readonly [readonly number[], readonly number[]])[]): SparseMatrix {
  const indptr = new Uint32Array(rows.length + 1);
  rows.forEach(([indices], row) => {
    indptr[row + 1] = indptr[row]! + indices.length;
  });
  return {
    rows: rows.length,
    columns,
    indptr,
    indices: Uint32Array.from(rows.flatMap(([indices]) => indices)),
    values: Float32Array.from(rows.flatMap(([, values]) => values)),
  };
}

/** Rows of many lengths, 0 among them. */
function randomMatrix(rows: number, columns: number, random: Random): SparseMatrix {
  const row = () => {
    const share = random.uniform() ** 3;
    const indices = Array.from({ length: columns }, (_, column) => column).filter(() => random.uniform() < share);
    return [indices, indices.map(() => random.normal())] as const;
  };
  return sparse(columns, [[[], []], ...Array.from({ length: rows - 2 }, row), [[], []]]);
}

const magnitudes = (numbers: Float32Array) => numbers.map(Math.abs);

describe('The vector product of a sparse matrix', () => {
  it('was assembled from sparse-product.wat as it is now', () => {
    const source = readFileSync(join(import.meta.dirname, '../../src/training/sparse-product.wat'), 'utf8');
    expect(createHash('sha256').update(source.replaceAll('\r\n', '\n')).digest('hex')).toBe(KERNELS_SOURCE_HASH);
  });

  it('refuses a width below 1 and matrices of other lengths', () => {
    const matrix = sparse(3, [
      [
        [0, 2],
        [1, 2],
      ],
    ]);
    for (const width of [0, -1, 1.5]) expect(() => openSparseProduct(matrix, width)).toThrow(RangeError);
    const product = openSparseProduct(matrix, 2);
    expect(() => product(new Float32Array(5))).toThrow('Expected 3 × 2 numbers to multiply with but received 5');
    expect(() => product(new Float32Array(6), new Float32Array(3))).toThrow('room for 1 × 2 numbers');
  });

  it('is exact for whole numbers, whatever the sizes', () => {
    const whole = fc.integer({ min: -50, max: 50 });
    const example = fc
      .record({ columns: fc.integer({ min: 1, max: 150 }), width: fc.integer({ min: 1, max: 50 }) })
      .chain(({ columns, width }) =>
        fc.record({
          width: fc.constant(width),
          columns: fc.constant(columns),
          rows: fc.array(
            fc.uniqueArray(fc.tuple(fc.nat(columns - 1), whole), { maxLength: 150, selector: ([at]) => at }),
            {
              maxLength: 12,
            },
          ),
          dense: fc.array(whole, { minLength: columns * width, maxLength: columns * width }),
        }),
      );
    fc.assert(
      fc.property(example, ({ width, columns, rows, dense }) => {
        const matrix = sparse(
          columns,
          rows.map((row) => [row.map(([at]) => at), row.map(([, value]) => value)]),
        );
        const right = Float32Array.from(dense);
        // Plain sums may end in -0.
        const expected = sparseTimesDense(matrix, right, width).map((value) => value + 0);
        expect(openSparseProduct(matrix, width)(right).map((value) => value + 0)).toEqual(expected);
      }),
    );
  });

  it.each([1, 2, 3, 4, 15, 16, 17, 64, 80, 144])('has the sums of 64 bits but for rounding, %i wide', (width) => {
    const random = new Random(width);
    const matrix = randomMatrix(40, 1500, random);
    const dense = Float32Array.from({ length: matrix.columns * width }, () => random.normal());
    const product = openSparseProduct(matrix, width)(dense);
    const expected = sparseTimesDense(matrix, dense, width);
    const bounds = sparseTimesDense({ ...matrix, values: magnitudes(matrix.values) }, magnitudes(dense), width);
    product.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(3e-7 * bounds[i]!);
    });
  });

  it('starts anew with every dense matrix, in the room that is given', () => {
    const random = new Random(1);
    const matrix = randomMatrix(20, 90, random);
    const [one, other] = [0, 1].map(() => Float32Array.from({ length: 90 * 19 }, () => random.normal()));
    const product = openSparseProduct(matrix, 19);
    const first = product(one!);
    const room = new Float32Array(20 * 19).fill(7);
    expect(product(other!, room)).toBe(room);
    expect(room).toEqual(openSparseProduct(matrix, 19)(other!));
    expect(room).not.toEqual(first);
    expect(product(one!, room)).toEqual(first);
  });

  it('is made plainly where vectors would need more than a gibibyte', () => {
    const columns = 2 ** 24;
    const matrix = sparse(columns, [
      [
        [0, 1, 2],
        [1, 1, 1],
      ],
    ]);
    const dense = new Float32Array(columns);
    dense.set([2 ** 26, 1, -(2 ** 26)]);
    // Sums of 32 bits lose the 1.
    expect(Array.from(openSparseProduct(matrix, 1)(dense))).toEqual([1]);
    const small = { ...matrix, columns: 3 };
    expect(Array.from(openSparseProduct(small, 1)(dense.subarray(0, 3)))).toEqual([0]);
  });
});
