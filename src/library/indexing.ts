// Indexing: find what changed, read it, learn when there is nothing learned yet, encode, decide who answers.
import type { Kind } from '../features/feature.ts';
import type { WalkOptions } from '../files/walk.ts';
import { acquireWriterLock } from '../index/writer-lock.ts';
import { type DefaultMethod, defaultMethod } from './default-method.ts';
import { Pace } from './events.ts';
import { folderHabits, rememberHabits, rootsToIndex } from './folders.ts';
import { refreshGraph } from './graph.ts';
import { type FileToRead, ingest } from './ingest.ts';
import { learnKind, loadAnswering, removeLeftOvers } from './learn-kind.ts';
import { plainEncoders } from './plain-codes.ts';
import { type FolderScan, scanFolder } from './scan.ts';
import type { Workspace } from './workspace.ts';

export interface AddOptions {
  /** Only files that match one of these patterns. What is not given is as it was the last time for this folder. */
  readonly glob?: readonly string[];
  /** No file or folder that matches one of these. */
  readonly exclude?: readonly string[];
  /** Hidden files too. @default false */
  readonly hidden?: boolean;
  /** Respect .gitignore, .ignore and .sandglassignore. @default true */
  readonly ignore?: boolean;
  /** Go by the patterns and choices given for these folders before, where none are given now. @default true */
  readonly remembered?: boolean;
  /** `auto`: train where there is no encoder yet; `always`: train anew; `never`. @default 'auto' */
  readonly train?: 'auto' | 'always' | 'never';
  /** Seed of training, samples and corruptions. @default 1234 */
  readonly seed?: number;
  /** Remove vanished files even when more than half of a folder vanished. @default false */
  readonly prune?: boolean;
  /** Threads that read files. @default one a core */
  readonly threads?: number;
  /** Seconds to wait for another writer of this index. @default 0 */
  readonly waitSeconds?: number;
  /** Stops the work; what was stored stays. */
  readonly signal?: AbortSignal;
}

interface Paced {
  readonly done: number;
  readonly total: number;
  readonly perSecond: number;
  readonly secondsLeft: number;
}

/** What indexing tells while it works; the last event is `done`. */
export type AddProgress =
  | { readonly phase: 'find'; readonly found: number }
  | ({ readonly phase: 'read' } & Paced)
  | {
      readonly phase: 'train';
      readonly kind: Kind;
      readonly step: number;
      readonly steps: number;
      readonly loss: number;
      readonly secondsLeft: number;
    }
  | ({ readonly phase: 'encode'; readonly kind: Kind } & Paced)
  | { readonly phase: 'check'; readonly kind: Kind; readonly done: number; readonly total: number }
  | { readonly phase: 'graph'; readonly kind: Kind }
  | { readonly phase: 'notice'; readonly text: string }
  | { readonly phase: 'done'; readonly summary: AddSummary };

export interface AddSummary {
  readonly schema: 1;
  readonly added: number;
  readonly changed: number;
  readonly renamed: number;
  readonly removed: number;
  readonly unchanged: number;
  /** Files that cannot be read, now or still. */
  readonly failed: number;
  /** Files of types that are not read, by type. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Vanished files whose items are kept, because they are more than half of a folder; `prune` removes them. */
  readonly kept: number;
  readonly roots: readonly {
    readonly path: string;
    readonly state: 'online' | 'offline';
    /** Why it is offline, or why items of vanished files are kept. */
    readonly reason?: string;
  }[];
  /** Encoders trained in this run. */
  readonly trained: readonly {
    readonly kind: Kind;
    readonly items: number;
    readonly seconds: number;
    readonly losses: readonly number[];
  }[];
  /** Which method answers, for each kind that is in the index. */
  readonly defaults: Readonly<Partial<Record<Kind, DefaultMethod>>>;
  readonly seconds: number;
}

const KINDS: readonly Kind[] = ['text', 'image'];

/**
 * Brings the index up to date with `paths` (all its folders when none is given).
 *
 * @throws SandglassError INDEX_LOCKED, INDEX_READ_ONLY, FILE_VANISHED (a path that never was), NOTHING_INDEXED, DISK_FULL,
 *   TRAINING_DIVERGED, ABORTED
 */
export async function bringUpToDate(
  workspace: Workspace,
  paths: readonly string[],
  options: AddOptions,
  emit: (event: AddProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const began = performance.now();
  const { catalog } = workspace;
  const notice = (text: string) => emit({ phase: 'notice', text });
  const lock = await acquireWriterLock(workspace.layout, {
    command: 'sandglass index',
    waitMs: (options.waitSeconds ?? 0) * 1000,
    signal,
  });
  try {
    const plain = plainEncoders(catalog);
    const scans = await scanAll(workspace, paths, options, emit, signal);
    const encoders = await loadAnswering(workspace, notice);

    const files = scans.flatMap((scan) => filesOf(workspace, scan));
    const reading = new Pace(files.length);
    const counts = await ingest(workspace, files, encoders, plain, {
      signal,
      ...(options.threads === undefined ? {} : { threads: options.threads }),
      onFile: () => emit({ phase: 'read', ...reading.advance(1) }),
    });

    const trained: AddSummary['trained'][number][] = [];
    for (const kind of KINDS) {
      const learned = await learnKind(workspace, kind, encoders.has(kind), options, emit, signal);
      if (learned) trained.push(learned);
      if (await refreshGraph(workspace, kind, { signal, onStart: () => emit({ phase: 'graph', kind }) }))
        notice(`The graph of nearest ${kind} items was built.`);
    }
    await removeLeftOvers(workspace);
    const present = catalog.items.counts();
    const sum = (of: (scan: FolderScan) => number) => scans.reduce((total, scan) => total + of(scan), 0);
    emit({
      phase: 'done',
      summary: {
        schema: 1,
        added: counts.added,
        changed: counts.changed,
        renamed: sum(({ renamed }) => renamed),
        removed: sum(({ removed }) => removed),
        unchanged: counts.unchanged + sum(({ unchanged }) => unchanged),
        failed: counts.failed + sum(({ stillFailing }) => stillFailing),
        skipped: counts.skipped,
        kept: sum(({ kept }) => kept),
        roots: scans.map(({ root, state, reason, refusal }) => {
          const why = reason ?? refusal?.message;
          return { path: root.path, state, ...(why === undefined ? {} : { reason: why }) };
        }),
        trained,
        defaults: Object.fromEntries(
          KINDS.filter((kind) => present[kind] > 0).map((kind) => [kind, defaultMethod(catalog, kind)]),
        ),
        seconds: (performance.now() - began) / 1000,
      },
    });
  } finally {
    lock.release();
  }
}

async function scanAll(
  { catalog, layout }: Workspace,
  paths: readonly string[],
  options: AddOptions,
  emit: (event: AddProgress) => void,
  signal: AbortSignal,
): Promise<FolderScan[]> {
  const notice = (text: string) => emit({ phase: 'notice', text });
  const scans: FolderScan[] = [];
  let foundBefore = 0;
  for (const root of await rootsToIndex(catalog, paths, notice)) {
    const before = options.remembered === false ? {} : folderHabits(catalog, root).walk;
    const walk = { ...before, ...walkOptions(options) };
    rememberHabits(catalog, root, { walk });
    const scan = await scanFolder(catalog, root, {
      prune: options.prune === true,
      indexDirectory: layout.directory,
      signal,
      onFound: (found) => emit({ phase: 'find', found: foundBefore + found }),
    });
    foundBefore += scan.toRead.length + scan.unchanged;
    scans.push(scan);
  }
  return scans;
}

function walkOptions({
  glob,
  exclude,
  hidden,
  ignore,
}: AddOptions): Pick<WalkOptions, 'glob' | 'exclude' | 'hidden' | 'noIgnore'> {
  return {
    ...(glob === undefined ? {} : { glob }),
    ...(exclude === undefined ? {} : { exclude }),
    ...(hidden === undefined ? {} : { hidden }),
    ...(ignore === undefined ? {} : { noIgnore: !ignore }),
  };
}

function filesOf({ catalog }: Workspace, scan: FolderScan): FileToRead[] {
  const known = catalog.items.byRoot(scan.root.id);
  return scan.toRead.map((file) => ({ ...file, root: scan.root, known: known.get(file.path) }));
}
