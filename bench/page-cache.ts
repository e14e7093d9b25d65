// Empties the system's cache of files, so that what is read next comes from the disk.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const DROP = '/proc/sys/vm/drop_caches';

/** Why the cache cannot be emptied, or undefined when it can, and was. */
export function emptyPageCache(): string | undefined {
  try {
    // What was written lately has to be on the disk before it can be dropped.
    execFileSync('sync');
    writeFileSync(DROP, '3');
    return undefined;
  } catch (error) {
    return `${DROP} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}): only root may`;
  }
}
