// The pictures the lab works with, whole in memory: training pictures to learn and to search, test pictures to ask with.
import type { DataSet, DataSets } from '../data-sets/data-set.ts';
import { SandglassError } from '../errors.ts';

export interface LabPictures {
  /** [rows, width] bytes. */
  readonly pixels: Uint8Array;
  readonly rows: number;
  /** Pixels of a picture, channels included. */
  readonly width: number;
  /** Absent where the data have none, or more than 256 classes. */
  readonly labels?: Uint8Array;
}

export interface LabData {
  readonly name: string;
  readonly fingerprint: string;
  readonly shape: readonly number[];
  readonly train: LabPictures;
  readonly test: LabPictures;
  readonly labelNames?: readonly string[];
}

/** @throws SandglassError DATA_SET_INVALID for documents, and where there is nothing to test with */
export async function readLabData(sets: DataSets): Promise<LabData> {
  if (sets.kind === 'documents') {
    throw new SandglassError(
      'DATA_SET_INVALID',
      `The lab draws what auto-encoders make of pictures but ${sets.name} holds documents; train those with: sandglass train --recipe words`,
    );
  }
  const train = await picturesOf(sets.train);
  const test = await picturesOf(sets.test);
  if (test.rows < 2)
    throw new SandglassError('DATA_SET_INVALID', `Expected test pictures in ${sets.name} but there are ${test.rows}.`);
  const { labelNames } = sets.train;
  return {
    name: sets.name,
    fingerprint: sets.fingerprint,
    shape: sets.train.shape,
    train,
    test,
    ...(labelNames === undefined ? {} : { labelNames }),
  };
}

async function picturesOf(set: DataSet): Promise<LabPictures> {
  const { rows, labels, shape } = set;
  const pixels = set.resident ?? (await set.read(Uint32Array.from({ length: rows }, (_, row) => row)));
  const width = shape.reduce((product, size) => product * size, 1);
  return {
    pixels: pixels as Uint8Array,
    rows,
    width,
    ...(labels instanceof Uint8Array ? { labels } : {}),
  };
}
