// The worker thread that builds a graph file, so that building does not stop the process.
import { parentPort, workerData } from 'node:worker_threads';
import { buildGraphFile, type GraphSettings } from './hnsw.ts';

/** What the thread is started with. */
export interface HnswJob {
  readonly file: string;
  readonly codes: Float32Array;
  readonly dimensions: number;
  readonly settings: GraphSettings;
}

const { file, codes, dimensions, settings } = workerData as HnswJob;
await buildGraphFile(file, codes, dimensions, settings, (done) => parentPort?.postMessage(done));
