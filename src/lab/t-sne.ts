// t-SNE: the map of the data that the two-unit auto-encoder is compared with.
//
// Why wasm-bhtsne: it is Barnes and Hut's approximation (time n log n) as WebAssembly, MIT, without dependencies, native
// code or install scripts, and what it asks of a browser is little enough to be given to it in a thread of Node. The exact
// ones (tsne, @keckelt/tsne, tsne-js) hold n² numbers several times over: 800 MB each for 10,000 points.
// bhtsne is compiled at installation, druidjs is LGPL, umap-js is another method.
import { Worker } from 'node:worker_threads';
import { SandglassError, throwIfAborted } from '../errors.ts';
import { threadArguments } from '../thread-arguments.ts';
import { countRows } from './pixel-rows.ts';
import type { TsneMessage, TsneTask } from './t-sne-task.ts';

export interface TsneOptions {
  /** About how many neighbours each point keeps. @default 30, or (n − 1) / 3 where that is less */
  readonly perplexity?: number;
  /** Steps of gradient descent; the first 250 exaggerate the groups, so take more than that. @default 1000 */
  readonly iterations?: number;
  /** The same seed gives the same map on the same machine. @default 0 */
  readonly seed?: number;
  /** Ends the work at once. */
  readonly signal?: AbortSignal;
  /** Called every ten iterations. */
  readonly onProgress?: (progress: TsneProgress) => void;
}

export interface TsneProgress {
  readonly iteration: number;
  readonly iterations: number;
}

/**
 * Lays rows out in a plane so that those near one another stay near (van der Maaten and Hinton 2008; Barnes-Hut as van der
 * Maaten 2014). Works in a thread of its own, on one core.
 *
 * Wide rows are best reduced to 30 or 50 numbers by PCA first: distances stay, most of the time does not. 10,000 rows of 30
 * take about two minutes and 300 MB; time grows a little faster than the number of rows.
 *
 * @param rows [n, width]
 * @returns the map [n, 2], its centre near 0
 * @throws SandglassError TRAINING_TOO_SMALL for fewer than four rows, ABORTED; RangeError for a perplexity above
 *   (n − 1) / 3 and for rows that hold anything but finite numbers
 */
export async function tsne(
  rows: Float32Array,
  n: number,
  width: number,
  options: TsneOptions = {},
): Promise<Float32Array> {
  const { iterations = 1000, signal, onProgress } = options;
  const task = { rows, width, perplexity: checkPerplexity(options, n), iterations, seed: options.seed ?? 0 };
  countRows('t-SNE', rows, width, n);
  if (!(Number.isInteger(iterations) && iterations >= 1)) {
    throw new RangeError(`Expected a whole number of iterations from 1 for t-SNE but received ${iterations}`);
  }
  if (!rows.every(Number.isFinite))
    throw new RangeError('Expected finite numbers for t-SNE but received NaN or infinity');
  throwIfAborted(signal, 't-SNE was stopped before its end');
  return runInThread(task, signal, (iteration) => onProgress?.({ iteration, iterations }));
}

async function runInThread(
  task: TsneTask,
  signal: AbortSignal | undefined,
  onIteration: (iteration: number) => void,
): Promise<Float32Array> {
  const worker = new Worker(new URL('./t-sne-worker.js', import.meta.url), { ...threadArguments(), workerData: task });
  let stop = () => {};
  try {
    return await new Promise<Float32Array>((resolve, reject) => {
      stop = () => reject(new SandglassError('ABORTED', 't-SNE was stopped before its end', { cause: signal?.reason }));
      signal?.addEventListener('abort', stop, { once: true });
      worker.on('message', (message: TsneMessage) => {
        if ('points' in message) return resolve(message.points);
        try {
          onIteration(message.iteration);
        } catch (error) {
          reject(error);
        }
      });
      worker.on('error', reject);
      worker.on('exit', (status) => reject(new Error(`The t-SNE thread ended with status ${status} and no map`)));
    });
  } finally {
    signal?.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

function checkPerplexity({ perplexity }: TsneOptions, n: number): number {
  if (n < 4) {
    throw new SandglassError(
      'TRAINING_TOO_SMALL',
      `Expected at least 4 rows for t-SNE but received ${n}; add more items to the data set`,
    );
  }
  const most = (n - 1) / 3;
  if (perplexity === undefined) return Math.min(30, most);
  if (perplexity >= 1 && perplexity <= most) return perplexity;
  throw new RangeError(`Expected a perplexity from 1 to ${most.toFixed(1)} for ${n} rows but received ${perplexity}`);
}
