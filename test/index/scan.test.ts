import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allocateCodes, allocateFloats, memoryOf } from '../../src/index/code-memory.ts';
import { dotScores, searchDot } from '../../src/index/exact.ts';
import { hammingScores, searchHamming } from '../../src/index/hamming.ts';
import {
  byteScores,
  halfScores,
  packBytes,
  packHalves,
  searchBytes,
  searchHalves,
  unpackHalves,
} from '../../src/index/quantize.ts';
import { scanRows } from '../../src/index/scan.ts';
import { KERNELS_SOURCE_HASH } from '../../src/index/scan-binary.ts';
import { endThreads, ScanThreads } from '../../src/index/scan-threads.ts';
import { packSigns, searchSigns, signScores } from '../../src/index/sign-bits.ts';
import { type Ranked, type ScoredRow, topK } from '../../src/index/top-k.ts';

afterAll(endThreads);

/** Enough for the kernels' memory, whatever is put there. */
const ROOM = 1 << 16;

/** Few tie keys, so that ids decide too. */
function ranked(rows: number, isShared = false): Ranked {
  const room = () => (isShared ? new SharedArrayBuffer(rows * 4) : new ArrayBuffer(rows * 4));
  const ids = new Int32Array(room());
  const ties = new Uint32Array(room());
  for (let row = 0; row < rows; row++) {
    ids[row] = rows - row;
    ties[row] = (row * 7_919) % 13;
  }
  return { ids, ties };
}

/** A memory that the kernels reach. */
const reached = allocateCodes(16 * ROOM, 512);

/** The same numbers where the kernels reach them, `offset` numbers from the beginning; what lies behind them is NaN as floats. */
function onVectors<Codes extends Uint8Array | Float32Array>(codes: Codes, offset = 0): Codes {
  const Columns = codes.constructor as unknown as new (buffer: ArrayBufferLike, at: number, length: number) => Codes;
  const copy = new Columns(reached.buffer, offset * codes.BYTES_PER_ELEMENT, codes.length);
  reached.fill(0xff, 0, copy.byteOffset + copy.byteLength + 8_192);
  copy.set(codes);
  expect(memoryOf(copy)).toBeDefined();
  return copy;
}

const float = fc.float({ min: -2, max: 2, noNaN: true });

/** Some rows of floats, of which several may be equal, and a query. */
const floatWorld = fc
  .record({ dimensions: fc.integer({ min: 1, max: 41 }), rows: fc.integer({ min: 0, max: 40 }) })
  .chain(({ dimensions, rows }) =>
    fc.record({
      dimensions: fc.constant(dimensions),
      query: fc.array(float, { minLength: dimensions, maxLength: dimensions }).map((all) => Float32Array.from(all)),
      codes: fc.array(float, { minLength: rows * dimensions, maxLength: rows * dimensions }).chain((all) =>
        fc.array(fc.nat(Math.max(0, rows - 1)), { minLength: rows, maxLength: rows }).map((from) => {
          const codes = new Float32Array(rows * dimensions);
          for (const [row, of] of from.entries())
            codes.set(all.slice(of * dimensions, (of + 1) * dimensions), row * dimensions);
          return codes;
        }),
      ),
      k: fc.nat({ max: 45 }),
      offset: fc.nat({ max: 5 }),
    }),
  );

const bitWorld = fc
  .record({
    bytes: fc.oneof(fc.constantFrom(8, 16, 32), fc.integer({ min: 1, max: 70 })),
    rows: fc.integer({ min: 0, max: 40 }),
  })
  .chain(({ bytes, rows }) =>
    fc.record({
      query: fc.uint8Array({ minLength: bytes, maxLength: bytes }),
      codes: fc.uint8Array({ minLength: rows * bytes, maxLength: rows * bytes }),
      k: fc.nat({ max: 45 }),
      offset: fc.nat({ max: 17 }),
    }),
  );

/** Every other row, or all. */
const filters: readonly (((row: number) => boolean) | undefined)[] = [undefined, (row) => row % 2 === 0];

describe('The kernels that scan codes', () => {
  it('were assembled from scan.wat as it is now', () => {
    const source = readFileSync(join(import.meta.dirname, '../../src/index/scan.wat'), 'utf8');
    expect(createHash('sha256').update(source.replaceAll('\r\n', '\n')).digest('hex')).toBe(KERNELS_SOURCE_HASH);
  });

  it('refuse a k that is no whole number, and rankings of another length', () => {
    const codes = allocateFloats(20_000, 2);
    for (const k of [-1, 1.5])
      expect(() => searchDot(codes, Float32Array.of(1, 0), k, ranked(20_000))).toThrow(RangeError);
    expect(() => searchDot(codes, Float32Array.of(1, 0), 1, ranked(7))).toThrow('Expected 7 scores');
    expect(() => searchHamming(allocateCodes(ROOM, 8), new Uint8Array(8), 1, ranked(7))).toThrow('Expected 7 scores');
  });

  it('reach no codes that plain memory is enough for', () => {
    expect(memoryOf(allocateCodes(100, 4))).toBeUndefined();
    expect(memoryOf(allocateCodes(ROOM, 4))).toBeDefined();
    expect(memoryOf(new Uint8Array(ROOM))).toBeUndefined();
  });

  it('leave codes to plain memory that are larger than theirs', () => {
    // Nothing of it is ever touched.
    const codes = allocateCodes(2 ** 32, 4_096);
    expect(codes).toHaveLength(2 ** 32);
    expect(memoryOf(codes)).toBeUndefined();
  });
});

describe('The dot product on vectors', () => {
  it('is that of plain memory, to the last bit', () => {
    fc.assert(
      fc.property(floatWorld, ({ query, codes, offset }) => {
        expect(dotScores(onVectors(codes, offset), query)).toEqual(dotScores(codes, query));
      }),
    );
  });

  it('finds what plain memory finds, with any k and filter, in the same order', () => {
    fc.assert(
      fc.property(floatWorld, ({ dimensions, query, codes, k, offset }) => {
        const order = ranked(codes.length / dimensions);
        const vectors = onVectors(codes, offset);
        for (const accept of filters)
          expect(searchDot(vectors, query, k, order, accept)).toEqual(searchDot(codes, query, k, order, accept));
      }),
    );
  });

  it('never finds a row whose product is NaN, and bears what lies behind the last row', () => {
    const codes = Float32Array.of(1, 0, Number.NaN, 1, 0.5, 0.25, Number.NaN, Number.NaN, Number.POSITIVE_INFINITY);
    const vectors = onVectors(codes);
    const rows = vectors.subarray(0, 6);
    const query = Float32Array.of(1, 0, 0);
    expect(searchDot(rows, query, 2, ranked(2))).toEqual([{ row: 1, score: 1 }]);
    expect(searchDot(vectors.subarray(0, 2), Float32Array.of(1, 1), 1, ranked(1))).toEqual([{ row: 0, score: 1 }]);
  });

  it('finds the best of many rows that get better and better, or worse and worse', () => {
    const rows = 8_000;
    for (const sign of [1, -1]) {
      const codes = allocateFloats(2 * ROOM, 1).subarray(0, rows);
      for (let row = 0; row < rows; row++) codes[row] = sign * (row + 1);
      for (const k of [1, 10, 1_500, rows + 1]) {
        const order = ranked(rows);
        expect(searchDot(codes, Float32Array.of(1), k, order)).toEqual(topK(codes, k, order));
      }
    }
  });

  it('gives the scores of more rows than fit in one go', () => {
    const codes = allocateFloats(9_001, 3);
    for (let i = 0; i < codes.length; i++) codes[i] = Math.sin(i);
    const query = Float32Array.of(0.2, -1, 3);
    expect(dotScores(codes, query)).toEqual(dotScores(Float32Array.from(codes), query));
  });
});

describe('Differing bits on vectors', () => {
  it('find what plain memory finds, in codes of any length, with any k and filter, in the same order', () => {
    fc.assert(
      fc.property(bitWorld, ({ query, codes, k, offset }) => {
        const order = ranked(codes.length / query.length);
        const vectors = onVectors(codes, offset);
        for (const accept of filters)
          expect(searchHamming(vectors, query, k, order, accept)).toEqual(
            topK(hammingScores(codes, query), k, order, accept),
          );
      }),
    );
  });

  it.each([8, 16, 32, 33, 64])('tell 254, 255, 256 and all bits of %i bytes apart', (bytes) => {
    const rows = 64;
    const codes = new Uint8Array(rows * bytes).fill(255);
    for (let row = 0; row < rows; row++) {
      if (row % 3 === 1) codes[row * bytes] = 0b0111_1111;
      if (row % 3 === 2) codes[row * bytes + (row % bytes)] = 0b0011_1111;
    }
    const query = new Uint8Array(bytes);
    for (const k of [1, 20, 22, 40, 64]) {
      const order = ranked(rows);
      expect(searchHamming(onVectors(codes), query, k, order)).toEqual(topK(hammingScores(codes, query), k, order));
    }
  });

  it('are found among many equal rows by their tie keys', () => {
    const codes = onVectors(new Uint8Array(16 * 50_000));
    const order = ranked(50_000);
    const best = searchHamming(codes, new Uint8Array(16), 30, order);
    expect(best).toEqual(topK(new Float32Array(50_000).fill(1), 30, order));
  });
});

describe('Signs on vectors', () => {
  it('find what plain memory finds, to the last bit', () => {
    fc.assert(
      fc.property(floatWorld, ({ dimensions, query, codes, k, offset }) => {
        const bits = packSigns(codes, dimensions);
        const order = ranked(codes.length / dimensions);
        const vectors = onVectors(bits, offset);
        for (const accept of filters)
          expect(searchSigns(vectors, query, k, order, accept)).toEqual(
            topK(signScores(bits, query), k, order, accept),
          );
      }),
    );
  });

  it('score 0 for a query of zeros, and for rows of which nothing is known', () => {
    const bits = onVectors(Uint8Array.of(0, 0b101, 0));
    expect(searchSigns(bits, Float32Array.of(0, 0, 0), 3, ranked(3)).map(({ score }) => score)).toEqual([0, 0, 0]);
    expect(searchSigns(bits, Float32Array.of(1, -1, 1), 3, ranked(3)).map(({ score }) => score)).toEqual([1, 0, 0]);
  });

  it('of more bits than the kernels have tables for are compared plainly', () => {
    const dimensions = 8 * 513;
    const codes = Float32Array.from({ length: dimensions * 130 }, (_, i) => Math.sin(i * i));
    const bits = packSigns(codes, dimensions);
    const query = codes.subarray(0, dimensions);
    expect(searchSigns(bits, query, 3, ranked(130))[0]).toMatchObject({ row: 0, score: 1 });
  });
});

describe('Codes in fewer bytes', () => {
  it('refuse what are not whole rows', () => {
    expect(() => packHalves(new Float32Array(5), 2)).toThrow('Expected rows of 2 but received 5');
    expect(() => packBytes(new Float32Array(5), 0)).toThrow(RangeError);
    expect(() => searchBytes(new Uint8Array(7), new Float32Array(2), 1, ranked(1))).toThrow('Expected rows of 6');
  });

  it('as halves are the nearest ones, ties to even, the largest instead of infinity', () => {
    const values = [
      0,
      -0,
      1,
      -1,
      65_504,
      65_519,
      1e9,
      -1e9,
      2 ** -14,
      2 ** -24,
      2 ** -25,
      2 ** -25 * 1.01,
      3 * 2 ** -25,
    ];
    const expected = [0, -0, 1, -1, 65_504, 65_504, 65_504, -65_504, 2 ** -14, 2 ** -24, 0, 2 ** -24, 2 ** -23];
    expect([...unpackHalves(packHalves(Float32Array.from(values), 1))]).toEqual(expected);
    expect([...unpackHalves(packHalves(Float32Array.of(1 + 2 ** -11, 1 + 3 * 2 ** -11), 1))]).toEqual([1, 1 + 2 ** -9]);
    // Every half there is comes back as it was.
    const all = Uint16Array.from({ length: 0x7c_00 }, (_, i) => i);
    const floats = unpackHalves(new Uint8Array(all.buffer));
    const packed = packHalves(floats, 1);
    expect(new Uint16Array(packed.buffer, packed.byteOffset, all.length)).toEqual(all);
  });

  it('as halves find on vectors what they find in plain memory, to the last bit', () => {
    fc.assert(
      fc.property(floatWorld, ({ dimensions, query, codes, k, offset }) => {
        const packed = packHalves(codes, dimensions);
        const order = ranked(codes.length / dimensions);
        const vectors = onVectors(packed, offset * 2);
        for (const accept of filters)
          expect(searchHalves(vectors, query, k, order, accept)).toEqual(
            topK(halfScores(packed, query), k, order, accept),
          );
      }),
    );
  });

  it('as bytes find on vectors what they find in plain memory, to the last bit', () => {
    fc.assert(
      fc.property(floatWorld, ({ dimensions, query, codes, k, offset }) => {
        const packed = packBytes(codes, dimensions);
        const order = ranked(codes.length / dimensions);
        const vectors = onVectors(packed, offset);
        for (const accept of filters)
          expect(searchBytes(vectors, query, k, order, accept)).toEqual(
            topK(byteScores(packed, query), k, order, accept),
          );
      }),
    );
  });

  it('as bytes are off by half a step of each number at most, and sums stay whole however many there are', () => {
    const dimensions = 9_000;
    const codes = new Float32Array(dimensions * 8).fill(1);
    for (let i = 0; i < dimensions; i++) codes[i] = Math.sin(i);
    const query = codes.subarray(0, dimensions).map(Math.sign);
    const packed = packBytes(codes, dimensions);
    expect(searchBytes(packed, query, 8, ranked(8))).toEqual(topK(byteScores(packed, query), 8, ranked(8)));
    const [score] = byteScores(packed, query);
    expect(Math.abs(score! - dotScores(codes, query)[0]!)).toBeLessThan((dimensions * 0.5) / 127 + dimensions / 127);
  });
});

describe('Threads', () => {
  it('find what one thread finds, whatever is asked, also when they are asked of other codes', async () => {
    const threads = ScanThreads.start(3)!;
    await until(() => threads.isReady);
    for (const [rows, seed] of [
      [40_000, 1],
      [1_000, 2],
      [3, 3],
      [40_000, 4],
    ] as const) {
      const bytes = 16;
      const codes = allocateCodes(ROOM + rows * bytes, bytes).subarray(0, rows * bytes);
      // Few different bytes: many ties.
      for (let i = 0; i < codes.length; i++) codes[i] = (Math.imul(i + seed, 0x9e_37_79_b1) >>> 28) & 3;
      const order = ranked(rows, true);
      const memory = memoryOf(codes)!;
      for (const k of [0, 1, 10, 1_500]) {
        const question = { scan: 'hamming128', codes: 0, rows, lengths: [] } as const;
        new Uint8Array(memory.memory.buffer, memory.queryAt, bytes).fill(k & 3);
        const alone: ScoredRow[] = scanRows(memory, question, k, {
          ids: Int32Array.from(order.ids),
          ties: Uint32Array.from(order.ties),
        });
        expect(threads.scan(memory, question, k, order)).toEqual(alone);
      }
    }
    await threads.end();
  });

  it('are started by questions that are worth it, and change nothing', async () => {
    const rows = 150_000;
    const codes = allocateFloats(rows, 64);
    codes.set(Float32Array.from({ length: 64 * 97 }, (_, i) => Math.sin(i)));
    for (let filled = 64 * 97; filled < codes.length; filled *= 2) codes.copyWithin(filled, 0, filled);
    const query = codes.slice(640, 704);
    const order = ranked(rows, true);
    const first = searchDot(codes, query, 20, order);
    for (let i = 0; i < 30; i++) {
      expect(searchDot(codes, query, 20, order)).toEqual(first);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}
