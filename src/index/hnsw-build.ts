// Builds the graph over the codes of an encoder in a worker thread and puts it in its place.

import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { syncFile, syncFolder, unfinishedName, writeFileAtomically } from '../atomic-file.ts';
import { SandglassError } from '../errors.ts';
import { errnoOf } from '../output-error.ts';
import { diskFull, isDiskFull } from './catalog-errors.ts';
import { writeError } from './file-errors.ts';
import { fileHash, HNSW_VERSION, type HnswSidecar, type HnswSource } from './hnsw.ts';
import type { HnswJob } from './hnsw-worker.ts';
import { hnswFiles, type IndexLayout } from './layout.ts';

export interface HnswBuildOptions {
  /** Links of a node. @default 16 */
  readonly m?: number;
  /** Candidates while building. @default 200 */
  readonly efConstruction?: number;
  /** @default 100 */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** Called now and then with the number of codes that are in. */
  readonly onProgress?: (done: number) => void;
}

/**
 * Builds a graph over `codes` [count, dimensions], rows of unit length, and replaces the one that was there. The codes are
 * copied: they may change meanwhile.
 *
 * @throws SandglassError `DISK_FULL`, `INDEX_READ_ONLY`, `ABORTED`; the former graph is then still in place
 */
export async function buildHnsw(
  layout: IndexLayout,
  source: HnswSource,
  codes: Float32Array,
  options: HnswBuildOptions = {},
): Promise<void> {
  const { m = 16, efConstruction = 200, seed = 100, signal, onProgress } = options;
  const { count, dimensions } = source;
  if (codes.length !== count * dimensions || dimensions === 0) {
    throw new RangeError(`Expected ${count} codes of ${dimensions} dimensions but received ${codes.length} numbers`);
  }
  const { graph, sidecar } = hnswFiles(layout, source.fingerprint);
  const half = unfinishedName(graph);
  try {
    await mkdir(dirname(graph), { recursive: true });
    await runWorker({ file: half, codes, dimensions, settings: { m, efConstruction, seed } }, signal, onProgress);
    await syncFile(half);
    const { size: bytes } = await stat(half);
    const found: HnswSidecar = {
      version: HNSW_VERSION,
      ...source,
      m,
      efConstruction,
      bytes,
      sha256: await fileHash(half),
    };
    // Between the two renames the sidecar does not fit the graph, which only means that it is built again.
    await rename(half, graph);
    await writeFileAtomically(sidecar, `${JSON.stringify(found)}\n`);
    await syncFolder(dirname(graph));
  } catch (thrown) {
    const full = isDiskFull(graph);
    await rm(half, { force: true });
    if (full && !(thrown instanceof SandglassError)) throw diskFull(graph, thrown);
    throw writeError(thrown, graph);
  }
}

/**
 * Removes the graphs of encoders that are not in `keep` (fingerprints), and what a killed process left half written. For the
 * writer only.
 *
 * @returns the names of what was removed
 */
export async function removeUnreferencedGraphs(layout: IndexLayout, keep: ReadonlySet<string>): Promise<string[]> {
  const isKept = (name: string): boolean => /^[0-9a-f]{64}\.(hnsw|json)$/.test(name) && keep.has(name.slice(0, 64));
  try {
    const stale = (await readdir(layout.hnsw)).filter((name) => !isKept(name));
    for (const name of stale) await rm(join(layout.hnsw, name), { recursive: true, force: true });
    return stale;
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return [];
    throw writeError(thrown, layout.hnsw);
  }
}

async function runWorker(
  job: HnswJob,
  signal: AbortSignal | undefined,
  onProgress: ((done: number) => void) | undefined,
): Promise<void> {
  if (signal?.aborted) throw aborted();
  const worker = new Worker(new URL('./hnsw-worker.js', import.meta.url), { workerData: job });
  await new Promise<void>((resolve, reject) => {
    const onAbort = (): void => {
      void worker.terminate().then(() => reject(aborted()));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    worker.on('message', (done: number) => onProgress?.(done));
    worker.on('error', reject);
    worker.on('exit', (code) => {
      signal?.removeEventListener('abort', onAbort);
      if (signal?.aborted) reject(aborted());
      else if (code === 0) resolve();
      else reject(new Error(`The thread that builds the graph ended with code ${code}`));
    });
  });
}

function aborted(): SandglassError {
  return new SandglassError('ABORTED', 'Stopped while building the search graph; searches stay exact.');
}
