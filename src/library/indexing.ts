// Indexing: find what changed, read it, learn when there is nothing learned yet, encode, decide who answers.
import type { Kind } from '../features/feature.ts';
import type { WalkOptions } from '../files/walk.ts';
import { acquireWriterLock } from '../index/writer-lock.ts';
import type { AddOptions, AddProgress, AddSummary } from './add-progress.ts';
import { defaultMethod } from './default-method.ts';
import { folderHabits, rememberHabits, rootsToIndex } from './folders.ts';
import { refreshGraph } from './graph.ts';
import { updateImported } from './imported-encoders.ts';
import { type FileToRead, ingest } from './ingest.ts';
import { learnKind, loadAnswering, removeLeftOvers } from './learn-kind.ts';
import { Pace } from './pace.ts';
import { plainEncoders } from './plain-codes.ts';
import { renewHashes } from './renew-hashes.ts';
import { renewTexts } from './renew-texts.ts';
import { type FolderScan, scanFolder } from './scan.ts';
import { AUTO_ENCODER, type Workspace } from './workspace.ts';

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
    await renew(workspace, emit, signal);
    const encoders = await loadAnswering(workspace, notice);

    const files = scans.flatMap((scan) => filesOf(workspace, scan));
    const reading = new Pace(files.length);
    const counts = await ingest(workspace, files, encoders, plain, {
      signal,
      ...(options.threads === undefined ? {} : { threads: options.threads }),
      onFile: () => emit({ phase: 'read', ...reading.advance(1) }),
    });

    let renewing: Pace | undefined;
    await renewHashes(catalog, plain, {
      signal,
      notice,
      onStart: (total) => {
        renewing = new Pace(total);
      },
      onRenewed: () => {
        if (renewing) emit({ phase: 'renew', ...renewing.advance(1) });
      },
    });

    const trained: AddSummary['trained'][number][] = [];
    for (const kind of KINDS) {
      const answers = encoders.some(({ record }) => record.kind === kind && record.method === AUTO_ENCODER);
      const learned = await learnKind(workspace, kind, answers, options, emit, signal);
      if (learned) trained.push(learned);
      await updateImported(workspace, kind, options.seed ?? 1234, emit, signal);
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

/** What is made of the stored texts, where another version has made it. */
async function renew({ catalog }: Workspace, emit: (event: AddProgress) => void, signal: AbortSignal): Promise<void> {
  let renewing: Pace | undefined;
  await renewTexts(catalog, {
    signal,
    onStart: (total) => {
      renewing = new Pace(total);
    },
    onRenewed: (count) => {
      if (renewing) emit({ phase: 'renew', ...renewing.advance(count) });
    },
  });
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
