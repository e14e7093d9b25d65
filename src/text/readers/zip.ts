// Documents that are zip archives: their entries, unpacked in memory and never beyond the limits. (The only other importer
// of yauzl reads packages of libraries.)
import { crc32, inflateRawSync } from 'node:zlib';
import type { Entry } from 'yauzl';
import { SandglassError } from '../../errors.ts';
import { brokenDocument, lockedDocument } from './document-refusals.ts';

export interface ZipArchive {
  /** Paths with `/`, in the order of the archive's directory; folders are left out. */
  readonly names: readonly string[];
  /**
   * The content of an entry; undefined when there is none of that name.
   *
   * @throws SandglassError DOCUMENT_BROKEN, DOCUMENT_ENCRYPTED, FILE_TOO_LARGE
   */
  read(name: string): Promise<Uint8Array | undefined>;
}

export interface ZipLimits {
  /** Most bytes of all entries that are read, unpacked. @default 268_435_456 */
  readonly unpackedBytes?: number;
  /** Most entries in the directory. @default 100_000 */
  readonly entries?: number;
}

const STORED = 0;
const DEFLATED = 8;
const DEFAULT_UNPACKED_BYTES = 256 << 20;
const DEFAULT_ENTRIES = 100_000;

/**
 * Opens an archive in memory: only its directory is read.
 *
 * @param name for messages
 * @throws SandglassError DOCUMENT_BROKEN when there is no readable directory, FILE_TOO_LARGE when it has too many entries
 */
export async function openZip(bytes: Uint8Array, name: string, limits: ZipLimits = {}): Promise<ZipArchive> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const most = limits.entries ?? DEFAULT_ENTRIES;
  let left = limits.unpackedBytes ?? DEFAULT_UNPACKED_BYTES;
  const { default: yauzl } = await import('yauzl');
  const broken = (cause: unknown) =>
    brokenDocument(
      name,
      cause instanceof Error ? `in its archive, ${cause.message}` : 'its archive cannot be read',
      cause,
    );

  const entries = new Map<string, Entry>();
  try {
    // Names are only looked up, never written to a disk, so odd ones do no harm.
    const zip = await yauzl.fromBufferPromise(buffer, { decodeStrings: false, validateEntrySizes: false });
    if (zip.entryCount > most) throw tooLarge(name, `${zip.entryCount} entries, of ${most} at most`);
    for await (const entry of zip.eachEntry()) {
      const path = yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
      // of two entries of one name the last counts, as it does for those who append to an archive
      if (!path.endsWith('/')) entries.set(path, entry);
    }
    return { names: [...entries.keys()], read };

    async function read(path: string): Promise<Uint8Array | undefined> {
      const entry = entries.get(path);
      if (entry === undefined) return undefined;
      if (entry.isEncrypted()) throw lockedDocument(name);
      let content: Uint8Array;
      try {
        const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
        content = unpack(buffer.subarray(fileDataStart, fileDataStart + entry.compressedSize), entry);
      } catch (error) {
        throw error instanceof SandglassError ? error : broken(error);
      }
      left -= content.length;
      return content;
    }

    function unpack(packed: Buffer, entry: Entry): Uint8Array {
      if (packed.length < entry.compressedSize) throw new Error('an entry ends beyond the file');
      if (entry.compressionMethod === STORED) {
        if (packed.length > left) throw tooLarge(name, 'too many bytes');
        return packed;
      }
      if (entry.compressionMethod !== DEFLATED) throw new Error(`compression method ${entry.compressionMethod}`);
      if (left <= 0) throw tooLarge(name, 'too many bytes');
      let content: Buffer;
      try {
        content = inflateRawSync(packed, { maxOutputLength: left });
      } catch (error) {
        throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
          ? tooLarge(name, 'too many bytes')
          : error;
      }
      if (crc32(content) !== entry.crc32) throw new Error('the checksum of an entry is wrong');
      return content;
    }
  } catch (error) {
    throw error instanceof SandglassError ? error : broken(error);
  }
}

function tooLarge(name: string, what: string): SandglassError {
  return new SandglassError('FILE_TOO_LARGE', `${name} unpacks to ${what}; it is not read.`, { path: name });
}
