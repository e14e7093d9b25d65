// What a recipe makes of data: the contract of everything in recipes/.
import type { Device } from '../runtime/onnx-session.ts';

/** A trained auto-encoder, ready to be written to a folder. */
export interface TrainedAutoEncoder {
  /** An ONNX file: feature → code. */
  readonly encoder: Uint8Array;
  /** An ONNX file: code → what the feature probably was. */
  readonly decoder: Uint8Array;
  /** Numbers in a code. */
  readonly codeSize: number;
  /** Every setting, the seed included: the same recipe on the same data makes the same encoder. */
  readonly recipe: Readonly<Record<string, unknown>>;
  /** Mean loss of each epoch. */
  readonly losses: readonly number[];
  /** Time the training took. */
  readonly seconds: number;
}

export interface RecipeProgress {
  /** Epochs (rounds through the data) begun, from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps done. */
  readonly step: number;
  readonly steps: number;
  /** Mean loss of the last second or so. */
  readonly loss: number;
  /** At the speed so far. */
  readonly secondsLeft: number;
}

export interface RecipeHooks {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RecipeProgress) => void;
}

/** Settings that every recipe has. */
export interface CommonRecipeOptions {
  /** Of all randomness: starting values, order, corruption. @default 1 */
  readonly seed?: number;
  /** @default 'auto' */
  readonly device?: Device;
  /** @default as many as there are physical cores */
  readonly threads?: number;
}

/**
 * Trains on data with a recipe's settings.
 *
 * @throws SandglassError TRAINING_TOO_SMALL, TRAINING_DIVERGED, ABORTED, DEVICE_UNAVAILABLE
 */
export type Recipe<Data, Options extends CommonRecipeOptions> = (
  data: Data,
  options?: Options,
  hooks?: RecipeHooks,
) => Promise<TrainedAutoEncoder>;
