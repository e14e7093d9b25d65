// Makes a graph file: anew, or from the former graph where most of its codes are still the same.

import { type GraphSettings, readGraph } from './hnsw.ts';
import { chooseEf, LEAST_RECALL } from './hnsw-recall.ts';
import { type HnswlibGraph, newHnswlibGraph, numbersOf } from './hnswlib.ts';

export interface GraphJob {
  readonly file: string;
  /** [count, dimensions] */
  readonly codes: Float32Array;
  /** Distinct, one a code. */
  readonly labels: Uint32Array;
  readonly dimensions: number;
  readonly settings: GraphSettings;
  /** A graph file of such codes, whole. */
  readonly former?: string;
}

export interface BuiltGraph {
  readonly way: 'anew' | 'changed';
  readonly tombstones: number;
  /** Candidates that a search has to keep, and the recall it then has. */
  readonly ef: number;
  readonly recall: number;
}

/** A graph in memory, with what is told of it. */
type Made = BuiltGraph & { readonly graph: HnswlibGraph };

/** Above this share of new and changed codes, building anew takes no longer and links better. */
const MOST_NEW = 0.5;

/** Above this share of codes that are gone, and whose places no new ones take, the graph is built anew. */
const MOST_TOMBSTONES = 0.1;

/**
 * Builds a graph and writes it to a file, blocking the thread: for a worker. The file is read back, because hnswlib does
 * not notice when the disk is full. A changed graph that finds too little is built anew.
 */
export async function buildGraphFile(job: GraphJob, onProgress: (done: number) => void): Promise<BuiltGraph> {
  const { file, codes, labels, dimensions } = job;
  const measured = (graph: HnswlibGraph) => chooseEf(graph, codes, labels, dimensions);
  const changed = await changedGraph(job, onProgress);
  let made: Made | undefined = changed && { ...changed, way: 'changed', ...measured(changed.graph) };
  if (made === undefined || made.recall < LEAST_RECALL) {
    const fresh = await newGraph(job, onProgress);
    made = { graph: fresh, way: 'anew', tombstones: 0, ...measured(fresh) };
  }
  const { graph, ...built } = made;
  onProgress(labels.length);
  graph.writeIndexSync(file);
  const found = (await readGraph(file, dimensions)).getCurrentCount() - built.tombstones;
  if (found !== labels.length) throw new Error(`${file} holds ${found} codes instead of ${labels.length}`);
  return built;
}

async function newGraph(
  { codes, labels, dimensions, settings }: GraphJob,
  onProgress: (done: number) => void,
): Promise<HnswlibGraph> {
  const graph = await newHnswlibGraph(dimensions);
  graph.initIndex(labels.length, settings.m, settings.efConstruction, settings.seed);
  labels.forEach((label, row) => {
    graph.addPoint(numbersOf(codes, row * dimensions, dimensions), label);
    if ((row + 1) % 1_000 === 0) onProgress(row + 1);
  });
  return graph;
}

/** The former graph with what came, went and changed; undefined where there is none, or where that does not pay. */
async function changedGraph(
  { codes, labels, dimensions, former }: GraphJob,
  onProgress: (done: number) => void,
): Promise<{ graph: HnswlibGraph; tombstones: number } | undefined> {
  if (former === undefined) return undefined;
  const graph = await readGraph(former, dimensions, true);
  const known = new Set(graph.getIdsList());
  const wanted = new Set(labels);
  const gone: number[] = [];
  let dead = 0;
  for (const label of known) {
    if (pointAt(graph, label) === undefined) dead++;
    else if (!wanted.has(label)) gone.push(label);
  }
  const fresh: number[] = [];
  const moved: number[] = [];
  labels.forEach((label, row) => {
    const point = known.has(label) ? pointAt(graph, label) : undefined;
    // A number may be given to another item when its first one is gone.
    if (known.has(label) && point === undefined) moved.push(row);
    else if (point === undefined) fresh.push(row);
    else if (point.some((value, i) => value !== codes[row * dimensions + i])) moved.push(row);
  });
  if (fresh.length + moved.length > MOST_NEW * labels.length) return undefined;
  for (const row of moved) {
    if (pointAt(graph, labels[row]!) === undefined) {
      graph.unmarkDelete(labels[row]!);
      dead--;
    }
    graph.addPoint(numbersOf(codes, row * dimensions, dimensions), labels[row]!);
  }
  for (const label of gone) graph.markDelete(label);
  const tombstones = Math.max(0, dead + gone.length - fresh.length);
  if (tombstones > MOST_TOMBSTONES * labels.length) return undefined;
  const needed = labels.length + tombstones;
  if (needed > graph.getMaxElements()) graph.resizeIndex(needed);
  let free = dead + gone.length;
  for (const [done, row] of fresh.entries()) {
    graph.addPoint(numbersOf(codes, row * dimensions, dimensions), labels[row]!, free > 0);
    if (free > 0) free--;
    if ((done + 1) % 1_000 === 0) onProgress(labels.length - fresh.length + done + 1);
  }
  return { graph, tombstones };
}

/** Undefined for what is deleted. */
function pointAt(graph: HnswlibGraph, label: number): number[] | undefined {
  try {
    return graph.getPoint(label);
  } catch {
    return undefined;
  }
}
