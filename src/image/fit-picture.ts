// A picture averaged over as many cells as a network has inputs, in the way thumbnails are.
import { averageOverCells, planesOf } from './cell-average.ts';
import type { Picture } from './picture.ts';
import { pillowLuma } from './pillow-resample.ts';

/** What a network sees of a picture. */
export interface PictureLayout {
  /** 1 for grey, 3 for red, green and blue. */
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
}

/** [n²] and [1, height, width] are grey, [3, height, width] is colour; undefined for what is no picture. */
export function pictureLayout(shape: readonly number[]): PictureLayout | undefined {
  const [first, height, width] = shape;
  if (shape.length === 3 && (first === 1 || first === 3)) return { channels: first, height: height!, width: width! };
  const side = Math.sqrt(first!);
  return shape.length === 1 && Number.isInteger(side) ? { channels: 1, height: side, width: side } : undefined;
}

/**
 * The whole picture, aspect not kept, averaged over `height` × `width` cells, see {@link averageOverCells}. For
 * [3, 64, 64] these are the bytes of `thumbnail`. Grey is the luma of the averaged colours.
 *
 * @returns [channels, height, width] bytes
 */
export function fitPicture({ rgb, width, height }: Picture, layout: PictureLayout): Uint8Array {
  const fitted = averageOverCells(rgb, width, height, layout.width, layout.height);
  return layout.channels === 1 ? pillowLuma(fitted) : planesOf(fitted);
}
