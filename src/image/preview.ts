// A small picture of a picture, for a report or a page.
import { decodeReduced, pipelineOf } from './decode.ts';

/**
 * The picture, upright, at most `side` pixels wide and high, as JPEG.
 *
 * @throws SandglassError why it cannot be decoded
 */
export async function previewOf(bytes: Uint8Array, side = 160): Promise<Uint8Array> {
  const picture = await decodeReduced(bytes);
  return pipelineOf(picture)
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 78 })
    .toBuffer();
}
