// Runs in the threads of pool.ts: reads a batch of files and notes which one it is at.
import { type ExtractLimits, extractFeature } from './extract.ts';
import type { ExtractResult } from './extract-result.ts';

export interface BatchTask {
  readonly paths: readonly string[];
  readonly limits: ExtractLimits;
  /** Shared memory, one number: how many files of the batch were begun. It outlives a thread that does not return. */
  readonly begun: Int32Array;
}

export default async function extractBatch({ paths, limits, begun }: BatchTask): Promise<ExtractResult[]> {
  const results: ExtractResult[] = [];
  for (const path of paths) {
    Atomics.add(begun, 0, 1);
    results.push(await extractFeature(path, limits));
  }
  return results;
}
