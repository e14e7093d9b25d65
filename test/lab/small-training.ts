// Trainings that take a second: a few hundred drawn digits, small recipes, and what they left on disk.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawDigits, writeIdx } from '../../src/lab/drawn-digits.ts';
import type { RunLine } from '../../src/lab/run-log.ts';
import { type RecipeInput, type TrainEvent, type TrainOptions, type TrainSummary, train } from '../../src/sandglass.ts';
import { temporaryFolder } from '../library/collection.ts';

/** 784-16-4 and back, 10 steps an epoch on {@link digits}. */
export const SMALL = {
  name: 'small',
  input: { shape: [784] },
  encoder: [
    { kind: 'dense', units: 16, activation: 'relu' },
    { kind: 'dense', units: 4 },
  ],
  batch: 32,
  epochs: 3,
} satisfies RecipeInput;

/** Two stages of their own, then the whole network. */
export const STACKED = {
  ...SMALL,
  name: 'small-stacked',
  encoder: [
    { kind: 'dense', units: 16, activation: 'sigmoid' },
    { kind: 'dense', units: 4, activation: 'sigmoid' },
  ],
  pretraining: { epochs: 2 },
} satisfies RecipeInput;

/** A folder that is not there yet. */
export const newFolder = () => join(temporaryFolder(), 'out');

/** A folder of IDX files. */
export async function digits({ train = 320, test = 40, gzip = false } = {}): Promise<string> {
  const folder = join(temporaryFolder(), 'digits');
  await writeIdx(folder, {
    train: drawDigits({ count: train, seed: 1 }),
    test: drawDigits({ count: test, seed: 2 }),
    gzip,
  });
  return folder;
}

export interface Trained {
  readonly summary: TrainSummary;
  readonly events: readonly TrainEvent[];
}

/** Trains to the end, in one computing thread. */
export async function trained(options: TrainOptions): Promise<Trained> {
  const events: TrainEvent[] = [];
  for await (const event of train({ threads: 1, device: 'cpu', ...options })) {
    events.push(event);
    if (event.phase === 'done') return { summary: event.summary, events };
  }
  throw new Error('The training ended without a summary.');
}

export function eventsOf<Phase extends TrainEvent['phase']>({ events }: Trained, phase: Phase) {
  return events.filter((event): event is Extract<TrainEvent, { phase: Phase }> => event.phase === phase);
}

/** All lines of run.jsonl. */
export function linesOf(out: string): RunLine[] {
  const lines = readFileSync(join(out, 'run.jsonl'), 'utf8').split('\n');
  if (lines.pop() !== '') throw new Error('Expected run.jsonl to end with a line feed.');
  return lines.map((line) => JSON.parse(line) as RunLine);
}

/** What must be the same however often a training was interrupted: every step, every epoch, the networks. */
export function outcomeOf(out: string) {
  const lines = linesOf(out);
  return {
    steps: lines.filter(({ kind }) => kind === 'step'),
    epochs: lines.filter(({ kind }) => kind === 'epoch').map(({ seconds, ...line }) => line),
    ends: lines.filter(({ kind }) => kind === 'end').length,
    encoder: readFileSync(join(out, 'encoder.onnx')).toString('base64'),
    decoder: readFileSync(join(out, 'decoder.onnx')).toString('base64'),
    files: filesOf(out),
  };
}

/** Every file below a folder, in order. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();
}
