// What lies in a folder of an index, which may have none of its folders yet.
import { readdir } from 'node:fs/promises';
import { errnoOf } from '../output-error.ts';

/** The names in a folder; none where there is no folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return [];
    throw thrown;
  }
}
