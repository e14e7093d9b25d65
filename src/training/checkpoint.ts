// Training that can be interrupted: what a run has reached, in one file that is there whole or not at all.
import { createHash } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder, UNFINISHED } from '../atomic-file.ts';
import { SandglassError } from '../errors.ts';
import { errnoOf, outputError } from '../output-error.ts';
import { sameShape } from './graph/shape.ts';
import type { Program } from './program.ts';
import { BrokenSafeTensors, readSafeTensors, type StoredTensor, writeSafeTensors } from './safetensors.ts';
import type { Schedule } from './schedule.ts';
import type { Parameter, State } from './state.ts';

export interface CheckpointOptions {
  /** A safetensors file. Training goes on from it when it is there; delete it when the training is done. */
  readonly file: string;
  /** How often it is written, in seconds. 0: after each chunk. @default 30 */
  readonly everySeconds?: number;
  /** Written when the last step is done too: for a training that others build on. @default false */
  readonly atEnd?: boolean;
  /** What else the run depends on, for example the data: a checkpoint of another is refused. @default '' */
  readonly run?: string;
}

/** How far a run has come. */
export interface Progress {
  /** Steps done. */
  readonly step: number;
  /** Epochs whose validation is done too. */
  readonly epochs: number;
  readonly state: State;
  /** The loss of each step that was done. */
  readonly losses: Float32Array;
  readonly metrics: Readonly<Record<string, Float32Array>>;
  /** After each epoch, when there is a validation. */
  readonly validations: readonly number[];
  /** The state that validated best, when it is kept. */
  readonly best: { readonly epoch: number; readonly state: State } | undefined;
  /** Time the training took. */
  readonly seconds: number;
  /** Of that, in the epoch that was begun. */
  readonly epochSeconds: number;
}

const FORMAT = 'sandglass-checkpoint-1';

/** What makes a run the run it is, as a SHA-256: a checkpoint of another cannot be gone on from. */
export function fingerprintOf(
  program: Program,
  settings: {
    readonly steps: number;
    readonly seed: number;
    readonly schedule: Schedule;
    readonly start: readonly Parameter[];
    readonly stepsPerEpoch: number | undefined;
    readonly patience: number | undefined;
    readonly run: string;
  },
): string {
  const { start, ...plain } = settings;
  const hash = createHash('sha256').update(program.model);
  hash.update(JSON.stringify([plain, program.optimizer.options]));
  for (const { name, data } of start) {
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

/**
 * Writes a checkpoint in the place of the one before, which stays as it is until the new one is whole.
 *
 * @throws SandglassError DISK_FULL, OUTPUT_UNWRITABLE
 */
export async function saveCheckpoint(file: string, fingerprint: string, progress: Progress): Promise<void> {
  const { step, epochs, state, losses, metrics, validations, best, seconds, epochSeconds } = progress;
  const list = (data: Float32Array | Float64Array): StoredTensor => ({ data, shape: [data.length] });
  const tensors = {
    ...prefixed('state/', state),
    ...prefixed('best/', best?.state ?? {}),
    losses: list(losses),
    ...prefixed('metric/', mapValues(metrics, list)),
    validations: list(Float64Array.from(validations)),
  };
  const facts = { step, epochs, seconds, epochSeconds, ...(best === undefined ? {} : { bestEpoch: best.epoch }) };
  const half = file + UNFINISHED;
  try {
    await writeSafeTensors(half, {
      tensors,
      metadata: { format: FORMAT, fingerprint, ...mapValues(facts, String) },
    });
    await rename(half, file);
    await syncFolder(dirname(file));
  } catch (thrown) {
    await rm(half, { force: true });
    throw writeError(thrown, file);
  }
}

/**
 * What a run had reached, or undefined when there is no checkpoint.
 *
 * @throws SandglassError CHECKPOINT_BROKEN; CHECKPOINT_MISMATCH when it is of another run
 */
export async function loadCheckpoint(file: string, fingerprint: string, fresh: State): Promise<Progress | undefined> {
  await rm(file + UNFINISHED, { force: true });
  let stored: Awaited<ReturnType<typeof readSafeTensors>>;
  try {
    stored = await readSafeTensors(file);
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return undefined;
    if (thrown instanceof BrokenSafeTensors) throw broken(file, thrown.message, thrown);
    throw thrown;
  }
  const { tensors, metadata } = stored;
  if (metadata.format !== FORMAT) throw broken(file, 'it was not written by this version');
  if (metadata.fingerprint !== fingerprint) {
    throw new SandglassError(
      'CHECKPOINT_MISMATCH',
      `The checkpoint ${file} is of another training (network, data, seed, steps or settings differ); ` +
        'delete it to start anew, or train as it was begun',
      { path: file },
    );
  }
  const part = (prefix: string) =>
    Object.fromEntries(
      Object.entries(tensors).flatMap(([name, tensor]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [],
      ),
    );
  const state = part('state/') as State;
  for (const [name, { shape }] of Object.entries(fresh)) {
    if (!sameShape(state[name]?.shape ?? [-1], shape)) throw broken(file, `'${name}' is not in it`);
  }
  const best = metadata.bestEpoch === undefined ? undefined : Number(metadata.bestEpoch);
  return {
    step: Number(metadata.step),
    epochs: Number(metadata.epochs),
    state,
    losses: tensors.losses!.data as Float32Array,
    metrics: mapValues(part('metric/'), ({ data }) => data as Float32Array),
    validations: [...(tensors.validations!.data as Float64Array)],
    best: best === undefined ? undefined : { epoch: best, state: part('best/') as State },
    seconds: Number(metadata.seconds),
    epochSeconds: Number(metadata.epochSeconds),
  };
}

/** Deletes a checkpoint and what a killed process may have left of another. */
export async function removeCheckpoint(file: string): Promise<void> {
  await rm(file, { force: true });
  await rm(file + UNFINISHED, { force: true });
}

function broken(path: string, why: string, cause?: unknown): SandglassError {
  return new SandglassError(
    'CHECKPOINT_BROKEN',
    `The checkpoint ${path} is damaged (${why}); delete it to start anew`,
    { path, cause },
  );
}

function writeError(thrown: unknown, path: string): unknown {
  return outputError(thrown, path, {
    full:
      `The disk is full: the checkpoint ${path} cannot be written. The one before it, if any, is whole; ` +
      'free some space and train again to go on from there.',
    refused: (errno) => `The checkpoint ${path} cannot be written (${errno})`,
  });
}

function prefixed<Value>(prefix: string, record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [prefix + name, value]));
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
