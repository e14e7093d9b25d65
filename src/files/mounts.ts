// Disks that are mounted inside of a root: is one that was there away now?
import { lstatSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * True when a folder that another disk was mounted at is absent or empty and no other disk is there: its files are away, not
 * deleted. Where files lie in it, it is a folder as others are.
 *
 * @param path of the folder, relative to the root, with '/'
 */
export function mountIsAway(root: string, path: string): boolean {
  const absolute = join(root, path);
  try {
    if (lstatSync(absolute).dev !== lstatSync(dirname(absolute)).dev) return false;
    return readdirSync(absolute).length === 0;
  } catch {
    return true;
  }
}
