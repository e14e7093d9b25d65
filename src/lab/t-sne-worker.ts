// The thread in which t-SNE runs: it can be ended at any time, and its random numbers are its own.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { Random } from '../training/random.ts';
import type { TsneMessage, TsneTask } from './t-sne-task.ts';

/** How strongly groups are drawn together at first, and for how many iterations: the library's values. */
const EXAGGERATION = 12;
const EXAGGERATED_ITERATIONS = 250;
/** The accuracy of Barnes and Hut's approximation: a cell counts as one point when it looks smaller than this. */
const THETA = 0.5;
/** Iterations between two words about progress. */
const STRIDE = 10;

const { rows, width, perplexity, iterations, seed } = workerData as TsneTask;

// The library was made for browsers. It asks `self` for random numbers – here seeded ones – and listens there for its own
// threads, which are not used: sums that are added up in another order would give another map.
const random = new Random(seed);
const crypto = {
  getRandomValues(values: Uint8Array): Uint8Array {
    for (let i = 0; i < values.length; i++) values[i] = random.integer(256);
    return values;
  },
};
Object.assign(globalThis, { self: { crypto, addEventListener: () => {} } });
const { bhtSNEf32, initSync } = await import('wasm-bhtsne');
initSync({ module: readFileSync(createRequire(import.meta.url).resolve('wasm-bhtsne/wasm_bhtsne_bg.wasm')) });

const n = rows.length / width;
const map = new bhtSNEf32(
  Array.from({ length: n }, (_, row) => Array.from(rows.subarray(row * width, (row + 1) * width))),
  {
    perplexity,
    theta: THETA,
    stop_lying_epoch: EXAGGERATED_ITERATIONS,
    momentum_switch_epoch: EXAGGERATED_ITERATIONS,
    // Belkina et al. 2019: a rate in step with the number of points, or large maps stay unfinished.
    learning_rate: Math.max(200, n / EXAGGERATION),
  },
);
let points: number[][] = [];
for (let done = 0; done < iterations; ) {
  const more = Math.min(STRIDE, iterations - done);
  points = map.step(more);
  done += more;
  post({ iteration: done });
}
post({ points: Float32Array.from(points.flat()) });

function post(message: TsneMessage): void {
  parentPort?.postMessage(message);
}
