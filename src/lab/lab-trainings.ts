// The lab's trainings, one after the other: what an earlier visit finished is taken, the rest is trained.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ErrorCode, SandglassError } from '../errors.ts';
import { namedRecipe, withOverrides } from '../training/recipes/auto-encoders.ts';
import type { LabData } from './lab-data.ts';
import type { LabRecipe } from './lab-recipes.ts';
import type { LabVisit } from './lab-visit.ts';
import { train } from './train.ts';
import { type RunManifest, readManifest } from './trained-run.ts';

/** A recipe that was trained, now or on an earlier visit. */
export interface TrainedRecipe {
  readonly listed: LabRecipe;
  readonly folder: string;
  readonly manifest: RunManifest;
}

export interface LabTrainings {
  readonly trained: readonly TrainedRecipe[];
  readonly failed: readonly { readonly recipe: string; readonly code: ErrorCode; readonly message: string }[];
}

/** Errors of one recipe that leave the others trainable. */
const SKIPPED: ReadonlySet<ErrorCode> = new Set([
  'TRAINING_DIVERGED',
  'TRAINING_TOO_SMALL',
  'DATA_SET_INVALID',
  'GRAPH_SHAPE',
  'OUTPUT_EXISTS',
]);

/** What says that an unfinished training cannot be gone on with: begun with other settings, by another version, damaged. */
const USELESS: ReadonlySet<ErrorCode> = new Set(['OUTPUT_EXISTS', 'CHECKPOINT_BROKEN', 'CHECKPOINT_MISMATCH']);

/** @throws SandglassError for what no other recipe would survive either: ABORTED, DISK_FULL, OUTPUT_UNWRITABLE, … */
export async function trainRecipes(
  list: readonly LabRecipe[],
  { fingerprint }: LabData,
  visit: LabVisit,
): Promise<LabTrainings> {
  const { emit } = visit;
  const trained: TrainedRecipe[] = [];
  const failed: LabTrainings['failed'][number][] = [];
  for (const [i, listed] of list.entries()) {
    const { name, title } = listed;
    const folder = join(visit.out, 'runs', name);
    const before = visit.options.fresh === true ? undefined : await finishedBefore(folder, name, fingerprint, visit);
    emit({ phase: 'step', step: i + 1, steps: list.length, name: title, ...(before ? { reused: true } : {}) });
    try {
      trained.push({ listed, folder, manifest: before ?? (await trainRecipe(name, folder, visit)) });
    } catch (error) {
      if (!(error instanceof SandglassError) || !SKIPPED.has(error.code)) throw error;
      failed.push({ recipe: name, code: error.code, message: error.message });
      emit({ phase: 'notice', text: `${name} is left out: ${error.message}` });
    }
  }
  return { trained, failed };
}

/** What an earlier visit trained with the same settings on the same pictures, when its files are still what they were. */
async function finishedBefore(
  folder: string,
  name: string,
  fingerprint: string,
  visit: LabVisit,
): Promise<RunManifest | undefined> {
  const manifest = await readManifest(folder);
  const wanted = withOverrides(namedRecipe(name)!, changesOf(visit));
  if (manifest?.data.fingerprint !== fingerprint || JSON.stringify(manifest.recipe) !== JSON.stringify(wanted))
    return undefined;
  for (const [file, hash] of Object.entries(manifest.sha256)) {
    const bytes = await readFile(join(folder, file)).catch(() => undefined);
    if (bytes === undefined || createHash('sha256').update(bytes).digest('hex') !== hash) return undefined;
  }
  return manifest;
}

function changesOf({ options: { epochs }, askedSeed }: LabVisit) {
  return { ...(epochs === undefined ? {} : { epochs }), ...(askedSeed === undefined ? {} : { seed: askedSeed }) };
}

async function trainRecipe(name: string, folder: string, visit: LabVisit): Promise<RunManifest> {
  const { fresh = false } = visit.options;
  const isFinished = (await readManifest(folder)) !== undefined;
  try {
    await follow(name, folder, visit, fresh || isFinished);
  } catch (error) {
    if (!(error instanceof SandglassError) || !USELESS.has(error.code)) throw error;
    // Files of other programs stay: with them it is refused again.
    await follow(name, folder, visit, true);
  }
  return (await readManifest(folder))!;
}

async function follow(name: string, out: string, visit: LabVisit, fresh: boolean): Promise<void> {
  const { folder, signal, emit } = visit;
  const { device, threads } = visit.options;
  const events = train({
    recipe: name,
    data: folder,
    out,
    fresh,
    ...changesOf(visit),
    signal,
    ...(device === undefined ? {} : { device }),
    ...(threads === undefined ? {} : { threads }),
  });
  for await (const event of events) {
    if (event.phase !== 'done') emit({ phase: 'training', recipe: name, event });
  }
}
