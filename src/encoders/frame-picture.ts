// A picture → the pixels that a network looks at, at the side that it takes.
import { readPicture } from '../features/read-picture.ts';
import { decodeReduced, type Picture } from '../image/decode.ts';
import type { PictureSource } from '../image/picture-source.ts';
import { pillowResize } from '../image/pillow-resize.ts';
import type { PictureFrame } from './picture-input.ts';

const COLOURS = 3;
/** A large picture keeps so many times the pixels that are wanted, before it is resized by the kernel that was asked for. */
const SPARE = 2;
/** How many times as long as wide a picture may be that is resized whole, before its middle is cut out. */
const LONGEST = 16;

/**
 * The pixels of a picture file, framed.
 *
 * @returns [height, width, 3] bytes: red, green, blue
 * @throws SandglassError as `readPicture` and `decodeImage`
 */
export async function framedSource(
  source: PictureSource,
  frame: PictureFrame,
  maxSeconds?: number,
): Promise<Uint8Array> {
  const wanted = SPARE * Math.max(...frame.side, frame.resize ?? 0);
  const limits = {
    ...(maxSeconds === undefined ? {} : { maxSeconds }),
    ...('frame' in source && source.frame !== undefined ? { frame: source.frame } : {}),
  };
  return framed(await decodeReduced(readPicture(source), limits, wanted), frame);
}

/** The pixels of a decoded picture, framed: [height, width, 3] bytes. */
export function framed(picture: Picture, frame: PictureFrame): Uint8Array {
  const [height, width] = frame.side;
  const shown = frame.fit === 'crop' ? withoutEnds(picture, frame) : picture;
  const resized = pillowResize(shown, ...resizedTo(shown, frame), frame.kernel);
  if (resized.width === width && resized.height === height) return resized.rgb;
  return centred(resized, width, height);
}

/** Of a very long picture, of which the middle is cut out, its middle: what it would be resized to may be no end of pixels. */
function withoutEnds(picture: Picture, { side }: PictureFrame): Picture {
  const most = (LONGEST * Math.max(...side)) / Math.min(...side);
  const width = Math.min(picture.width, Math.ceil(picture.height * most));
  const height = Math.min(picture.height, Math.ceil(picture.width * most));
  if (width === picture.width && height === picture.height) return picture;
  return { width, height, rgb: centred(picture, width, height) };
}

/** The size after resizing, before anything is cut off or put around it. */
function resizedTo({ width, height }: Picture, { side: [down, across], fit, resize }: PictureFrame): [number, number] {
  if (fit === 'stretch') return [across, down];
  if (fit === 'crop' && resize !== undefined) {
    return width < height
      ? [resize, Math.floor((resize * height) / width)]
      : [Math.floor((resize * width) / height), resize];
  }
  // Whether the width decides: to cover, the side that is nearer to the picture's; to fit, the one that is farther.
  const byWidth = fit === 'crop' ? across * height >= down * width : across * height <= down * width;
  return byWidth
    ? [across, Math.max(1, Math.floor((across * height) / width))]
    : [Math.max(1, Math.floor((down * width) / height)), down];
}

/** The middle of a picture that is larger, or all of it in the middle of black. */
function centred(picture: Picture, width: number, height: number): Uint8Array {
  const result = new Uint8Array(width * height * COLOURS);
  const left = Math.trunc((picture.width - width) / 2);
  const top = Math.trunc((picture.height - height) / 2);
  const from = Math.max(0, left);
  const to = Math.min(picture.width, left + width);
  for (let y = Math.max(0, top); y < Math.min(picture.height, top + height); y++) {
    const row = picture.rgb.subarray((y * picture.width + from) * COLOURS, (y * picture.width + to) * COLOURS);
    result.set(row, ((y - top) * width + from - left) * COLOURS);
  }
  return result;
}
