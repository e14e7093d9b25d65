// What every kind of data set is opened with: the checked options, and the notes taken on the way.
import { basename, resolve } from 'node:path';
import { SandglassError, throwIfAborted } from '../errors.ts';
import type { DataSetFailure, DataSetOptions, DataSetProgress } from './data-set.ts';

const DEFAULT_TEST_SHARE = 0.1;
const DEFAULT_MOST_BYTES = 2 ** 30;

export interface Opening {
  readonly folder: string;
  readonly name: string;
  readonly shape: readonly number[];
  /** Bytes of one row. */
  readonly rowBytes: number;
  readonly seed: number;
  readonly testShare: number;
  readonly mostBytes: number;
  readonly scratch: string;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (progress: DataSetProgress) => void;
  readonly notices: string[];
  readonly failures: DataSetFailure[];
}

/** @throws RangeError for options out of range */
export function beginOpening(folder: string, options: DataSetOptions): Opening {
  const { shape, seed, testShare = DEFAULT_TEST_SHARE, mostBytes = DEFAULT_MOST_BYTES, scratch } = options;
  if (shape.length === 0 || !shape.every((size) => Number.isSafeInteger(size) && size > 0)) {
    throw new RangeError(`Expected whole numbers above 0 for shape but received [${shape.join(', ')}].`);
  }
  if (!(testShare >= 0 && testShare < 1)) {
    throw new RangeError(`Expected 0 ≤ testShare < 1 but received ${testShare}.`);
  }
  if (!(mostBytes >= 0)) throw new RangeError(`Expected a number of bytes for mostBytes but received ${mostBytes}.`);
  if (!Number.isFinite(seed)) throw new RangeError(`Expected a number for seed but received ${seed}.`);
  const absolute = resolve(folder);
  return {
    folder: absolute,
    name: basename(absolute),
    shape,
    rowBytes: shape.reduce((product, size) => product * size, 1),
    seed,
    testShare,
    mostBytes,
    scratch,
    signal: options.signal,
    onProgress: options.onProgress ?? (() => {}),
    notices: [],
    failures: [],
  };
}

/** @throws SandglassError ABORTED */
export function throwIfStopped(signal: AbortSignal | undefined): void {
  throwIfAborted(signal, 'Reading the data was stopped.');
}

export function invalid(message: string, path: string, cause?: unknown): SandglassError {
  return new SandglassError('DATA_SET_INVALID', message, cause === undefined ? { path } : { path, cause });
}

/** A number with its noun: `1 picture`, `12,000 pictures`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
