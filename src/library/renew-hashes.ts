// Gives pictures the plain codes that they lack, because an earlier version indexed them.
import { extractAll } from '../features/pool.ts';
import type { Catalog } from '../index/catalog.ts';
import { absolutePath } from './folders.ts';
import { activateWhole, type PlainEncoders, plainCodes } from './plain-codes.ts';

/** Pictures whose codes are stored together. */
const BATCH = 256;

export interface RenewHashesOptions {
  readonly signal: AbortSignal;
  /** @param total pictures that lack a code */
  onStart(total: number): void;
  onRenewed(): void;
  notice(text: string): void;
}

/**
 * Reads pictures again that lack a code, and lets each code answer that all pictures have then. An interrupted run goes on
 * where it stopped; what cannot be read now is tried again by the next run.
 *
 * @throws SandglassError ABORTED
 */
export async function renewHashes(
  catalog: Catalog,
  plain: PlainEncoders,
  { signal, onStart, onRenewed, notice }: RenewHashesOptions,
): Promise<void> {
  const lacking = new Set([...plain.values()].flatMap((id) => catalog.codes.missing(id)));
  if (lacking.size === 0) {
    activateWhole(catalog, plain);
    return;
  }
  onStart(lacking.size);
  const roots = new Map(catalog.roots.list().map((root) => [root.id, root]));
  const files: { id: number; hash: string; absolute: string }[] = [];
  catalog.items.each(({ id, rootId, path, hash }) => {
    if (lacking.has(id)) files.push({ id, hash, absolute: absolutePath(roots.get(rootId)!, path) });
  }, 'image');

  let unreadable = 0;
  let batch: { id: number; codes: ReturnType<typeof plainCodes> }[] = [];
  const store = () => {
    catalog.write(() => {
      for (const { id, codes } of batch)
        for (const { encoderId, code } of codes) catalog.codes.put(encoderId, [id], code);
    });
    batch = [];
  };
  try {
    for await (const { file, result } of extractAll(files, { signal })) {
      // Another picture may stand there now; it is indexed by the next run.
      if (result.status === 'ok' && result.kind === 'image' && result.hash === file.hash)
        batch.push({ id: file.id, codes: plainCodes(plain, result.feature) });
      else unreadable++;
      onRenewed();
      if (batch.length === BATCH) store();
    }
  } finally {
    // Whatever stopped the reading, what was read is stored.
    store();
  }
  const waiting = activateWhole(catalog, plain);
  if (unreadable > 0 && waiting.length > 0) {
    const names = waiting.map(({ name }) => name).join(', ');
    notice(`${unreadable} pictures cannot be read now (offline or changed); ${names} can be asked once they can.`);
  }
}
