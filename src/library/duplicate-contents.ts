// What duplicates are looked for among: the different contents of a kind, each with the files that hold it.
import type { Kind } from '../features/feature.ts';
import type { ItemRecord } from '../index/items.ts';
import { absolutePath } from './folders.ts';
import type { Workspace } from './workspace.ts';

/** An indexed file and where it lies. */
export interface ContentFile extends ItemRecord {
  readonly absolute: string;
}

/** One content; rows are ordered by hash, so that nothing depends on when a file was indexed. */
export interface Content {
  readonly hash: string;
  /** Ordered by path; the first one stands for the others. */
  readonly files: readonly [ContentFile, ...ContentFile[]];
}

/** @param wanted which files are looked at, by absolute path; all by default */
export function contentsOf({ catalog }: Workspace, kind: Kind, wanted?: (path: string) => boolean): Content[] {
  const roots = new Map(catalog.roots.list().map((root) => [root.id, root]));
  const byHash = new Map<string, ContentFile[]>();
  catalog.items.each((item) => {
    const absolute = absolutePath(roots.get(item.rootId)!, item.path);
    if (wanted !== undefined && !wanted(absolute)) return;
    const file = { ...item, absolute };
    const known = byHash.get(item.hash);
    if (known === undefined) byHash.set(item.hash, [file]);
    else known.push(file);
  }, kind);
  return [...byHash]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([hash, files]) => ({
      hash,
      files: files.sort((a, b) => (a.absolute < b.absolute ? -1 : 1)) as [ContentFile, ...ContentFile[]],
    }));
}
