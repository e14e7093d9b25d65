// The encoder of pictures that comes with the package.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DECODER_MODEL, ENCODER_MODEL, type EncoderFiles, MANIFEST, readManifest } from './manifest.ts';

/** Names another encoder of the package, its folder, or a folder that holds a `copy-64`; '' is none. */
const VARIABLE = 'SANDGLASS_MODELS';
const PACKAGED = fileURLToPath(new URL('../../models', import.meta.url));
/** The one that is used unless another is named; models/README.md tells of all. */
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
  const where = placeOf(process.env[VARIABLE]);
  if (where === undefined) return undefined;
  const read = (name: string) => readFile(join(where, name)).catch(() => undefined);
  const [encoder, decoder, manifest] = await Promise.all([ENCODER_MODEL, DECODER_MODEL, MANIFEST].map(read));
  if (encoder === undefined || decoder === undefined || manifest === undefined) return undefined;
  const files = { [ENCODER_MODEL]: encoder, [DECODER_MODEL]: decoder, [MANIFEST]: manifest };
  readManifest(files, where);
  return { name: basename(where), files };
}

function placeOf(named: string | undefined): string | undefined {
  if (named === '') return undefined;
  if (named === undefined) return join(PACKAGED, NAME);
  const isEncoder = (folder: string) => existsSync(join(folder, MANIFEST));
  return [join(PACKAGED, named), resolve(named)].find(isEncoder) ?? resolve(named, NAME);
}
