// Groups files into batches: a message between threads costs as much as reading a small file.

/** A file that is to be read; what {@link ../files/walk.ts walk} yields will do. */
export interface FileToRead {
  readonly absolute: string;
  /** Bytes, when known. */
  readonly size?: number;
}

const BATCH_FILES = 32;
const BATCH_BYTES = 1_000_000;

/** The files in their order, up to 32 of them together, or as many as have a megabyte. */
export async function* batchFiles<F extends FileToRead>(
  files: Iterable<F> | AsyncIterable<F>,
): AsyncGenerator<F[], void, undefined> {
  let batch: F[] = [];
  let bytes = 0;
  for await (const file of files) {
    batch.push(file);
    bytes += file.size ?? 0;
    if (batch.length === BATCH_FILES || bytes >= BATCH_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
  }
  if (batch.length > 0) yield batch;
}
