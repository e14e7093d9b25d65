// A small JPEG of a picture file, for reports and pages.
import { decodeReduced, pipelineOf } from './decode.ts';

/** Pixels of the longer side, where nobody says how many. */
const LONGER_SIDE = 160;
const QUALITY = 75;

/**
 * A JPEG of at most `side` × `side` pixels, aspect kept; never larger than the picture.
 *
 * @throws SandglassError as `decodeImage`
 */
export async function previewOf(bytes: Uint8Array, side: number = LONGER_SIDE): Promise<Buffer> {
  const picture = await decodeReduced(bytes, {}, side);
  return pipelineOf(picture)
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: QUALITY })
    .toBuffer();
}
