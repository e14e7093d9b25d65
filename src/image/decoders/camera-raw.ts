// The preview in a camera's raw file: the JPEG that the camera made of the shot, which is what people see of it.
import { jpegSize } from '../jpeg-header.ts';
import { tiffDirectories } from '../tiff-directories.ts';

/** A JPEG within the file. It may carry an orientation of its own; else that of the raw file is put before it. */
export interface RawPreview {
  readonly jpeg: Uint8Array;
}

/** Candidates of a file that are looked at; a raw file has two to five. */
const MOST_PREVIEWS = 256;
const JPEG_START = Buffer.from([0xff, 0xd8, 0xff]);
const LOSSLESS = 0xc3;
const UPRIGHT = 1;

/** The largest preview of a raw file; undefined when there is none. */
export function cameraRawPreview(bytes: Uint8Array): RawPreview | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let best: Uint8Array | undefined;
  let mostPixels = 0;
  let seen = 0;
  for (let at = buffer.indexOf(JPEG_START); at >= 0 && seen < MOST_PREVIEWS; at = buffer.indexOf(JPEG_START, at + 3)) {
    const jpeg = buffer.subarray(at);
    const size = jpegSize(jpeg);
    if (size === undefined || isLossless(jpeg)) continue;
    seen++;
    if (size.width * size.height <= mostPixels) continue;
    mostPixels = size.width * size.height;
    best = jpeg;
  }
  if (best === undefined) return undefined;
  const orientation = orientationOf(buffer);
  return { jpeg: orientation === UPRIGHT || hasExif(best) ? best : withOrientation(best, orientation) };
}

/** Raw data may be a lossless JPEG, which is no preview. */
function isLossless(jpeg: Uint8Array): boolean {
  for (let at = 2; at + 4 < jpeg.length && jpeg[at] === 0xff; at += 2 + jpeg[at + 2]! * 256 + jpeg[at + 3]!) {
    const marker = jpeg[at + 1]!;
    if (marker === LOSSLESS) return true;
    if (marker >= 0xc0 && marker <= 0xc2) return false;
  }
  return false;
}

function hasExif(jpeg: Uint8Array): boolean {
  return Buffer.from(jpeg.buffer, jpeg.byteOffset, Math.min(jpeg.length, 64)).includes('Exif\0');
}

/** Of the first directory; a CR3 keeps it in a box. */
function orientationOf(buffer: Buffer): number {
  const box = buffer.subarray(0, 65_536).indexOf('CMT1');
  const start = buffer.toString('latin1', 4, 8) === 'ftyp' && box > 0 ? box + 4 : 0;
  const orientation = tiffDirectories(buffer.subarray(start))[0]?.orientation ?? UPRIGHT;
  return orientation >= 1 && orientation <= 8 ? orientation : UPRIGHT;
}

/** The same JPEG behind an EXIF segment of this one tag. */
function withOrientation(jpeg: Uint8Array, orientation: number): Uint8Array {
  const tiff = Buffer.from('MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0', 'latin1');
  tiff.writeUInt16BE(orientation, 18);
  const segment = Buffer.concat([Buffer.from('\xff\xd8\xff\xe1\0\0Exif\0\0', 'latin1'), tiff]);
  segment.writeUInt16BE(segment.length - 4, 4);
  return Buffer.concat([segment, jpeg.subarray(2)]);
}
