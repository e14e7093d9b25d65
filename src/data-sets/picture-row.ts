// One picture file in, its row out, or the reason why there is none.
import { asSandglassError } from '../errors.ts';
import type { ErrorReport } from '../features/extract-result.ts';
import { readRegularFile } from '../files/read-file.ts';
import { decodeImage, decodeReduced } from '../image/decode.ts';
import { fitPicture, type PictureLayout } from '../image/fit-picture.ts';

export type PictureRow =
  | { readonly row: Uint8Array /** Only a part of a damaged file could be read. */; readonly partial: boolean }
  | { readonly error: ErrorReport };

/** Larger files are not read. */
const MOST_BYTES = 512_000_000;
/** Large pictures are decoded to 256 pixels a side or more, which is enough for half as many cells. */
const REDUCED_IS_ENOUGH = 128;

/** [channels, height, width] bytes of the picture at `path`. Never throws for a file. */
export async function readPictureRow(path: string, layout: PictureLayout): Promise<PictureRow> {
  try {
    const { bytes } = readRegularFile(path, () => MOST_BYTES)!;
    const decode = Math.max(layout.height, layout.width) <= REDUCED_IS_ENOUGH ? decodeReduced : decodeImage;
    const picture = await decode(bytes);
    return { row: fitPicture(picture, layout), partial: picture.partial };
  } catch (thrown) {
    return { error: asSandglassError(thrown, 'IMAGE_BROKEN', path).toJSON() };
  }
}
