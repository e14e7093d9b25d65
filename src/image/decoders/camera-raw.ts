// The preview in a camera's raw file: the JPEG that the camera made of the shot, which is what people see of it.
import { jpegSize } from '../jpeg-header.ts';

/** A JPEG within the file. It may carry an orientation of its own; else that of the raw file is put before it. */
export interface RawPreview {
  readonly jpeg: Uint8Array;
}

interface Directory {
  readonly subDirectories: readonly number[];
  readonly orientation: number | undefined;
  readonly isSensorData: boolean;
}

const TAG = { compression: 259, photometric: 262, orientation: 274, subDirectories: 330, dngVersion: 50_706 };
/** Photometric interpretations of sensors: colour filter array and linear raw. */
const SENSOR_PHOTOMETRIC = new Set([32_803, 34_892]);
/** Compressions of Sony and Samsung, Nikon, Pentax. */
const SENSOR_COMPRESSION = new Set([32_767, 32_770, 34_713, 65_535]);
const MOST_DIRECTORIES = 16;
const MOST_ENTRIES = 1_024;
const TIFF = /^(?:II\*\0|MM\0\*)/;
const SHORT = 3;
/** Candidates of a file that are looked at; a raw file has two to five. */
const MOST_PREVIEWS = 256;
const JPEG_START = Buffer.from([0xff, 0xd8, 0xff]);
const LOSSLESS = 0xc3;
const UPRIGHT = 1;

/** True for a TIFF that holds what a sensor saw rather than a picture: DNG, NEF, ARW, PEF, SRW and the like. */
export function isSensorTiff(bytes: Uint8Array): boolean {
  if (!TIFF.test(Buffer.from(bytes.subarray(0, 4)).toString('latin1'))) return false;
  return directoriesOf(viewOf(bytes), 0).some((directory) => directory.isSensorData);
}

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
  const orientation = directoriesOf(viewOf(buffer.subarray(start)), 0)[0]?.orientation ?? UPRIGHT;
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

/** Breadth first, each once, with those that they refer to. */
function directoriesOf(view: DataView, start: number): Directory[] {
  if (view.byteLength < start + 8) return [];
  const little = view.getUint8(start) === 0x49;
  const queue = [view.getUint32(start + 4, little)];
  const seen = new Set<number>();
  const found: Directory[] = [];
  for (let at = queue.shift(); at !== undefined && found.length < MOST_DIRECTORIES; at = queue.shift()) {
    if (seen.has(at) || at + 2 > view.byteLength) continue;
    seen.add(at);
    const directory = directoryAt(view, at, little);
    found.push(directory);
    const next = at + 2 + view.getUint16(at, little) * 12;
    queue.push(...directory.subDirectories);
    if (next + 4 <= view.byteLength && view.getUint32(next, little) > 0) queue.push(view.getUint32(next, little));
  }
  return found;
}

function directoryAt(view: DataView, at: number, little: boolean): Directory {
  const count = Math.min(view.getUint16(at, little), MOST_ENTRIES);
  const subDirectories: number[] = [];
  let orientation: number | undefined;
  let isSensorData = false;
  for (let entry = at + 2; entry < at + 2 + count * 12 && entry + 12 <= view.byteLength; entry += 12) {
    const tag = view.getUint16(entry, little);
    const values = view.getUint32(entry + 4, little);
    const isShort = view.getUint16(entry + 2, little) === SHORT;
    const value = isShort ? view.getUint16(entry + 8, little) : view.getUint32(entry + 8, little);
    if (tag === TAG.orientation) orientation = value;
    if (tag === TAG.dngVersion) isSensorData = true;
    if (tag === TAG.photometric && SENSOR_PHOTOMETRIC.has(value)) isSensorData = true;
    if (tag === TAG.compression && SENSOR_COMPRESSION.has(value)) isSensorData = true;
    if (tag !== TAG.subDirectories) continue;
    if (values === 1) subDirectories.push(value);
    for (let i = 0; values > 1 && i < Math.min(values, MOST_DIRECTORIES) && value + i * 4 + 4 <= view.byteLength; i++) {
      subDirectories.push(view.getUint32(value + i * 4, little));
    }
  }
  return { subDirectories, orientation, isSensorData };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
