// The directories of a TIFF, as far as they tell who had better read it.

export interface TiffDirectory {
  readonly subDirectories: readonly number[];
  readonly orientation: number | undefined;
  readonly compression: number | undefined;
  /** What a sensor saw rather than a picture. */
  readonly isSensorData: boolean;
}

const TIFF = /^(?:II\*\0|MM\0\*)/;
const TAG = { compression: 259, photometric: 262, orientation: 274, subDirectories: 330, dngVersion: 50_706 };
/** Photometric interpretations of sensors: colour filter array and linear raw. */
const SENSOR_PHOTOMETRIC = new Set([32_803, 34_892]);
/** Compressions of Sony and Samsung, Nikon, Pentax. */
const SENSOR_COMPRESSION = new Set([32_767, 32_770, 34_713, 65_535]);
const OLD_JPEG = 6;
const MOST_DIRECTORIES = 16;
const MOST_ENTRIES = 1_024;
const SHORT = 3;

/**
 * Of a TIFF that sharp would misunderstand, what it is: `raw` for what cameras keep of a shot (DNG, NEF, ARW, PEF, SRW and the like),
 * `tiff` for one with JPEG as it was before 1995, of which libvips makes white without a word.
 */
export function strangeTiff(bytes: Uint8Array): 'raw' | 'tiff' | undefined {
  if (!TIFF.test(Buffer.from(bytes.subarray(0, 4)).toString('latin1'))) return undefined;
  const directories = tiffDirectories(bytes);
  if (directories.some(({ isSensorData }) => isSensorData)) return 'raw';
  return directories[0]?.compression === OLD_JPEG ? 'tiff' : undefined;
}

/** Those in the order of the file and those they refer to, each once, 16 at most. */
export function tiffDirectories(bytes: Uint8Array): TiffDirectory[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < 8) return [];
  const little = view.getUint8(0) === 0x49;
  const queue = [view.getUint32(4, little)];
  const seen = new Set<number>();
  const found: TiffDirectory[] = [];
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

function directoryAt(view: DataView, at: number, little: boolean): TiffDirectory {
  const count = Math.min(view.getUint16(at, little), MOST_ENTRIES);
  const subDirectories: number[] = [];
  let orientation: number | undefined;
  let compression: number | undefined;
  let isSensorData = false;
  for (let entry = at + 2; entry < at + 2 + count * 12 && entry + 12 <= view.byteLength; entry += 12) {
    const tag = view.getUint16(entry, little);
    const values = view.getUint32(entry + 4, little);
    const isShort = view.getUint16(entry + 2, little) === SHORT;
    const value = isShort ? view.getUint16(entry + 8, little) : view.getUint32(entry + 8, little);
    if (tag === TAG.orientation) orientation = value;
    if (tag === TAG.compression) compression = value;
    if (tag === TAG.dngVersion) isSensorData = true;
    if (tag === TAG.photometric && SENSOR_PHOTOMETRIC.has(value)) isSensorData = true;
    if (tag === TAG.compression && SENSOR_COMPRESSION.has(value)) isSensorData = true;
    if (tag !== TAG.subDirectories) continue;
    if (values === 1) subDirectories.push(value);
    for (let i = 0; values > 1 && i < Math.min(values, MOST_DIRECTORIES) && value + i * 4 + 4 <= view.byteLength; i++) {
      subDirectories.push(view.getUint32(value + i * 4, little));
    }
  }
  return { subDirectories, orientation, compression, isSensorData };
}
