// What the lab takes, and what it tells while it works.
import type { Device } from '../runtime/onnx-session.ts';
import type { TrainEvent } from './train-events.ts';

export interface LabOptions {
  /** A folder of IDX files such as MNIST's, or of pictures in one folder a class. @default digits, drawn into `out` */
  readonly data?: string;
  /** Where the report, the results and each training are written. @default 'lab' */
  readonly out?: string;
  /** Names of recipes. @default all that take these pictures */
  readonly recipes?: readonly string[];
  /** Epochs of each recipe, to look around quickly. @default as the recipe says */
  readonly epochs?: number;
  /** Test pictures that ask in the retrieval table. @default 1000 */
  readonly queries?: number;
  /** Of all trainings and baselines. @default as each recipe says: 1234 */
  readonly seed?: number;
  /** Trains everything again, also what is finished. @default false */
  readonly fresh?: boolean;
  /** @default 'auto' */
  readonly device?: Device;
  /** @default as many as there are physical cores */
  readonly threads?: number;
  /** Stops soon and keeps what is done: the same call goes on from there. */
  readonly signal?: AbortSignal;
}

/** The last event is `done`. */
export type LabEvent =
  /** Something of the lab's list begins. */
  | {
      readonly phase: 'step';
      readonly step: number;
      readonly steps: number;
      readonly name: string;
      readonly reused?: boolean;
    }
  | { readonly phase: 'training'; readonly recipe: string; readonly event: Exclude<TrainEvent, { phase: 'done' }> }
  | { readonly phase: 'measuring'; readonly what: string; readonly share?: number }
  | { readonly phase: 'notice'; readonly text: string }
  | { readonly phase: 'done'; readonly summary: LabSummary };

export interface LabSummary {
  readonly schema: 1;
  /** Absolute. */
  readonly report: string;
  readonly results: string;
  readonly seconds: number;
  /** Recipes and what their test pictures' squared errors were, summed over the pixels. */
  readonly runs: readonly { readonly recipe: string; readonly testError?: number; readonly seconds: number }[];
  readonly failed: readonly { readonly recipe: string; readonly code: string; readonly message: string }[];
}
