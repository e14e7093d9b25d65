// What to throw when a file of a training could not be written.
import { SandglassError } from '../errors.ts';

/** DISK_FULL or OUTPUT_UNWRITABLE for what the system refused; anything else as it was thrown. */
export function runWriteError(thrown: unknown, path: string): unknown {
  if (thrown instanceof SandglassError) return thrown;
  const code = (thrown as NodeJS.ErrnoException | undefined)?.code;
  if (code === undefined) return thrown;
  const options = { path, cause: thrown };
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new SandglassError(
        'DISK_FULL',
        `The disk is full: ${path} cannot be written. Free some space and train again to go on.`,
        options,
      )
    : new SandglassError(
        'OUTPUT_UNWRITABLE',
        `${path} cannot be written (${code}); name another folder with --out.`,
        options,
      );
}
