// What is in the index, how large it is, and is it still good?
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Kind } from '../features/feature.ts';
import type { Catalog } from '../index/catalog.ts';
import type { CodeForm, EncoderRecord, EncoderState } from '../index/encoder-table.ts';
import { packedBytes } from '../index/packed-form.ts';
import { present } from '../present.ts';
import { type CodePrecision, codePrecision, searchedForm } from './code-precision.ts';
import { measuredRecall } from './code-recall.ts';
import { type DefaultMethod, defaultMethod } from './default-method.ts';
import type { Drift } from './drift.ts';
import { absolutePath } from './folders.ts';
import { type FramesKept, framesKept } from './frames.ts';
import { graphState } from './graph.ts';
import { keptOut, textOf } from './kept-out.ts';
import { countCodeUnits } from './units.ts';
import type { Workspace } from './workspace.ts';

export interface EncoderStatus {
  readonly method: string;
  readonly kind: Kind;
  readonly state: EncoderState;
  readonly fingerprint: string;
  readonly form: CodeForm;
  readonly dimensions: number;
  /** How many items have its code. */
  readonly codes: number;
  /** Of floats: how they are compared. */
  readonly compared?: ComparedCodes;
  /** Learned encoders: items it learned from. */
  readonly trainedOn?: number;
  /** Learned encoders: items of its kind that came after. */
  readonly addedSince?: number;
}

export interface ComparedCodes {
  readonly form: CodePrecision;
  /** Of all codes in this form, of passages and frames too: what they take in memory, and in a code file. */
  readonly bytes: number;
  /** Bytes of the floats, which the catalog holds. */
  readonly floatBytes: number;
  /**
   * The share of the ten nearest by their floats that is found: mean over a sample. Absent for `float32`, which finds all, and where
   * codes were changed since the last indexing.
   */
  readonly recall?: number;
}

export interface Status {
  readonly schema: 1;
  readonly directory: string;
  readonly items: { readonly text: number; readonly image: number; readonly failed: number };
  /** How many documents are in each language (ISO 639; `und`: it cannot be told), the commonest first. */
  readonly languages: Readonly<Record<string, number>>;
  /** Parts of long documents, which are found by themselves. */
  readonly passages: number;
  readonly frames: {
    /** Of animations and files of several pages the `first` frame is kept, or `all`. */
    readonly kept: FramesKept;
    /** Pictures that have several. */
    readonly pictures: number;
    /** Frames that are found by themselves, beside the first ones. */
    readonly inner: number;
  };
  /** Damaged pictures of which only a part could be read. */
  readonly partial: number;
  readonly roots: readonly {
    readonly path: string;
    readonly state: 'online' | 'offline';
    readonly items: number;
    /** Paths and patterns that `forget` keeps out; absent where there are none. */
    readonly keptOut?: readonly string[];
  }[];
  readonly encoders: readonly EncoderStatus[];
  /** Which method answers by default, for the kinds that are in the index. */
  readonly defaults: Readonly<Partial<Record<Kind, DefaultMethod>>>;
  /** How new documents differ from those the text encoder learned from; absent while there are few. */
  readonly drift?: Drift;
  /** The graphs of nearest items, in words; empty where none is wanted. */
  readonly graphs: readonly string[];
  /** Of all files of the index. */
  readonly bytes: number;
  /** What the user may want to do. */
  readonly advice: readonly string[];
}

export interface Failure {
  /** Absolute. */
  readonly path: string;
  readonly code: string;
  readonly message: string;
  /** ISO 8601. */
  readonly at: string;
}

/** A share of new items from which training again is advised. */
const STALE_SHARE = 0.5;

export async function describeIndex(workspace: Workspace): Promise<Status> {
  const { catalog, layout } = workspace;
  const counts = catalog.items.counts();
  const encoders = catalog.encoders
    .list()
    .filter(({ state }) => state !== 'retired')
    .map((record): EncoderStatus => {
      const { id, method, kind, state, fingerprint, form, dimensions, info, createdAt } = record;
      const trainedOn = typeof info.trainedOn === 'number' ? info.trainedOn : undefined;
      let addedSince = 0;
      if (trainedOn !== undefined)
        catalog.items.each((item) => (addedSince += item.indexedAt > createdAt ? 1 : 0), kind);
      return {
        method,
        kind,
        state,
        fingerprint,
        form,
        dimensions,
        codes: catalog.codes.count(id),
        ...(form === 'float32' ? { compared: comparedCodes(catalog, record) } : {}),
        ...(trainedOn === undefined ? {} : { trainedOn, addedSince }),
      };
    });
  // Said once for the encoders that are trained together.
  const advice = new Set<string>();
  for (const { kind, trainedOn, addedSince } of encoders) {
    if (trainedOn !== undefined && addedSince !== undefined && addedSince > STALE_SHARE * trainedOn) {
      advice.add(
        `${addedSince} ${kind} items came after the encoder was trained on ${trainedOn}: train it again with sandglass index --train always`,
      );
    }
  }
  const drift = await driftOf(workspace);
  if (drift?.advice !== undefined) advice.add(drift.advice);
  const roots = catalog.roots.list().map(({ id, path, state }) => {
    const { text, image } = catalog.items.counts(id);
    const kept = keptOut(catalog, { id }).map(textOf);
    return { path, state, items: text + image, ...(kept.length === 0 ? {} : { keptOut: kept }) };
  });
  for (const { path } of roots) if (!existsSync(path)) advice.add(`${path} is not there now; its items are kept`);
  return {
    schema: 1,
    directory: layout.directory,
    items: { ...counts, failed: catalog.failures.list().length },
    languages: Object.fromEntries([...catalog.documents.languages()].sort(([, a], [, b]) => b - a)),
    passages: catalog.passages.count(),
    frames: {
      kept: framesKept(catalog),
      pictures: catalog.items.countWithFrames(),
      inner: catalog.frames.count(),
    },
    partial: catalog.items.partial().length,
    roots,
    encoders,
    defaults: Object.fromEntries(
      (['text', 'image'] as const)
        .filter((kind) => counts[kind] > 0)
        .map((kind) => [kind, defaultMethod(catalog, kind)]),
    ),
    ...(drift ? { drift } : {}),
    graphs: (await Promise.all([graphState(workspace, 'text'), graphState(workspace, 'image')])).filter(
      (state) => state !== undefined,
    ),
    bytes: bytesUnder(layout.directory),
    advice: [...advice],
  };
}

function comparedCodes(catalog: Catalog, record: EncoderRecord): ComparedCodes {
  const { id, form, dimensions } = record;
  const units = countCodeUnits(catalog, id);
  const recall = measuredRecall(catalog, record);
  return {
    form: codePrecision(catalog),
    bytes: units * packedBytes(searchedForm(catalog, record), form, dimensions),
    floatBytes: units * packedBytes(form, form, dimensions),
    ...present({ recall }),
  };
}

async function driftOf(workspace: Workspace): Promise<Drift | undefined> {
  const record = workspace.activeEncoder('text');
  if (record === undefined) return undefined;
  const { hasDocumentsSince, textDrift } = await import('./drift.ts');
  if (!hasDocumentsSince(workspace.catalog, record)) return undefined;
  // A damaged encoder is told elsewhere.
  const encoder = await workspace.encoder(record).catch(() => undefined);
  return encoder && textDrift(workspace.catalog, record, encoder);
}

export function listFailures({ catalog }: Workspace): Failure[] {
  const roots = new Map(catalog.roots.list().map((root) => [root.id, root]));
  return catalog.failures.list().map(({ rootId, path, code, message, at }) => ({
    path: absolutePath(roots.get(rootId)!, path),
    code,
    message,
    at: new Date(at).toISOString(),
  }));
}

/** Damaged pictures of which only a part could be read: absolute paths. */
export function listPartial({ catalog }: Workspace): string[] {
  const roots = new Map(catalog.roots.list().map((root) => [root.id, root]));
  return catalog.items.partial().map(({ rootId, path }) => absolutePath(roots.get(rootId)!, path));
}

function bytesUnder(directory: string): number {
  let bytes = 0;
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    // A file of another process may be gone by now.
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}
