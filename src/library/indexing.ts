// Indexing: find what changed, read it, learn when there is nothing learned yet, encode, decide who answers.
import type { Kind } from '../features/feature.ts';
import { acquireWriterLock } from '../index/writer-lock.ts';
import type { AddOptions, AddProgress, AddSummary } from './add-progress.ts';
import { refreshCodeFiles } from './code-files.ts';
import { keepPrecision } from './code-precision.ts';
import { measureRecall } from './code-recall.ts';
import { defaultMethod } from './default-method.ts';
import { type FolderHabits, folderHabits, rememberHabits, rootsToIndex } from './folders.ts';
import { keepFrames } from './frames.ts';
import { refreshGraph } from './graph.ts';
import { updateImported } from './imported-encoders.ts';
import { type IngestCounts, ingest, type LoadedEncoder } from './ingest.ts';
import { learnKind, loadAnswering, removeLeftOvers } from './learn-kind.ts';
import { Pace } from './pace.ts';
import { plainEncoders } from './plain-codes.ts';
import { renewHashes } from './renew-hashes.ts';
import { renewTexts } from './renew-texts.ts';
import { type FolderScan, scanFolder } from './scan.ts';
import { AUTO_ENCODER, type Workspace } from './workspace.ts';

const KINDS: readonly Kind[] = ['text', 'image'];
const COARSEST_TIME_MS = 2_000;

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
  const startedAt = Date.now();
  const { catalog } = workspace;
  const notice = (text: string) => emit({ phase: 'notice', text });
  const lock = await acquireWriterLock(workspace.layout, {
    command: 'sandglass index',
    waitMs: (options.waitSeconds ?? 0) * 1000,
    signal,
  });
  try {
    if (options.frames !== undefined) keepFrames(catalog, options.frames);
    if (options.codes !== undefined) keepPrecision(catalog, options.codes);
    const scans = await scanAll(workspace, paths, options, emit, signal);
    await renew(workspace, emit, signal);
    const { encoders, counts } = await readAll(workspace, scans, options, emit, signal);

    let renewing: Pace | undefined;
    await renewHashes(catalog, plainEncoders(catalog), {
      signal,
      notice,
      onStart: (total) => {
        renewing = new Pace(total);
      },
      onRenewed: () => {
        if (renewing) emit({ phase: 'renew', ...renewing.advance(1) });
      },
    });

    const trained = await learnAll(workspace, encoders, options, emit, signal);
    for (const kind of KINDS)
      if (await refreshGraph(workspace, kind, { signal, onStart: () => emit({ phase: 'graph', kind }) }))
        notice(`The graph of nearest ${kind} items was built.`);
    await removeLeftOvers(workspace);
    await refreshCodeFiles(workspace, { signal, notice });
    await measureRecall(catalog, signal);
    if (options.since === undefined || options.since === 'last')
      for (const { root, state } of scans)
        if (state === 'online') rememberHabits(catalog, root, { indexedAt: startedAt });
    emit({ phase: 'done', summary: summaryOf(workspace, scans, counts, trained, (performance.now() - began) / 1000) });
  } finally {
    lock.release();
  }
}

/** Reads what the scans found to be read, stores it, and encodes it where an encoder answers. */
export async function readAll(
  workspace: Workspace,
  scans: readonly FolderScan[],
  { threads }: AddOptions,
  emit: (event: AddProgress) => void,
  signal: AbortSignal,
): Promise<{ readonly encoders: LoadedEncoder[]; readonly counts: IngestCounts }> {
  const encoders = await loadAnswering(workspace, (text) => emit({ phase: 'notice', text }));
  const files = scans.flatMap(({ root, toRead }) => toRead.map((file) => ({ ...file, root })));
  const reading = new Pace(files.length);
  let stored = 0;
  const counts = await ingest(workspace, files, encoders, plainEncoders(workspace.catalog), {
    signal,
    ...(threads === undefined ? {} : { threads }),
    onFile: () => emit({ phase: 'read', ...reading.advance(1) }),
    onStored: (count) => {
      stored += count;
      if (count > 0) emit({ phase: 'store', stored, total: files.length });
    },
  });
  return { encoders, counts };
}

/** Trains, fills and judges the encoders of every kind as far as that is still to be done, imported ones too. */
export async function learnAll(
  workspace: Workspace,
  encoders: readonly LoadedEncoder[],
  options: AddOptions,
  emit: (event: AddProgress) => void,
  signal: AbortSignal,
): Promise<AddSummary['trained']> {
  const trained: AddSummary['trained'][number][] = [];
  for (const kind of KINDS) {
    const answers = encoders.some(({ record }) => record.kind === kind && record.method === AUTO_ENCODER);
    const learned = await learnKind(workspace, kind, answers, options, emit, signal);
    if (learned) trained.push(learned);
    await updateImported(workspace, kind, options.seed ?? 1234, emit, signal);
  }
  return trained;
}

function summaryOf(
  { catalog }: Workspace,
  scans: readonly FolderScan[],
  counts: IngestCounts,
  trained: AddSummary['trained'],
  seconds: number,
): AddSummary {
  const present = catalog.items.counts();
  const sum = (of: (scan: FolderScan) => number) => scans.reduce((total, scan) => total + of(scan), 0);
  const older = sum(({ older }) => older);
  return {
    schema: 1,
    added: counts.added,
    changed: counts.changed,
    renamed: sum(({ renamed }) => renamed),
    removed: sum(({ removed }) => removed),
    unchanged: counts.unchanged + sum(({ unchanged }) => unchanged),
    partial: counts.partial,
    failed: counts.failed + sum(({ stillFailing }) => stillFailing),
    skipped: counts.skipped,
    kept: sum(({ kept }) => kept),
    ...(older > 0 ? { older } : {}),
    roots: scans.map(({ root, state, reason, refusal }) => {
      const why = reason ?? refusal?.message;
      return { path: root.path, state, ...(why === undefined ? {} : { reason: why }) };
    }),
    trained,
    defaults: Object.fromEntries(
      KINDS.filter((kind) => present[kind] > 0).map((kind) => [kind, defaultMethod(catalog, kind)]),
    ),
    seconds,
  };
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
    const since = sinceOf(options.since, folderHabits(catalog, root).indexedAt);
    const scan = await scanFolder(catalog, root, {
      prune: options.prune === true,
      rehash: options.rehash === true,
      ...(since === undefined ? {} : { since }),
      indexDirectory: layout.directory,
      signal,
      onFound: (found) => emit({ phase: 'find', found: foundBefore + found }),
    });
    foundBefore += scan.toRead.length + scan.unchanged;
    scans.push(scan);
  }
  return scans;
}

/** From when on files are looked at, in milliseconds since 1970; undefined: all. */
function sinceOf(since: AddOptions['since'], last: number | undefined): number | undefined {
  if (since === undefined) return undefined;
  // Some file systems keep times in steps of two seconds.
  if (since === 'last') return last === undefined ? undefined : last - COARSEST_TIME_MS;
  const time = since.getTime();
  if (Number.isNaN(time)) throw new RangeError('Expected a valid Date for since.');
  return time;
}

function walkOptions({ glob, exclude, hidden, ignore, oneFileSystem }: AddOptions): FolderHabits['walk'] {
  return {
    ...(glob === undefined ? {} : { glob }),
    ...(exclude === undefined ? {} : { exclude }),
    ...(hidden === undefined ? {} : { hidden }),
    ...(ignore === undefined ? {} : { noIgnore: !ignore }),
    ...(oneFileSystem === undefined ? {} : { oneFileSystem }),
  };
}
