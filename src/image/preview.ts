// A small JPEG of a picture file, for reports and pages.
import { type DecodeLimits, decodeReduced, pipelineOf } from './decode.ts';

const LONGER_SIDE = 160;
const QUALITY = 75;

/**
 * A JPEG of at most 160 × 160 pixels, aspect kept.
 *
 * @throws SandglassError as `decodeImage`
 */
export async function previewOf(bytes: Uint8Array, limits: DecodeLimits = {}): Promise<Buffer> {
  const picture = await decodeReduced(bytes, limits);
  return pipelineOf(picture)
    .resize(LONGER_SIDE, LONGER_SIDE, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: QUALITY })
    .toBuffer();
}
