// What to throw when a file of a training could not be written.
import { outputError } from '../output-error.ts';

/** DISK_FULL or OUTPUT_UNWRITABLE for what the system refused; anything else as it was thrown. */
export function runWriteError(thrown: unknown, path: string): unknown {
  return outputError(thrown, path, {
    full: `The disk is full: ${path} cannot be written. Free some space and train again to go on.`,
    refused: (errno) => `${path} cannot be written (${errno}); name another folder with --out.`,
  });
}
