// The bytes of a picture that was looked at before.
import { SandglassError } from '../errors.ts';
import { readRegularFile } from '../files/read-file.ts';
import type { PictureSource } from '../image/picture-source.ts';

/** Largest picture file, in bytes. */
export const MOST_PICTURE_BYTES = 512_000_000;

/** @throws SandglassError FILE_VANISHED, FILE_UNREADABLE, FILE_TOO_LARGE, and FILE_CHANGED when its content is another one now */
export function readPicture(source: PictureSource): Uint8Array {
  if ('bytes' in source) return source.bytes;
  const content = readRegularFile(source.path, () => MOST_PICTURE_BYTES)!;
  if (content.hash === source.hash) return content.bytes;
  throw new SandglassError('FILE_CHANGED', 'The file is not what it was when it was looked at before.', {
    path: source.path,
  });
}
