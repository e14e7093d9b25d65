import { describe, expect, it } from '@jest/globals';
import { Hnsw } from '../../src/index/hnsw.ts';
import { newHnswlibGraph, numbersOf } from '../../src/index/hnswlib.ts';
import { type SearchedGraph, searchGraph } from '../../src/methods/search-graph.ts';
import { Random } from '../../src/training/random.ts';

const DIMENSIONS = 8;
const ROWS = 6_000;
const random = new Random(3);
const codes = Float32Array.from({ length: ROWS * DIMENSIONS }, () => random.normal());
for (let row = 0; row < ROWS; row++) {
  const code = codes.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS);
  const length = Math.hypot(...code);
  for (let i = 0; i < DIMENSIONS; i++) code[i]! /= length;
}
const graph = await newHnswlibGraph(DIMENSIONS);
graph.initIndex(ROWS, 16, 100, 1);
for (let row = 0; row < ROWS; row++) graph.addPoint(numbersOf(codes, row * DIMENSIONS, DIMENSIONS), row);
const hnsw = new Hnsw(graph, 64);
const query = codes.slice(0, DIMENSIONS);
const dot = (row: number): number => query.reduce((sum, value, i) => sum + value * codes[row * DIMENSIONS + i]!, 0);

describe('A question to a graph, through a filter or not', () => {
  it('leaves what few pass to comparing with all, and what more is wanted of than a graph is good for', () => {
    expect(searchGraph(hnsw, query, 10, (row) => row % 20 === 0)).toBeUndefined();
    expect(searchGraph(hnsw, query, 1_001)).toBeUndefined();
  });

  it('leaves to comparing what passes far away only, after a bounded number of looks', () => {
    const sorted = Float32Array.from({ length: ROWS }, (_, row) => dot(row)).sort();
    const farthest = sorted[ROWS / 2]!;
    let looks = 0;
    const isFar = (row: number): boolean => {
      looks++;
      return dot(row) < farthest;
    };
    expect(searchGraph(hnsw, query, 10, isFar)).toBeUndefined();
    expect(looks).toBeLessThanOrEqual(2_500);
  });

  it('answers with rows that pass, as many as are wanted', () => {
    const rows = searchGraph(hnsw, query, 10, (row) => row % 2 === 0);
    expect(rows).toHaveLength(10);
    expect(rows!.every((row) => row % 2 === 0)).toBe(true);
    expect(searchGraph(hnsw, query, 10)).toContain(0);
  });

  it('leaves to comparing what a graph finds fewer of than there are', () => {
    const poor: SearchedGraph = { size: ROWS, search: () => [{ row: 1, score: 1 }] };
    expect(searchGraph(poor, query, 10)).toBeUndefined();
  });
});
