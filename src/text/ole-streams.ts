// Files of old Microsoft programs (compound files, "OLE"): the names of the streams at the top, which say what a file is.
// Source: [MS-CFB], sections 2.2 (header), 2.3 (FAT) and 2.6 (directory).

export const OLE_SIGNATURE = Buffer.from('d0cf11e0a1b11ae1', 'hex');

const ENTRY_BYTES = 128;
const NO_STREAM = 0xffffffff;
const LAST_SECTOR = 0xfffffffa;
const MOST_ENTRIES = 10_000;

/**
 * The names of the streams and storages directly under the root, not of what is embedded deeper.
 *
 * @param bytes the file or its beginning
 * @returns undefined when the directory lies beyond `bytes` or is damaged
 */
export function oleStreams(bytes: Uint8Array): Set<string> | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < 512 || !file.subarray(0, 8).equals(OLE_SIGNATURE)) return undefined;
  const shift = file.readUInt16LE(30);
  if (shift !== 9 && shift !== 12) return undefined;
  const size = 1 << shift;
  const directory = directoryOf(file, size);
  return directory === undefined ? undefined : childrenOfRoot(directory);
}

/** The directory's sectors put together, as far as they lie within the bytes. */
function directoryOf(file: Buffer, size: number): Buffer | undefined {
  const sectors: Buffer[] = [];
  let sector = file.readUInt32LE(48);
  while (sector < LAST_SECTOR && (sectors.length * size) / ENTRY_BYTES < MOST_ENTRIES) {
    const start = (sector + 1) * size;
    if (start + size > file.length) break;
    sectors.push(file.subarray(start, start + size));
    // the first 109 sectors of the table of sectors are listed in the header: enough for 6.8 MB and more
    const perSector = size / 4;
    const list = Math.floor(sector / perSector);
    if (list >= 109) break;
    const table = (file.readUInt32LE(76 + 4 * list) + 1) * size;
    const place = table + 4 * (sector % perSector);
    if (place + 4 > file.length) break;
    sector = file.readUInt32LE(place);
  }
  return sectors.length === 0 ? undefined : Buffer.concat(sectors);
}

/** Siblings stand in a binary tree; it is walked with a list of its own, each entry once. */
function childrenOfRoot(directory: Buffer): Set<string> | undefined {
  const names = new Set<string>();
  const seen = new Set<number>();
  const waiting = [directory.readUInt32LE(76)];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    if (index === NO_STREAM || seen.has(index)) continue;
    seen.add(index);
    const entry = directory.subarray(index * ENTRY_BYTES, (index + 1) * ENTRY_BYTES);
    if (entry.length < ENTRY_BYTES) continue;
    const length = Math.min(64, entry.readUInt16LE(64));
    names.add(entry.toString('utf16le', 0, Math.max(0, length - 2)));
    waiting.push(entry.readUInt32LE(68), entry.readUInt32LE(72));
  }
  return names.size === 0 ? undefined : names;
}
