// The one error class of Sandglass and the table of its codes.

/** Every code a {@link SandglassError} can carry, with what it means. Codes are stable; messages are not. */
export const ERROR_CODES = {
  // one file: the rest of the folder goes on
  FILE_VANISHED: 'The file was listed and then gone when it was read.',
  FILE_UNREADABLE: 'The file cannot be opened (permission, I/O error).',
  FILE_NOT_REGULAR: 'A directory, socket or device stands where a file was expected.',
  FILE_CHANGED: 'The file changed while it was being read.',
  FILE_EMPTY: 'The file has no bytes, or no words.',
  FILE_TOO_LARGE: 'The file is larger than the limit for its kind.',
  NAME_NOT_UTF8: 'The file name is not valid UTF-8.',
  KIND_UNSUPPORTED: 'The content is neither text nor a picture that can be read.',
  TEXT_BINARY: 'The name says text, the content is binary.',
  TEXT_BROKEN: 'The text cannot be parsed as the format it claims to be.',
  DOCUMENT_ENCRYPTED: 'The document is protected by a password or by rights management.',
  DOCUMENT_BROKEN: 'The document is damaged, or is not what its format asks for.',
  DOCUMENT_WITHOUT_TEXT: 'The document has only pictures; it needs OCR first.',
  IMAGE_BROKEN: 'The picture cannot be decoded.',
  IMAGE_TOO_LARGE: 'The picture has more pixels than the limit.',
  READ_TIMEOUT: 'Reading one file took longer than the limit.',
  READ_CRASHED: 'Reading one file ended its thread, for example for want of memory.',
  // folders
  ROOT_OFFLINE: 'An indexed folder is absent or an empty mount point; its items are kept.',
  PRUNE_REFUSED: 'More than half of the items of a folder vanished; asks for --prune.',
  OUTSIDE_ROOT: 'A path leads out of the folders that may be read.',
  // the index directory
  INDEX_MISSING: 'There is no index here.',
  INDEX_NEWER: 'The index was written by a newer version.',
  INDEX_DAMAGED: 'A file of the index is damaged.',
  INDEX_LOCKED: 'Another process is writing this index.',
  INDEX_WATCHED: 'Another process watches the folders of this index.',
  INDEX_READ_ONLY: 'The index cannot be written.',
  DISK_FULL: 'The disk is full.',
  EXPORT_INVALID: 'An exported index cannot be read, or its files are not those that were written.',
  // encoders and training
  ENCODER_MISSING: 'No encoder for this kind of item is in the index.',
  ENCODER_BROKEN: 'The encoder files are damaged or are not what the manifest says.',
  ENCODER_MISMATCH: 'Codes of different encoders cannot be compared.',
  ENCODER_UNFIT: 'The folder holds no encoder that can be imported; the message says what is wrong with it.',
  ENCODER_EXISTS: 'There is an encoder or a method of that name already.',
  ENCODER_UNFINISHED: 'An encoder cannot answer before every item has its code.',
  DEVICE_UNAVAILABLE: 'The requested device (for example CUDA) cannot be used.',
  CUDA_UNFIT:
    'The CUDA provider, or the package it should come from, is broken or fits neither machine nor ONNX Runtime.',
  RECIPE_UNKNOWN: 'There is no recipe of that name.',
  RECIPE_INVALID: 'A recipe for training is written wrongly.',
  GRAPH_SHAPE: 'A network is described with shapes that do not fit.',
  DATA_SET_INVALID: 'The data to train on are damaged, do not fit together, or hold nothing to train on.',
  TRAINING_TOO_SMALL: 'Too few items to train an encoder.',
  TRAINING_DIVERGED: 'The training loss became NaN or infinite.',
  CHECKPOINT_BROKEN: 'The checkpoint of a training is damaged.',
  CHECKPOINT_MISMATCH: 'The checkpoint is of another training and cannot be gone on from.',
  // asking
  QUERY_EMPTY: 'The query has nothing to compare: no known word, no pixel.',
  METHOD_UNKNOWN: 'There is no method of that name.',
  METHOD_UNAVAILABLE: 'The method exists but cannot rank this kind of item or this index.',
  NOTHING_INDEXED: 'The index holds no item that could be found.',
  LABELS_INVALID: 'The labels cannot be read or name nothing that is indexed.',
  // duplicates
  PLAN_INVALID: 'A plan cannot be read, or is not of this index.',
  KEEPER_MISSING: 'The file that a plan keeps is gone or has changed; its copies stay where they are.',
  TRASH_UNAVAILABLE: 'The system has no trash for a file; nothing was moved.',
  RUN_UNKNOWN: 'There is no run of that name to undo, or its journal cannot be read.',
  // settings
  SETTING_UNKNOWN: 'A setting that does not exist.',
  SETTING_INVALID: 'A setting with a value it cannot have.',
  SETTING_REFUSED: 'A setting that a configuration inside a folder may not make.',
  // results
  OUTPUT_UNWRITABLE: 'What was asked for cannot be written where it was asked for.',
  OUTPUT_EXISTS: 'Where something is to be written there is something else already.',
  ABORTED: 'The caller asked to stop.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface SandglassErrorOptions {
  /** The file or directory the error is about, when there is one. */
  readonly path?: string;
  readonly cause?: unknown;
}

/** An error a user can act on. `message` says what was expected, what came and what to do; `code` is stable. */
export class SandglassError extends Error {
  override readonly name = 'SandglassError';
  readonly code: ErrorCode;
  readonly path?: string;

  constructor(code: ErrorCode, message: string, options: SandglassErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    if (options.path !== undefined) this.path = options.path;
  }

  /** What survives a trip between threads, and what `--json` prints. */
  toJSON(): { code: ErrorCode; message: string; path?: string } {
    return { code: this.code, message: this.message, ...(this.path === undefined ? {} : { path: this.path }) };
  }
}

/** A {@link SandglassError} for anything that was thrown: itself when it is one, else wrapped as `code`. */
export function asSandglassError(thrown: unknown, code: ErrorCode, path?: string): SandglassError {
  if (thrown instanceof SandglassError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new SandglassError(code, message, path === undefined ? { cause: thrown } : { path, cause: thrown });
}

/** @param message what was stopped, as a sentence @throws SandglassError ABORTED once the signal was raised */
export function throwIfAborted(signal: AbortSignal | undefined, message: string): void {
  if (signal?.aborted) throw new SandglassError('ABORTED', message, { cause: signal.reason });
}
