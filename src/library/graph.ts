// The HNSW graph over an encoder's codes, of items and of passages: built when there are many, asked when it is whole and fresh.
import type { Kind } from '../features/feature.ts';
import type { Catalog } from '../index/catalog.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import { type Hnsw, type HnswSource, openHnsw, type ReadyHnsw } from '../index/hnsw.ts';
import { buildHnsw } from '../index/hnsw-build.ts';
import { LEAST_RECALL } from '../index/hnsw-recall.ts';
import type { Ranking } from '../methods/method.ts';
import type { SearchedGraph } from '../methods/search-graph.ts';
import { codePrecision } from './code-precision.ts';
import { countCodeUnits, readCodeUnits } from './units.ts';
import type { Workspace } from './workspace.ts';

/**
 * Codes from which a graph is built. Of 100,000 codes of 64 floats, comparing with every one took 2.5 ms and asking a graph .3 ms, on a
 * busy machine; but the graph took 6.5 minutes to build and 1.6 s to open, as much as 740 questions save (`npx tsx
 * bench/graph-from.ts`). A million take 12 ms on a quiet one (`npx tsx bench/index-scan.ts`).
 */
const GRAPH_FROM = 500_000;

/** The setting that names another number of codes, in the catalog. */
const GRAPH_FROM_SETTING = 'graph-from';

/**
 * The graph over codes that were read, or undefined when there is none that fits: then every code is compared.
 *
 * @param record the encoder as it was when the codes of `items` were read: a graph of any other revision does not fit
 */
export async function openGraph(
  { catalog, layout }: Workspace,
  { fingerprint, revision, dimensions }: EncoderRecord,
  items: Ranking,
): Promise<SearchedGraph | undefined> {
  const count = items.ids.length;
  if (count < fewestForGraph(catalog)) return undefined;
  const opened = await openHnsw(layout, { catalogId: catalog.id, fingerprint, revision, count, dimensions });
  if (opened.state !== 'ready' || opened.sidecar.recall < LEAST_RECALL) return undefined;
  return graphOfRows(opened.hnsw, items);
}

/** A graph that is asked for rows, where it knows labels. */
function graphOfRows(hnsw: Hnsw, items: Ranking): SearchedGraph {
  const labels = labelsOf(items);
  const rows = new Map<number, number>();
  labels.forEach((label, row) => {
    rows.set(label, row);
  });
  return {
    size: hnsw.size,
    search: (query, k, { accept, ...options } = {}) =>
      hnsw
        .search(query, k, accept ? { ...options, accept: (label) => accept(rows.get(label)!) } : options)
        .map(({ row, score }) => ({ row: rows.get(row)!, score })),
  };
}

/** Ids of items are even, those of parts odd: they are numbered apart, and stay what they are when others come and go. */
function labelsOf({ ids, parts }: Ranking): Uint32Array {
  return Uint32Array.from(ids, (id, row) => (parts?.[row] ? 2 * parts[row]! + 1 : 2 * id));
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
  const { codes, items, encoder } = readCodeUnits(workspace.catalog, record.id, true);
  const source = { ...graphSource(workspace, record), revision: encoder.revision, count: items.ids.length };
  await buildHnsw(workspace.layout, source, codes as Float32Array, { signal, labels: labelsOf(items) });
  return true;
}

/** For a person: is there a graph, and does it fit? */
export async function graphState(workspace: Workspace, kind: Kind): Promise<string | undefined> {
  const record = workspace.activeEncoder(kind);
  if (!record || !wantsGraph(workspace, record)) return undefined;
  const opened = await openHnsw(workspace.layout, graphSource(workspace, record));
  return opened.state === 'ready'
    ? `${kind}: ${readyText(opened)}`
    : `${kind}: ${opened.state} (${opened.reason}); queries are exact until the next index run builds it`;
}

function readyText({ hnsw, sidecar: { recall, ef, tombstones } }: ReadyHnsw): string {
  const share = recall.toFixed(3).replace(/^0/, '');
  const gone = tombstones === 0 ? '' : `, ${tombstones} places of removed ones`;
  if (recall < LEAST_RECALL)
    return `finds ${share} of the ten nearest at most, less than ${LEAST_RECALL}: it is not asked, queries are exact`;
  return `ready, ${hnsw.size} codes${gone}; finds ${share} of the ten nearest with ${ef} candidates`;
}

/** A graph holds all floats: where they are to be kept in fewer bytes, it would keep them all the same. */
function wantsGraph({ catalog }: Workspace, record: EncoderRecord): boolean {
  return codePrecision(catalog) === 'float32' && countCodeUnits(catalog, record.id) >= fewestForGraph(catalog);
}

function fewestForGraph(catalog: Catalog): number {
  return catalog.settings.get<number>(GRAPH_FROM_SETTING) ?? GRAPH_FROM;
}

/** What the graph of an encoder's codes has to be made of. */
export function graphSource({ catalog }: Workspace, { id }: EncoderRecord): HnswSource {
  const { fingerprint, revision, dimensions } = catalog.encoders.get(id);
  return { catalogId: catalog.id, fingerprint, revision, count: countCodeUnits(catalog, id), dimensions };
}
