// Where rows go while a data set is read: into memory, into a scratch file, or nowhere because they lie in a file already.
import { constants } from 'node:buffer';
import { open } from 'node:fs/promises';
import { fileError } from '../files/file-error.ts';
import { ScratchFile } from './scratch-file.ts';
import { rowsInFile, rowsInMemory, type StoredRows } from './stored-rows.ts';

export interface RowSink {
  /** Takes a copy of the row. Returns a promise when the caller has to wait. */
  append(row: Uint8Array): Promise<void> | undefined;
  finish(): Promise<StoredRows>;
  /** Instead of `finish`, when the rows are not wanted after all. */
  discard(): Promise<void>;
}

/** @param capacity no more rows than this will come */
function memorySink(capacity: number, rowBytes: number): RowSink {
  const all = new Uint8Array(capacity * rowBytes);
  let length = 0;
  return {
    append(row) {
      all.set(row, length);
      length += rowBytes;
      return undefined;
    },
    async finish() {
      return rowsInMemory(all.subarray(0, length), rowBytes);
    },
    async discard() {},
  };
}

/** @throws SandglassError DISK_FULL, OUTPUT_UNWRITABLE, also by `append` and `finish` */
async function scratchSink(folder: string, rowBytes: number): Promise<RowSink> {
  const file = await ScratchFile.create(folder);
  return {
    append: (row) => file.append(row),
    async finish() {
      await file.flush();
      const { handle, path } = file;
      return rowsInFile({ handle, path, rowBytes, offset: 0, rows: file.length / rowBytes, close: () => file.close() });
    },
    discard: () => file.close(),
  };
}

/** Rows that stay where they are: the rows of `path` that `places` names, after `offset` bytes. */
export function inPlaceSink(path: string, offset: number, rowBytes: number, places: Uint32Array | undefined): RowSink {
  let rows = 0;
  return {
    append() {
      rows++;
      return undefined;
    },
    async finish() {
      const handle = await open(path, 'r').catch((thrown: unknown) => {
        throw fileError(thrown, path);
      });
      return rowsInFile({ handle, path, rowBytes, offset, rows, places, close: () => handle.close() });
    },
    async discard() {},
  };
}

/** Sinks for the rows of training and test together: memory where both fit into `mostBytes`, else scratch files. */
export async function openSinks(
  capacities: readonly [train: number, test: number],
  { rowBytes, mostBytes, scratch }: { readonly rowBytes: number; readonly mostBytes: number; readonly scratch: string },
): Promise<[train: RowSink, test: RowSink]> {
  const [train, test] = capacities;
  const most = Math.min(mostBytes, constants.MAX_LENGTH);
  if ((train + test) * rowBytes <= most) return [memorySink(train, rowBytes), memorySink(test, rowBytes)];
  const first = await scratchSink(scratch, rowBytes);
  try {
    return [first, await scratchSink(scratch, rowBytes)];
  } catch (thrown) {
    await first.discard();
    throw thrown;
  }
}
