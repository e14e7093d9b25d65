// Pixels in memory as a PNG file.
import { type Picture, pipelineOf } from './decode.ts';

const BEST_COMPRESSION = 9;

/** A PNG of a picture; one without colours is written with one channel, which is smaller. Every pixel comes back as it was. */
export function encodePng(picture: Picture): Promise<Buffer> {
  const pipeline = pipelineOf(picture);
  if (isGrey(picture.rgb)) pipeline.extractChannel(0);
  return pipeline.png({ compressionLevel: BEST_COMPRESSION }).toBuffer();
}

function isGrey(rgb: Uint8Array): boolean {
  for (let at = 0; at < rgb.length; at += 3) {
    if (rgb[at] !== rgb[at + 1] || rgb[at] !== rgb[at + 2]) return false;
  }
  return true;
}
