// The size of a picture from its header alone, for formats whose decoder would rather read it all.
import type { StoredSize } from './jpeg-header.ts';
import { tgaHeader } from './tga-header.ts';

const LOOKED_AT = 4_096;
const OS2_HEADER = 12;

/** As stored; undefined where the header is cut short, out of the ordinary, or of a format that is not known here. */
export function storedSize(bytes: Uint8Array, format: string): StoredSize | undefined {
  try {
    return READERS[format]?.(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const READERS: Readonly<Record<string, (bytes: Buffer) => StoredSize | undefined>> = {
  bmp: (bytes) =>
    bytes.readUInt32LE(14) === OS2_HEADER
      ? { width: bytes.readUInt16LE(18), height: bytes.readUInt16LE(20) }
      : { width: bytes.readInt32LE(18), height: Math.abs(bytes.readInt32LE(22)) },
  tga: (bytes) => tgaHeader(bytes),
  qoi: (bytes) => ({ width: bytes.readUInt32BE(4), height: bytes.readUInt32BE(8) }),
  psd: (bytes) => ({ width: bytes.readUInt32BE(18), height: bytes.readUInt32BE(14) }),
  ppm: netpbm,
  hdr(bytes) {
    const found = /\n[-+]Y (\d+) [-+]X (\d+)\n/.exec(bytes.toString('latin1', 0, LOOKED_AT));
    return found ? { width: Number(found[2]), height: Number(found[1]) } : undefined;
  },
  jp2(bytes) {
    const at = bytes.subarray(0, LOOKED_AT).indexOf(Buffer.from([0xff, 0x4f, 0xff, 0x51]));
    if (at < 0) return undefined;
    const [width, height] = [8, 12].map((field) => bytes.readUInt32BE(at + field) - bytes.readUInt32BE(at + field + 8));
    return { width: width!, height: height! };
  },
};

function netpbm(bytes: Buffer): StoredSize | undefined {
  const header = bytes.toString('latin1', 0, LOOKED_AT);
  const named = /^P7\n/.test(header);
  const width = named ? /\nWIDTH (\d+)\n/.exec(header)?.[1] : undefined;
  const height = named ? /\nHEIGHT (\d+)\n/.exec(header)?.[1] : undefined;
  if (width !== undefined && height !== undefined) return { width: Number(width), height: Number(height) };
  const plain = /^P[1-6fF]\s+(?:#[^\n]*\n\s*)*(-?\d+)\s+(?:#[^\n]*\n\s*)*(-?\d+)\s/.exec(header);
  return plain ? { width: Number(plain[1]), height: Number(plain[2]) } : undefined;
}
