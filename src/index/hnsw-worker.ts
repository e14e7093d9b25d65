// The worker thread that builds a graph file, so that building does not stop the process.
import { parentPort, workerData } from 'node:worker_threads';
import { buildGraphFile, type GraphJob } from './hnsw-graph.ts';

/** What the thread is started with. It tells how many codes are in, and at the end what was built. */
export type HnswJob = GraphJob;

parentPort?.postMessage(await buildGraphFile(workerData as HnswJob, (done) => parentPort?.postMessage(done)));
