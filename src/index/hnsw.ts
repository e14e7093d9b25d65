// Approximate search over float codes: the graph of Malkov and Yashunin (2018), "Efficient and robust approximate nearest
// neighbor search using Hierarchical Navigable Small World graphs".
//
// A graph file is a cache of the codes in the catalog: it is checked when opened, and built again when it does not fit.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { errnoOf } from '../output-error.ts';
import { type HnswlibGraph, newHnswlibGraph, numbersOf } from './hnswlib.ts';
import { hnswFiles, type IndexLayout } from './layout.ts';
import type { ScoredRow } from './top-k.ts';

/** The version of the sidecar and of how the graph is made; another one is stale. */
export const HNSW_VERSION = 2;

/** What a graph is made of; the graph of anything else is stale. */
export interface HnswSource {
  /** Names the catalog, so that a graph left over from another one never fits. */
  readonly catalogId: string;
  /** Of the encoder, 64 hexadecimal digits. */
  readonly fingerprint: string;
  /** Of the encoder's codes: any change of them raises it. */
  readonly revision: number;
  readonly count: number;
  readonly dimensions: number;
}

/** What lies beside a graph file, as JSON. */
export interface HnswSidecar extends HnswSource {
  readonly version: number;
  readonly m: number;
  readonly efConstruction: number;
  /** Codes in the graph that are there no more: never found, and their places are taken by new ones. */
  readonly tombstones: number;
  /** Candidates that a search keeps unless it is told otherwise. */
  readonly ef: number;
  /** The share of the ten nearest others that is found so, of a sample of the codes (hnsw-recall.ts). */
  readonly recall: number;
  /** Of the graph file. */
  readonly bytes: number;
  readonly sha256: string;
}

export interface ReadyHnsw {
  readonly state: 'ready';
  readonly hnsw: Hnsw;
  readonly sidecar: HnswSidecar;
}

export type OpenedHnsw = ReadyHnsw | { readonly state: 'missing' | 'stale' | 'damaged'; readonly reason: string };

export interface HnswSearchOptions {
  /** Candidates kept while searching: more are slower and find more. At least `k`. @default as measured */
  readonly ef?: number;
  readonly accept?: (label: number) => boolean;
}

export interface GraphSettings {
  /** Links of a node: memory and recall. */
  readonly m: number;
  /** Candidates while building: time and recall. */
  readonly efConstruction: number;
  readonly seed: number;
}

/** A graph in memory. Rows are the labels of the codes: their rows, where it was built without labels. */
export class Hnsw {
  readonly size: number;
  readonly dimensions: number;
  readonly #graph: HnswlibGraph;

  readonly #ef: number;

  /** @param ef candidates that a search keeps unless it is told otherwise */
  constructor(graph: HnswlibGraph, ef: number, tombstones = 0) {
    this.#graph = graph;
    this.#ef = ef;
    this.size = graph.getCurrentCount() - tombstones;
    this.dimensions = graph.getNumDimensions();
  }

  /**
   * About the `k` rows with the highest dot product, best first: most of them, not surely all, and rows of equal score in
   * no defined order (`searchRows` of exact.ts puts them in order).
   */
  search(query: Float32Array, k: number, options: HnswSearchOptions = {}): ScoredRow[] {
    const { ef = this.#ef, accept } = options;
    if (query.length !== this.dimensions) {
      throw new RangeError(`Expected a query of ${this.dimensions} dimensions but received ${query.length}`);
    }
    const wanted = Math.min(k, this.size);
    if (wanted === 0) return [];
    // The file does not keep ef, and a search with fewer candidates than answers finds hardly any.
    this.#graph.setEf(Math.max(ef, wanted));
    const { neighbors, distances } = this.#graph.searchKnn(numbersOf(query, 0, query.length), wanted, accept);
    return neighbors.map((row, i) => ({ row, score: 1 - distances[i]! }));
  }
}

/**
 * Opens the graph over the codes that `expected` describes, or says why it cannot be used. Nothing of the file reaches
 * hnswlib, which would crash on it, before its checksum is right.
 */
export async function openHnsw(layout: IndexLayout, expected: HnswSource): Promise<OpenedHnsw> {
  const { graph, sidecar } = hnswFiles(layout, expected.fingerprint);
  let text: string;
  try {
    text = await readFile(sidecar, 'utf8');
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return { state: 'missing', reason: 'no graph was built yet' };
    return { state: 'damaged', reason: `${sidecar} cannot be read (${String(thrown)})` };
  }
  const found = parseSidecar(text);
  if (found === undefined) return { state: 'damaged', reason: `${sidecar} is not what was written` };
  const stale = difference(found, expected);
  if (stale !== undefined) return { state: 'stale', reason: stale };
  try {
    const before = await stat(graph);
    if (before.size !== found.bytes) {
      return { state: 'damaged', reason: `${graph} has ${before.size} bytes instead of ${found.bytes}` };
    }
    if ((await fileHash(graph)) !== found.sha256) return { state: 'damaged', reason: `${graph} has other content` };
    const hnsw = new Hnsw(await readGraph(graph, found.dimensions), found.ef, found.tombstones);
    const after = await stat(graph);
    // Another process may have put a newer graph in its place since it was checked.
    if (after.ino !== before.ino || after.mtimeMs !== before.mtimeMs) {
      return { state: 'stale', reason: `${graph} was replaced while it was read` };
    }
    if (hnsw.size !== found.count) {
      return { state: 'damaged', reason: `${graph} holds ${hnsw.size} codes instead of ${found.count}` };
    }
    return { state: 'ready', hnsw, sidecar: found };
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return { state: 'missing', reason: `${graph} is gone` };
    return { state: 'damaged', reason: `${graph} cannot be used (${String(thrown)})` };
  }
}

/** SHA-256 of a file, in hexadecimal digits. */
export async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** @param isToChange codes will be put in the places of those that are deleted */
export async function readGraph(file: string, dimensions: number, isToChange = false): Promise<HnswlibGraph> {
  const graph = await newHnswlibGraph(dimensions);
  await graph.readIndex(file, isToChange);
  return graph;
}

export function parseSidecar(text: string): HnswSidecar | undefined {
  try {
    const found = JSON.parse(text) as Partial<HnswSidecar> | null;
    const numbers = [
      found?.version,
      found?.revision,
      found?.count,
      found?.dimensions,
      found?.bytes,
      found?.version === HNSW_VERSION ? found.ef : 0,
    ];
    const strings = [found?.catalogId, found?.fingerprint, found?.sha256];
    const whole = numbers.every((n) => typeof n === 'number') && strings.every((s) => typeof s === 'string');
    return whole ? (found as HnswSidecar) : undefined;
  } catch {
    return undefined;
  }
}

function difference(found: HnswSidecar, expected: HnswSource): string | undefined {
  if (found.version !== HNSW_VERSION) return `it is of version ${found.version} instead of ${HNSW_VERSION}`;
  for (const key of ['catalogId', 'fingerprint', 'revision', 'count', 'dimensions'] as const) {
    if (found[key] !== expected[key]) return `its ${key} is ${found[key]} instead of ${expected[key]}`;
  }
  return undefined;
}
