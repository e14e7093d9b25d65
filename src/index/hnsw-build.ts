// Builds the graph over the codes of an encoder in a worker thread and puts it in its place.

import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { syncFile, syncFolder, unfinishedName, writeFileAtomically } from '../atomic-file.ts';
import { SandglassError } from '../errors.ts';
import { errnoOf } from '../output-error.ts';
import { threadArguments } from '../thread-arguments.ts';
import { diskFull, isDiskFull } from './catalog-errors.ts';
import { writeError } from './file-errors.ts';
import { fileHash, type GraphSettings, HNSW_VERSION, type HnswSidecar, type HnswSource, parseSidecar } from './hnsw.ts';
import type { BuiltGraph } from './hnsw-graph.ts';
import type { HnswJob } from './hnsw-worker.ts';
import { hnswFiles, type IndexLayout } from './layout.ts';

export interface HnswBuildOptions {
  /** Links of a node. @default 16 */
  readonly m?: number;
  /** Candidates while building. @default 200 */
  readonly efConstruction?: number;
  /** @default 100 */
  readonly seed?: number;
  /** What each code is called in answers; distinct. Under the same label a code is kept from graph to graph. @default its row */
  readonly labels?: Uint32Array;
  readonly signal?: AbortSignal;
  /** Called now and then with the number of codes that are in. */
  readonly onProgress?: (done: number) => void;
}

/**
 * Builds a graph over `codes` [count, dimensions], rows of unit length, and replaces the one that was there. Where that one holds
 * most of the codes it is only changed (hnsw-graph.ts).
 *
 * @returns what was built
 * @throws SandglassError `DISK_FULL`, `INDEX_READ_ONLY`, `ABORTED`; the former graph is then still in place
 */
export async function buildHnsw(
  layout: IndexLayout,
  source: HnswSource,
  codes: Float32Array,
  options: HnswBuildOptions = {},
): Promise<BuiltGraph> {
  const { m = 16, efConstruction = 200, seed = 100, labels, signal, onProgress } = options;
  const { count, dimensions } = source;
  if (codes.length !== count * dimensions || dimensions === 0) {
    throw new RangeError(`Expected ${count} codes of ${dimensions} dimensions but received ${codes.length} numbers`);
  }
  const { graph, sidecar } = hnswFiles(layout, source.fingerprint);
  const half = unfinishedName(graph);
  try {
    await mkdir(dirname(graph), { recursive: true });
    const settings = { m, efConstruction, seed };
    const job: HnswJob = {
      file: half,
      codes,
      labels: labels ?? Uint32Array.from({ length: count }, (_, row) => row),
      dimensions,
      settings,
      ...((await isToChange(graph, sidecar, source, settings)) ? { former: graph } : {}),
    };
    const built = await runWorker(job, signal, onProgress);
    const { tombstones, ef, recall } = built;
    await syncFile(half);
    const { size: bytes } = await stat(half);
    const found: HnswSidecar = {
      version: HNSW_VERSION,
      ...source,
      m,
      efConstruction,
      tombstones,
      ef,
      recall,
      bytes,
      sha256: await fileHash(half),
    };
    // Between the two renames the sidecar does not fit the graph, which only means that it is built again.
    await rename(half, graph);
    await writeFileAtomically(sidecar, `${JSON.stringify(found)}\n`);
    await syncFolder(dirname(graph));
    return built;
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

/** Whether the graph in place is whole, of the same encoder and catalog, and made in the same way. */
async function isToChange(
  graph: string,
  sidecar: string,
  source: HnswSource,
  { m, efConstruction }: GraphSettings,
): Promise<boolean> {
  const found = await readFile(sidecar, 'utf8').then(parseSidecar, () => undefined);
  const fits =
    found !== undefined &&
    found.version === HNSW_VERSION &&
    found.catalogId === source.catalogId &&
    found.fingerprint === source.fingerprint &&
    found.dimensions === source.dimensions &&
    found.m === m &&
    found.efConstruction === efConstruction;
  return fits && (await fileHash(graph).catch(() => '')) === found.sha256;
}

async function runWorker(
  job: HnswJob,
  signal: AbortSignal | undefined,
  onProgress: ((done: number) => void) | undefined,
): Promise<BuiltGraph> {
  if (signal?.aborted) throw aborted();
  const worker = new Worker(new URL('./hnsw-worker.js', import.meta.url), { ...threadArguments(), workerData: job });
  return new Promise<BuiltGraph>((resolve, reject) => {
    let built: BuiltGraph | undefined;
    const onAbort = (): void => {
      void worker.terminate().then(() => reject(aborted()));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    worker.on('message', (message: number | BuiltGraph) => {
      if (typeof message === 'number') onProgress?.(message);
      else built = message;
    });
    worker.on('error', reject);
    worker.on('exit', (code) => {
      signal?.removeEventListener('abort', onAbort);
      if (signal?.aborted) reject(aborted());
      else if (code === 0 && built !== undefined) resolve(built);
      else reject(new Error(`The thread that builds the graph ended with code ${code}`));
    });
  });
}

function aborted(): SandglassError {
  return new SandglassError('ABORTED', 'Stopped while building the search graph; searches stay exact.');
}
