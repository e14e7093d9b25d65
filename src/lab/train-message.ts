// What passes between train and its thread.
import type { SandglassError } from '../errors.ts';
import type { TrainEvent, TrainSummary } from './train-events.ts';

/** Errors travel as their parts: a class does not survive the trip between threads. */
export type TrainMessage =
  | { readonly kind: 'event'; readonly event: TrainEvent }
  | { readonly kind: 'done'; readonly summary: TrainSummary }
  | { readonly kind: 'refused'; readonly error: ReturnType<SandglassError['toJSON']> }
  | { readonly kind: 'failed'; readonly error: unknown };

/** The message that asks the thread to stop at the end of its steps. */
export const STOP = 'stop';
