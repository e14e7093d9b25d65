// The encoder of pictures that comes with the package, in an index: added, and gone on with where there is enough to learn.
import { readManifest } from '../encoders/manifest.ts';
import { type ShippedEncoder, shippedImageEncoder } from '../encoders/shipped-encoder.ts';
import { SandglassError } from '../errors.ts';
import type { Kind } from '../features/feature.ts';
import type { Catalog } from '../index/catalog.ts';
import { storeEncoder } from '../index/encoder-files.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import { isHeldOut } from './training-data.ts';
import { AUTO_ENCODER, type Workspace } from './workspace.ts';

/** Held-out pictures with which an encoder that was tuned can be told from the one it began with (as in verdict.ts). */
const FEWEST_HELD_OUT = 20;
/** The setting that names the shipped encoder that was gone on with once, whatever came of it. */
const TUNED = 'tuned:image';

/**
 * Adds the shipped encoder to an index that has none: its codes are still to be made. Where it was added before, that record.
 *
 * @returns undefined for documents, and where no encoder is shipped; of a damaged one it is said
 * @throws SandglassError DISK_FULL, INDEX_READ_ONLY
 */
export async function addShipped(
  { layout, catalog }: Workspace,
  kind: Kind,
  notice: (text: string) => void,
): Promise<EncoderRecord | undefined> {
  const shipped = kind === 'image' ? await wholeOrSay(notice) : undefined;
  if (shipped === undefined) return undefined;
  const { dimensions, trainedOn = 0, losses = [], recipe } = readManifest(shipped.files, shipped.name);
  const fingerprint = await storeEncoder(layout, shipped.files);
  return catalog.encoders.add({
    method: AUTO_ENCODER,
    kind,
    fingerprint,
    form: 'float32',
    dimensions,
    info: { shipped: shipped.name, trainedOn, losses, ...(recipe === undefined ? {} : { recipe }) },
  });
}

/** The shipped encoder; a damaged one is no reason to stop. */
export async function wholeOrSay(notice: (text: string) => void): Promise<ShippedEncoder | undefined> {
  try {
    return await shippedImageEncoder();
  } catch (error) {
    if (!(error instanceof SandglassError)) throw error;
    notice(`The encoder of pictures that comes with Sandglass is not used; install Sandglass again. ${error.message}`);
    return undefined;
  }
}

export function isShipped({ info }: EncoderRecord): boolean {
  return info.shipped !== undefined;
}

/** True where going on with the shipped encoder was not tried yet, and there are pictures enough to tell what came of it. */
export function isWorthTuning(catalog: Catalog, { fingerprint }: EncoderRecord): boolean {
  if (catalog.settings.get(TUNED) === fingerprint) return false;
  let heldOut = 0;
  catalog.items.each(({ tie }) => {
    if (isHeldOut(tie)) heldOut++;
  }, 'image');
  return heldOut >= FEWEST_HELD_OUT;
}

/** Remembers that it was tried: indexing again does not try again by itself. */
export function rememberTuning(catalog: Catalog, { fingerprint }: EncoderRecord): void {
  catalog.settings.set(TUNED, fingerprint);
}
