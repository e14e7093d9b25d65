// Which files only changed their names? Their content is found, under another path, in a file that is new or was touched.
import { matchRenames, type Rename } from '../files/changes.ts';
import { readRegularFile } from '../files/read-file.ts';
import type { WalkedFile } from '../files/walk.ts';
import type { StoredFile } from '../index/items.ts';

/**
 * Renames of one root, those among files that changed names with one another included. Content is read only where a file is
 * as long as one that is gone from its path.
 *
 * @param touched files whose size or time changed: other content may stand there now
 */
export function findRenames(
  added: readonly WalkedFile[],
  touched: readonly WalkedFile[],
  vanished: readonly string[],
  known: ReadonlyMap<string, StoredFile>,
): Rename[] {
  // Paths whose former content may be elsewhere now, by its length.
  const left = new Map<number, string[]>();
  for (const path of [...vanished, ...touched.map((file) => file.path)]) {
    const { size } = known.get(path)!;
    left.set(size, [...(left.get(size) ?? []), path]);
  }
  const comesFromElsewhere = ({ path, size }: WalkedFile) =>
    size > 0 && (left.get(size)?.some((other) => other !== path) ?? false);
  const candidates = [...added, ...touched].filter(comesFromElsewhere);
  if (candidates.length === 0) return [];

  const wanted = new Set(candidates.map(({ size }) => size));
  const hashes = new Map<string, string>();
  for (const { path, absolute, size } of [...added, ...touched]) {
    if (!wanted.has(size)) continue;
    try {
      const hash = readRegularFile(absolute, (_, bytes) => bytes)?.hash;
      if (hash !== undefined) hashes.set(path, hash);
    } catch {
      // Read again in its turn, where its failure is reported.
    }
  }
  // A touched file whose content is still its own is neither the source nor the target of a rename.
  const stayed = new Set(touched.map(({ path }) => path).filter((path) => hashes.get(path) === known.get(path)!.hash));
  for (const path of stayed) hashes.delete(path);
  const unsure = touched.filter(({ path, size }) => size === known.get(path)!.size && !hashes.has(path));
  const held = new Set([...stayed, ...unsure.map(({ path }) => path)]);
  return matchRenames(
    hashes,
    [...vanished, ...touched.map(({ path }) => path)].filter((path) => !held.has(path)),
    known,
  );
}
