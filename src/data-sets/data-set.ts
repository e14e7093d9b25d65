// The contract of data sets: rows to train on, rows to test with, and what they are.
import type { ErrorReport } from '../features/extract-result.ts';
import type { Vocabulary } from '../text/vocabulary.ts';

/** Rows for training: [rows, …shape]; uint8 pixels or word counts. */
export interface DataSet {
  readonly rows: number;
  /** Of one row. */
  readonly shape: readonly number[];
  readonly type: 'uint8' | 'float32';
  /** The class of each row, a place in `labelNames`; 16 bits wide where there are more than 256 classes. */
  readonly labels?: Uint8Array | Uint16Array | undefined;
  readonly labelNames?: readonly string[] | undefined;
  /** The file of each row, relative to the folder, with '/'. */
  readonly names?: readonly string[] | undefined;
  /** All rows, when they fit into `mostBytes`; otherwise absent, and rows are read on demand. */
  readonly resident?: Uint8Array | Float32Array | undefined;
  /**
   * Rows by number, one after the other, in the order asked for; a row may be asked for twice.
   *
   * @throws RangeError for a row that does not exist; SandglassError FILE_CHANGED, FILE_UNREADABLE
   */
  read(rows: Uint32Array): Promise<Uint8Array | Float32Array>;
  /** Lets go of files; rows that are on disk can no longer be read. */
  close(): Promise<void>;
}

export type DataSetKind = 'idx' | 'pictures' | 'documents';

/** A file that should have been a row and is none; the others are. */
export interface DataSetFailure {
  /** Relative to the folder. */
  readonly path: string;
  readonly code: ErrorReport['code'];
  readonly message: string;
}

export interface DataSets {
  readonly kind: DataSetKind;
  /** The last name of the folder. */
  readonly name: string;
  readonly train: DataSet;
  /** May have no row, when there is only one, or `testShare` is 0. */
  readonly test: DataSet;
  readonly failures: readonly DataSetFailure[];
  /** What is odd about the rows, and what was decided, each in one sentence. */
  readonly notices: readonly string[];
  /** Of documents: the word of each place of a row; places beyond its size are always 0. */
  readonly vocabulary?: Vocabulary | undefined;
  /** SHA-256 of the training rows, their number and the vocabulary, in hexadecimal: equal for equal training data. */
  readonly fingerprint: string;
  /** Closes both parts and removes their files from `scratch`. */
  close(): Promise<void>;
}

export interface DataSetProgress {
  readonly stage: 'finding' | 'reading' | 'counting';
  /** Files found, or rows read or written. */
  readonly done: number;
  readonly total?: number;
}

export interface DataSetOptions {
  /** Of one row, as the network wants it: [inputs], [1, height, width] or [3, height, width]. */
  readonly shape: readonly number[];
  /** Decides which rows are for testing. */
  readonly seed: number;
  /** The share of rows (0 ≤ share < 1) for testing where the data do not say which. @default 0.1 */
  readonly testShare?: number;
  /** Rows of both parts beyond so many bytes stay on disk. @default 1 GiB */
  readonly mostBytes?: number;
  /** A folder for rows that do not fit into memory; made when it is needed. */
  readonly scratch: string;
  /** Ends reading with ABORTED. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DataSetProgress) => void;
}
