// What the parts of the lab's work know of the whole.
import type { LabEvent, LabOptions } from './lab-events.ts';

/** One visit to the lab: what was asked for, and whom to tell. */
export interface LabVisit {
  readonly options: Omit<LabOptions, 'data' | 'out' | 'seed' | 'signal'>;
  /** The folder of the pictures. */
  readonly folder: string;
  /** True when the pictures are digits that the lab drew. */
  readonly drawn: boolean;
  /** Absolute. */
  readonly out: string;
  /** As it was asked for; else each recipe has its own. */
  readonly askedSeed: number | undefined;
  /** Of the baselines, and of which rows are for testing. */
  readonly seed: number;
  readonly emit: (event: LabEvent) => void;
  readonly signal: AbortSignal;
}
