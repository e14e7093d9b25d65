// Graphs that do not fit the codes: of another state of them, or damaged.
import { rm } from 'node:fs/promises';
import { openHnsw } from '../index/hnsw.ts';
import { hnswFiles } from '../index/layout.ts';
import { graphSource } from './graph.ts';
import { isLearned } from './verify.ts';
import type { Workspace } from './workspace.ts';

export interface RemovedGraph {
  readonly method: string;
  /** The graph's file, which is not there any more. */
  readonly file: string;
}

/** Removes them; the next indexing builds those that are wanted anew. */
export async function removeUnfitGraphs(workspace: Workspace): Promise<RemovedGraph[]> {
  const removed: RemovedGraph[] = [];
  for (const record of workspace.catalog.encoders.list().filter(isLearned)) {
    const { state } = await openHnsw(workspace.layout, graphSource(workspace, record));
    if (state === 'missing' || state === 'ready') continue;
    const { graph, sidecar } = hnswFiles(workspace.layout, record.fingerprint);
    for (const file of [graph, sidecar]) await rm(file, { force: true });
    removed.push({ method: record.method, file: graph });
  }
  return removed;
}
