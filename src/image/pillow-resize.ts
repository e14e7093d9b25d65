// Pictures in colours resized as Pillow does, bit for bit.
import type { Picture } from './picture.ts';
import { type PillowKernel, pillowPlane } from './pillow-resample.ts';

/** The kernels of Pillow's `Resampling`. */
export type ResizeKernel = PillowKernel | 'nearest';

const COLOURS = 3;

/** What Pillow's `resize((width, height), kernel)` makes of a picture of mode RGB. */
export function pillowResize(picture: Picture, width: number, height: number, kernel: ResizeKernel): Picture {
  if (width === picture.width && height === picture.height) return picture;
  const rgb = kernel === 'nearest' ? nearest(picture, width, height) : filtered(picture, width, height, kernel);
  return { width, height, rgb };
}

function nearest({ rgb, width, height }: Picture, outWidth: number, outHeight: number): Uint8Array {
  const result = new Uint8Array(outWidth * outHeight * COLOURS);
  const columns = nearestSamples(width, outWidth);
  let to = 0;
  for (const row of nearestSamples(height, outHeight)) {
    for (const column of columns) {
      const from = (row * width + column) * COLOURS;
      for (let colour = 0; colour < COLOURS; colour++) result[to++] = rgb[from + colour]!;
    }
  }
  return result;
}

/** Steps are added up, as Pillow does: their rounding decides where a sample lies between two. */
function nearestSamples(size: number, outSize: number): Int32Array {
  const step = size / outSize;
  let at = step / 2;
  return new Int32Array(outSize).map(() => {
    const sample = Math.trunc(at);
    at += step;
    return sample;
  });
}

function filtered(
  { rgb, width, height }: Picture,
  outWidth: number,
  outHeight: number,
  kernel: PillowKernel,
): Uint8Array {
  const result = new Uint8Array(outWidth * outHeight * COLOURS);
  const plane = new Uint8Array(width * height);
  for (let colour = 0; colour < COLOURS; colour++) {
    for (let pixel = 0, at = colour; pixel < plane.length; pixel++, at += COLOURS) plane[pixel] = rgb[at]!;
    const resized = pillowPlane(plane, width, height, outWidth, outHeight, kernel);
    for (let pixel = 0, at = colour; pixel < resized.length; pixel++, at += COLOURS) result[at] = resized[pixel]!;
  }
  return result;
}
