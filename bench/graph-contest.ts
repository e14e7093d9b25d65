// What every contestant of bench/index-hnsw.ts does: builds a graph over codes in a file and asks it, round after round.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Answers of a question. */
export const CONTEST_K = 10;

const ROUNDS = 3;

export interface GraphFigures {
  /** Seconds. */
  readonly built: number;
  /** What the process holds more than before. */
  readonly megabytes: number;
  readonly found: readonly { readonly ef: number; readonly ms: number; readonly recall: number }[];
}

/** Asks for the rows of the `k` nearest with so many candidates. */
export type AskGraph = (query: Float32Array, k: number, ef: number) => readonly number[];

/**
 * @param folder holds `codes` and `asked`, 32-bit floats, and `nearest`, the rows of the ten nearest of each question
 * @param efs numbers of candidates, with commas between
 */
export function measuredGraph(
  folder: string,
  dimensions: number,
  efs: string,
  build: (codes: Float32Array, dimensions: number) => AskGraph,
): GraphFigures {
  const bytes = (name: string): ArrayBuffer => new Uint8Array(readFileSync(join(folder, name))).buffer;
  const codes = new Float32Array(bytes('codes'));
  const asked = new Float32Array(bytes('asked'));
  const nearest = new Int32Array(bytes('nearest'));
  const before = process.memoryUsage.rss();
  const began = performance.now();
  const ask = build(codes, dimensions);
  const built = (performance.now() - began) / 1000;
  const megabytes = (process.memoryUsage.rss() - before) / 2 ** 20;
  const questions = Array.from({ length: asked.length / dimensions }, (_, i) =>
    asked.subarray(i * dimensions, (i + 1) * dimensions),
  );
  const found = efs.split(',').map((given) => {
    const ef = Number(given);
    ask(questions[0]!, CONTEST_K, ef);
    let rows: (readonly number[])[] = [];
    const times = Array.from({ length: ROUNDS }, () => {
      const start = performance.now();
      rows = questions.map((query) => ask(query, CONTEST_K, ef));
      return (performance.now() - start) / questions.length;
    });
    const hits = rows.map((some, i) => {
      const best = new Set(nearest.subarray(i * CONTEST_K, (i + 1) * CONTEST_K));
      return some.filter((row) => best.has(row)).length;
    });
    return {
      ef,
      ms: Math.min(...times),
      recall: hits.reduce((sum, one) => sum + one, 0) / (CONTEST_K * questions.length),
    };
  });
  return { built, megabytes, found };
}
