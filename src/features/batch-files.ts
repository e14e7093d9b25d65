// Groups files into batches: a message between threads costs as much as reading a small file.

/** A file that is to be read; what {@link ../files/walk.ts walk} yields will do. */
export interface FileToRead {
  readonly absolute: string;
  /** Bytes, when known. */
  readonly size?: number;
}

const BATCH_FILES = 32;
const BATCH_BYTES = 1_000_000;

/** The files in their order, up to 32 of them together, of a megabyte at most; a larger one alone. */
async function* batchFiles<F extends FileToRead>(
  files: Iterable<F> | AsyncIterable<F>,
): AsyncGenerator<F[], void, undefined> {
  let batch: F[] = [];
  let bytes = 0;
  for await (const file of files) {
    const size = file.size ?? 0;
    // A large file takes long; small ones do not wait for it.
    if (batch.length === BATCH_FILES || (batch.length > 0 && bytes + size > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(file);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

/**
 * Files with their results, in the order of the files. Batches are worked on side by side, and taken from `files` only as
 * fast as results are taken.
 *
 * @param window batches that wait or are done at once
 * @param work the results of a batch, in its order
 */
export async function* inBatches<F extends FileToRead, Result>(
  files: Iterable<F> | AsyncIterable<F>,
  window: number,
  work: (paths: readonly string[]) => Promise<readonly Result[]>,
): AsyncGenerator<{ readonly file: F; readonly result: Result }, void, undefined> {
  yield* inOrder(batchFiles(files), window, (batch) => work(batch.map(({ absolute }) => absolute)));
}

/** As {@link inBatches}, for batches that somebody else made, of whatever is worked on. */
export async function* inOrder<F, Result>(
  batches: AsyncGenerator<readonly F[], void, undefined>,
  window: number,
  work: (batch: readonly F[]) => Promise<readonly Result[]>,
): AsyncGenerator<{ readonly file: F; readonly result: Result }, void, undefined> {
  const waiting: { batch: readonly F[]; results: Promise<readonly Result[]> }[] = [];
  let next = await batches.next();
  try {
    while (waiting.length > 0 || !next.done) {
      while (!next.done && waiting.length < window) {
        const batch = next.value;
        const results = work(batch);
        // Awaited in its turn; until then a rejection is not unhandled.
        results.catch(() => {});
        waiting.push({ batch, results });
        next = await batches.next();
      }
      const { batch, results } = waiting.shift()!;
      const made = await results;
      for (let i = 0; i < batch.length; i++) yield { file: batch[i]!, result: made[i]! };
    }
  } finally {
    await batches.return();
  }
}
