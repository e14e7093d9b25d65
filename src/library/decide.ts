// Decisions about pairs of files: kept by content, so that they outlive names and indexing.
import { resolve } from 'node:path';
import { SandglassError } from '../errors.ts';
import type { DecisionVerdict } from '../index/decisions.ts';
import { acquireWriterLock } from '../index/writer-lock.ts';
import { absolutePath, itemAt } from './folders.ts';
import type { Workspace } from './workspace.ts';

/** A decision, with the indexed files that it is about now. */
export interface DecisionDescription {
  readonly verdict: DecisionVerdict;
  /** ISO 8601. */
  readonly at: string;
  /** SHA-256 of the two contents. */
  readonly hashes: readonly [string, string];
  /** Absolute paths of indexed files of either content; none when it is not indexed now. */
  readonly files: readonly [readonly string[], readonly string[]];
}

/**
 * Decides about two indexed files; undefined takes a decision back.
 *
 * @throws SandglassError FILE_VANISHED when one of them is not indexed, SETTING_INVALID for a file and itself or when there is
 *   nothing to take back, INDEX_LOCKED, INDEX_READ_ONLY
 */
export async function decide(
  workspace: Workspace,
  a: string,
  b: string,
  verdict: DecisionVerdict | undefined,
  waitSeconds: number,
): Promise<void> {
  if (resolve(a) === resolve(b))
    throw new SandglassError('SETTING_INVALID', `Expected two files but received ${a} twice.`);
  const hashes = [hashOfIndexed(workspace, a), hashOfIndexed(workspace, b)] as const;
  const lock = await acquireWriterLock(workspace.layout, {
    command: 'sandglass duplicates ignore',
    waitMs: waitSeconds * 1000,
  });
  try {
    if (verdict !== undefined) workspace.catalog.decisions.put(...hashes, verdict);
    else if (!workspace.catalog.decisions.remove(...hashes))
      throw new SandglassError('SETTING_INVALID', `Nothing was decided about ${a} and ${b}.`);
  } finally {
    lock.release();
  }
}

/** Every decision, the first one first. */
export function listDecisions({ catalog }: Workspace): DecisionDescription[] {
  const roots = new Map(catalog.roots.list().map((root) => [root.id, root]));
  const filesOf = (hash: string) =>
    catalog.items.findByHash(hash).map(({ rootId, path }) => absolutePath(roots.get(rootId)!, path));
  return catalog.decisions.list().map(({ hashes, verdict, at }) => ({
    verdict,
    at: new Date(at).toISOString(),
    hashes,
    files: [filesOf(hashes[0]), filesOf(hashes[1])],
  }));
}

function hashOfIndexed({ catalog }: Workspace, file: string): string {
  const absolute = resolve(file);
  const found = itemAt(catalog, catalog.roots.list(), absolute);
  if (found) return found.item.hash;
  throw new SandglassError('FILE_VANISHED', `${file} is not in the index.`, { path: absolute });
}
