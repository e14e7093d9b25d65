// The neighbours of a later round: near by code and by words.
import { describe, expect, it } from '@jest/globals';
import type { BagsOfWords } from '../../src/training/bags-of-words.ts';
import { neighboursByCode } from '../../src/training/code-neighbours.ts';
import { nearestCodes } from '../../src/training/nearest-codes.ts';
import { BestOfEachRow } from '../../src/training/nearest-documents.ts';
import { Random } from '../../src/training/random.ts';

const CPU = { device: 'cpu', threads: 1 } as const;

function unitRows(rows: number, size: number, seed: number): Float32Array {
  const random = new Random(seed);
  const codes = Float32Array.from({ length: rows * size }, () => random.normal());
  for (let row = 0; row < rows; row++) {
    const code = codes.subarray(row * size, (row + 1) * size);
    const length = Math.hypot(...code);
    for (let i = 0; i < size; i++) code[i]! /= length;
  }
  return codes;
}

describe('the nearest codes', () => {
  it('are what comparing every pair finds, over more rows than go through at once', async () => {
    const [rows, size, k] = [300, 6, 5];
    const codes = unitRows(rows, size, 3);
    const nearest = await nearestCodes(codes, rows, k, CPU);
    const dot = (a: number, b: number) => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += codes[a * size + i]! * codes[b * size + i]!;
      return sum;
    };
    for (let row = 0; row < rows; row++) {
      const expected = Array.from({ length: rows }, (_, other) => other)
        .filter((other) => other !== row)
        .sort((a, b) => dot(row, b) - dot(row, a))
        .slice(0, k);
      expect(Array.from(nearest.subarray(row * k, (row + 1) * k))).toEqual(expected);
    }
  });
});

describe('neighbours by code and words', () => {
  it('prefer what is near by both, and keep a neighbour by words that no code knows', async () => {
    // Codes: 0, 1 and 2 nearly the same, 3 opposite. Words: 0 and 2 share one; 0 and 3 are the same.
    const codes = Float32Array.of(1, 0, 0.995, 0.0998749, 0.995, -0.0998749, -1, 0);
    const bags: BagsOfWords = {
      rows: 4,
      vocabularySize: 3,
      indptr: Uint32Array.of(0, 2, 3, 4, 6),
      indices: Uint32Array.of(0, 1, 2, 0, 0, 1),
      counts: Uint16Array.of(1, 1, 1, 1, 1, 1),
    };
    const unit = Float32Array.of(Math.SQRT1_2, Math.SQRT1_2, 1, 1, Math.SQRT1_2, Math.SQRT1_2);
    const before = new BestOfEachRow(4, 1);
    before.offer(0, 3, 1);
    const { k, rows, scores } = await neighboursByCode(bags, unit, codes, before, before.k, CPU);
    expect(k).toBe(1);
    expect(rows[0]).toBe(2);
    expect(scores[0]).toBeCloseTo(1 + 0.995 + 0.5 * Math.SQRT1_2, 4);
    expect(rows[1]).toBe(0);
  });
});
