// What the operating system's refusals mean for what is being written.
import { SandglassError } from './errors.ts';

/** The errno name of an error of node:fs (`'ENOENT'`), when it has one. */
export function errnoOf(thrown: unknown): string | undefined {
  if (!(typeof thrown === 'object' && thrown !== null && 'code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}

/** True when there was no room, or no more room for this user. */
export function isNoSpace(thrown: unknown): boolean {
  const errno = errnoOf(thrown);
  return errno === 'ENOSPC' || errno === 'EDQUOT';
}

/**
 * DISK_FULL or OUTPUT_UNWRITABLE for what the system refused; anything else as it was thrown.
 *
 * @param says both sentences, with what to do
 */
export function outputError(
  thrown: unknown,
  path: string,
  says: { readonly full: string; refused(errno: string): string },
): unknown {
  if (thrown instanceof SandglassError) return thrown;
  const errno = errnoOf(thrown);
  if (errno === undefined) return thrown;
  const options = { path, cause: thrown };
  return isNoSpace(thrown)
    ? new SandglassError('DISK_FULL', says.full, options)
    : new SandglassError('OUTPUT_UNWRITABLE', says.refused(errno), options);
}
