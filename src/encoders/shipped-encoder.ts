// The encoder of pictures that comes with the package.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DECODER_MODEL, ENCODER_MODEL, type EncoderFiles, MANIFEST, readManifest } from './manifest.ts';

/** Names a folder of encoders to use instead of those of the package; '' is none. */
const FOLDER_VARIABLE = 'SANDGLASS_MODELS';
const PACKAGED = fileURLToPath(new URL('../../models', import.meta.url));
/** The one that is used; models/README.md tells of others. */
const NAME = 'copy-64';

export interface ShippedEncoder {
  readonly name: string;
  /** encoder.onnx, decoder.onnx, manifest.json. */
  readonly files: EncoderFiles & Readonly<Record<'encoder.onnx' | 'decoder.onnx', Uint8Array>>;
}

/**
 * The shipped encoder of pictures, or undefined where there is none.
 *
 * @throws SandglassError ENCODER_BROKEN when its files were changed
 */
export async function shippedImageEncoder(): Promise<ShippedEncoder | undefined> {
  const folder = process.env[FOLDER_VARIABLE] ?? PACKAGED;
  if (folder === '') return undefined;
  const where = resolve(folder, NAME);
  const read = (name: string) => readFile(join(where, name)).catch(() => undefined);
  const [encoder, decoder, manifest] = await Promise.all([ENCODER_MODEL, DECODER_MODEL, MANIFEST].map(read));
  if (encoder === undefined || decoder === undefined || manifest === undefined) return undefined;
  const files = { [ENCODER_MODEL]: encoder, [DECODER_MODEL]: decoder, [MANIFEST]: manifest };
  readManifest(files, where);
  return { name: NAME, files };
}
