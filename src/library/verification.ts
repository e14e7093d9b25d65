// What `verify` looks for and what it tells: the codes, the sentences, the shape of the result.
import { CATALOG_FAULTS } from '../index/catalog-check.ts';

/** Everything that can be wrong with an index, with what it means. Codes are stable. */
export const FAULTS = {
  ...CATALOG_FAULTS,
  CODE_WRONG: 'codes are not those that their encoder gives',
  ENCODER_LOST: 'the files of encoders are gone',
  ENCODER_BROKEN: 'the files of encoders were changed, or cannot be run',
  GRAPH_DAMAGED: 'graph files are not what was written',
  CODE_FILE_DAMAGED: 'code files are not what was written',
} as const;

export type Fault = keyof typeof FAULTS;

/** Something that is wrong. */
export interface VerifyProblem {
  readonly code: Fault;
  /** How many items, codes, files, … are concerned. */
  readonly count: number;
  /** What is wrong, for a person. */
  readonly message: string;
  /** What to do about it. */
  readonly advice: string;
  /** A few of them: paths, names. */
  readonly examples: readonly string[];
}

/** Something that is as it may be, and that the next indexing or `gc` changes. */
export interface VerifyNote {
  readonly code:
    | 'TEXT_NOT_KEPT'
    | 'RULES_CHANGED'
    | 'ENCODER_FILLING'
    | 'ENCODER_OUTDATED'
    | 'GRAPH_STALE'
    | 'LEFT_OVER';
  readonly message: string;
}

/** What was done. */
export interface VerifyRepair {
  readonly code: Fault;
  readonly message: string;
}

export interface Verification {
  readonly schema: 1;
  readonly directory: string;
  /** Nothing is wrong; after a repair: nothing is wrong any more. */
  readonly clean: boolean;
  readonly checked: {
    readonly items: number;
    readonly passages: number;
    readonly codes: number;
    readonly encoders: number;
    readonly graphs: number;
    readonly codeFiles: number;
  };
  /** What is wrong; after a repair: what could not be repaired. */
  readonly problems: readonly VerifyProblem[];
  readonly notes: readonly VerifyNote[];
  /** With `repair`: what was done, in order. */
  readonly repairs: readonly VerifyRepair[];
  /** With `repair`: files that were taken out of the index and come back with the next indexing; absolute. */
  readonly indexAgain: readonly string[];
  readonly seconds: number;
}

export interface VerifyOptions {
  /**
   * Make anew what can be made, remove what cannot, in one transaction: the next indexing brings it back. No file outside of
   * the index is touched.
   * @default false
   */
  readonly repair?: boolean;
  /**
   * Also make the words, passages, shingles and codes of every document anew and compare; of pictures whose files are there the
   * codes. As long as indexing without training.
   * @default false
   */
  readonly deep?: boolean;
  /** Seconds to wait for another process that writes this index, to repair it. @default 0 */
  readonly waitSeconds?: number;
  readonly signal?: AbortSignal;
  /** Told what is looked at, for a person. */
  onStep?(what: string): void;
}

const REPAIR = 'sandglass verify --repair';
const INDEX = 'sandglass index';

/** What to do, where it is not what most faults want: {@link REPAIR}. */
const ADVICE: Readonly<Partial<Record<Fault, string>>> = {
  CATALOG_DAMAGED: `save what can be read with: ${REPAIR} – or put a backup in its place`,
  CODE_MISSING: `make them with: ${INDEX}, or ${REPAIR}`,
  ENCODER_LOST: `put the folder back, or take the encoder out with: ${REPAIR} – and learn anew with: ${INDEX}`,
  ENCODER_BROKEN: `put the files back, or take the encoder out with: ${REPAIR} – and learn anew with: ${INDEX}`,
  GRAPH_DAMAGED: `questions are exact until it is built again by: ${INDEX}, or ${REPAIR}`,
  CODE_FILE_DAMAGED: `codes are read from the catalog until it is written again by: ${INDEX}, or ${REPAIR}`,
  ITEM_DAMAGED: `take them out with: ${REPAIR} – and bring them back with: ${INDEX}`,
  TEXT_DAMAGED: `take them out with: ${REPAIR} – and bring them back with: ${INDEX}`,
};

export function adviceFor(code: Fault): string {
  return ADVICE[code] ?? `repair it with: ${REPAIR}`;
}
