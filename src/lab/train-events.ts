// What training a recipe takes, what it tells while it works, and what it says at its end.
import type { DataSetFailure, DataSetKind } from '../data-sets/data-set.ts';
import type { Device } from '../runtime/onnx-session.ts';
import type { RecipeOverrides } from '../training/recipes/auto-encoders.ts';
import type { TextQuality } from '../training/recipes/text.ts';

export interface TrainOptions extends RecipeOverrides {
  /** `text`, `image`, the name of a network's recipe, or one of the user's own: the value of its JSON. */
  readonly recipe: string | object;
  /** A folder of IDX files, pictures or documents. */
  readonly data: string;
  /** Of the recipe `text`: how long and how large. @default 'default' */
  readonly quality?: TextQuality;
  /** Of the recipe `text`: numbers in a code. @default 128 */
  readonly codeSize?: number;
  /** Where everything is written. @default a folder with the recipe's name */
  readonly out?: string;
  /** Forget what is in `out` of an earlier training of a recipe. @default false: go on where it stopped */
  readonly fresh?: boolean;
  /** @default 'auto' */
  readonly device?: Device;
  /** @default as many as there are physical cores */
  readonly threads?: number;
  /** Seconds between two checkpoints. @default 30 */
  readonly checkpointSeconds?: number;
  /** Rows beyond so many bytes stay on disk and are read as they are needed. @default 1 GiB */
  readonly mostBytes?: number;
  /** Stops at the end of the steps at work, about a second, and keeps what is done: the same call goes on from there. */
  readonly signal?: AbortSignal;
}

/** What can be handed to another thread. */
export type TrainTask = Omit<TrainOptions, 'signal'>;

/** What training tells while it works; the last event is `done`. */
export type TrainEvent =
  | { readonly phase: 'data'; readonly done: number; readonly total?: number }
  | { readonly phase: 'notice'; readonly text: string }
  /** A stage begins: layers of their own, or the whole network. */
  | {
      readonly phase: 'stage';
      readonly stage: number;
      readonly stages: number;
      readonly name: string;
      readonly epochs: number;
    }
  | { readonly phase: 'resume'; readonly stage: number; readonly step: number }
  | {
      readonly phase: 'train';
      readonly stage: number;
      readonly epoch: number;
      readonly epochs: number;
      readonly step: number;
      readonly steps: number;
      readonly loss: number;
      readonly secondsLeft: number;
    }
  | {
      readonly phase: 'epoch';
      readonly stage: number;
      readonly stages: number;
      readonly epoch: number;
      readonly epochs: number;
      readonly loss: number;
      readonly validation?: number;
      readonly seconds: number;
      /** The sheet of reconstructions that was drawn. */
      readonly sheet?: string;
    }
  | { readonly phase: 'test' }
  | { readonly phase: 'done'; readonly summary: TrainSummary };

export interface StageSummary {
  readonly name: string;
  readonly steps: number;
  readonly seconds: number;
  /** Mean of each epoch. */
  readonly losses: readonly number[];
  /** After each epoch, where rows are held out. */
  readonly validations: readonly number[];
}

export interface TrainSummary {
  readonly schema: 1;
  readonly recipe: string;
  /** Absolute. */
  readonly out: string;
  /** What was written there, relative. */
  readonly files: readonly string[];
  readonly data: {
    readonly name: string;
    readonly kind: DataSetKind;
    readonly training: number;
    readonly validation: number;
    readonly test: number;
    readonly fingerprint: string;
    readonly failures: readonly DataSetFailure[];
  };
  readonly parameters: number;
  readonly codeSize: number;
  readonly batch: number;
  readonly seed: number;
  /** What it was trained on: `cpu`, `cuda`, `webgpu`. */
  readonly device: string;
  readonly stages: readonly StageSummary[];
  /** The epoch of the last stage whose weights were kept. */
  readonly epoch: number;
  /** Of all steps. */
  readonly seconds: number;
  /** The recipe's losses that compare rows with reconstructions, on the test rows. */
  readonly testLoss?: number;
  /** Of pictures: squared error summed over the pixels (0…1), mean over the test set, through the exported files. */
  readonly testError?: number;
  /** Of de-noising networks: the same for noisy pictures against the clean ones, and what doing nothing would score. */
  readonly denoising?: { readonly testError: number; readonly noisyError: number };
}
