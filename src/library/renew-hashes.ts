// Gives pictures and their frames the plain codes that they lack, because an earlier version indexed them.
import type { ImageFeature } from '../image/image-feature.ts';
import type { Catalog } from '../index/catalog.ts';
import type { CodeTable } from '../index/codes.ts';
import { activateWhole, type PlainEncoders, plainCodes } from './plain-codes.ts';
import { readAgain } from './read-again.ts';

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
  const lackingFrames = [...new Set([...plain.values()].flatMap((id) => catalog.frameCodes.missing(id)))];
  if (lacking.size + lackingFrames.length === 0) {
    activateWhole(catalog, plain);
    return;
  }
  onStart(new Set([...lacking, ...lackingFrames.map((id) => catalog.frames.get(id)!.itemId)]).size);

  let unreadable = 0;
  let batch: { table: CodeTable; id: number; codes: ReturnType<typeof plainCodes> }[] = [];
  const add = (table: CodeTable, id: number, feature: ImageFeature) =>
    batch.push({ table, id, codes: plainCodes(plain, feature) });
  const store = () => {
    catalog.write(() => {
      for (const { table, id, codes } of batch)
        for (const { encoderId, code } of codes) table.put(encoderId, [id], code);
    });
    batch = [];
  };
  try {
    for await (const { id, feature, frames, lost } of readAgain(catalog, lacking, lackingFrames, signal)) {
      if (lost.length > 0) catalog.frames.remove(lost);
      if (feature === undefined) unreadable++;
      if (feature !== undefined && lacking.has(id)) add(catalog.codes, id, feature);
      for (const [frame, inner] of frames) add(catalog.frameCodes, frame, inner);
      onRenewed();
      if (batch.length >= BATCH) store();
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
