// A folder on another disk than the temporary folders: a disk in memory, where the system has one.
import { accessSync, constants, mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';

/** Why there is none here; undefined when there is. */
export function whyNoOtherDisk(): string | undefined {
  try {
    accessSync(MEMORY, constants.W_OK);
    return statSync(MEMORY).dev === statSync(tmpdir()).dev ? `${MEMORY} is the disk of ${tmpdir()}` : undefined;
  } catch {
    return `there is no ${MEMORY} that can be written`;
  }
}

/** A new folder there. The caller removes it. */
export function folderOnOtherDisk(): string {
  return mkdtempSync(join(MEMORY, 'sandglass-'));
}
