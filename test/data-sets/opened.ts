// Opens data sets for tests and closes them again.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSet, DataSetOptions, DataSets } from '../../src/data-sets/data-set.ts';
import { openDataSets } from '../../src/data-sets/open-data-sets.ts';
import { SandglassError } from '../../src/errors.ts';

export type SomeOptions = Partial<DataSetOptions> & Pick<DataSetOptions, 'shape'>;

/** Opens, looks, closes; the scratch folder is new each time. */
export async function withDataSets<T>(
  folder: string,
  options: SomeOptions,
  look: (data: DataSets, scratch: string) => Promise<T> | T,
): Promise<T> {
  const scratch = mkdtempSync(join(tmpdir(), 'sandglass-scratch-'));
  try {
    const data = await openDataSets(folder, { seed: 1, scratch, ...options });
    try {
      return await look(data, scratch);
    } finally {
      await data.close();
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** What opening threw: an error of Sandglass, or the test fails. */
export async function refusalOf(folder: string, options: SomeOptions): Promise<SandglassError> {
  const thrown = await withDataSets(folder, options, () => undefined).catch((error: unknown) => error);
  if (thrown instanceof SandglassError) return thrown;
  throw thrown ?? new Error('Expected an error but the data set was opened.');
}

/** All rows of a part, as `read` gives them. */
export async function everyRow(part: DataSet): Promise<Uint8Array> {
  return (await part.read(Uint32Array.from({ length: part.rows }, (_, row) => row))) as Uint8Array;
}
