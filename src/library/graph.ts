// The HNSW graph over an encoder's codes, of items and of passages: built when there are many, asked when it is whole and fresh.
import type { Kind } from '../features/feature.ts';
import type { Catalog } from '../index/catalog.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import { type Hnsw, type HnswSource, openHnsw } from '../index/hnsw.ts';
import { buildHnsw } from '../index/hnsw-build.ts';
import { countCodeUnits, readCodeUnits } from './units.ts';
import type { Workspace } from './workspace.ts';

/** Codes from which a graph is built: below, comparing with every code is as fast as opening a graph. */
const GRAPH_FROM = 50_000;

/** The setting that names another number of codes, in the catalog. */
const GRAPH_FROM_SETTING = 'graph-from';

/**
 * The graph over codes that were read, or undefined when there is none that fits: then every code is compared.
 *
 * @param record the encoder as it was when `count` codes were read: a graph of any other revision does not fit
 */
export async function openGraph(
  { catalog, layout }: Workspace,
  { fingerprint, revision, dimensions }: EncoderRecord,
  count: number,
): Promise<Hnsw | undefined> {
  if (count < fewestForGraph(catalog)) return undefined;
  const opened = await openHnsw(layout, { catalogId: catalog.id, fingerprint, revision, count, dimensions });
  return opened.state === 'ready' ? opened.hnsw : undefined;
}

export interface RefreshOptions {
  readonly signal: AbortSignal;
  onStart(): void;
}

/**
 * Builds the graph of a kind where it is wanted and missing, stale or damaged.
 *
 * @returns true when one was built
 */
export async function refreshGraph(
  workspace: Workspace,
  kind: Kind,
  { signal, onStart }: RefreshOptions,
): Promise<boolean> {
  const record = workspace.activeEncoder(kind);
  if (!record || !wantsGraph(workspace, record)) return false;
  const { state } = await openHnsw(workspace.layout, graphSource(workspace, record));
  if (state === 'ready') return false;
  onStart();
  const { codes } = readCodeUnits(workspace.catalog, record.id, true);
  await buildHnsw(workspace.layout, graphSource(workspace, record), codes as Float32Array, { signal });
  return true;
}

/** For a person: is there a graph, and does it fit? */
export async function graphState(workspace: Workspace, kind: Kind): Promise<string | undefined> {
  const record = workspace.activeEncoder(kind);
  if (!record || !wantsGraph(workspace, record)) return undefined;
  const opened = await openHnsw(workspace.layout, graphSource(workspace, record));
  return opened.state === 'ready'
    ? `${kind}: ready, ${opened.hnsw.size} codes`
    : `${kind}: ${opened.state} (${opened.reason}); queries are exact until the next index run builds it`;
}

function wantsGraph({ catalog }: Workspace, record: EncoderRecord): boolean {
  return countCodeUnits(catalog, record.id) >= fewestForGraph(catalog);
}

function fewestForGraph(catalog: Catalog): number {
  return catalog.settings.get<number>(GRAPH_FROM_SETTING) ?? GRAPH_FROM;
}

/** What the graph of an encoder's codes has to be made of. */
export function graphSource({ catalog }: Workspace, { id }: EncoderRecord): HnswSource {
  const { fingerprint, revision, dimensions } = catalog.encoders.get(id);
  return { catalogId: catalog.id, fingerprint, revision, count: countCodeUnits(catalog, id), dimensions };
}
