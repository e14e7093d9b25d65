// Which picture format bytes are in, told by their beginning, as far as the decoder of the common formats does not tell it itself.
import { tgaHeader } from './tga-header.ts';

/** Those that the decoder of the common formats tells apart and reads itself. */
export const COMMON_FORMATS = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif', 'svg'] as const;
export type CommonFormat = (typeof COMMON_FORMATS)[number];
export type OtherFormat = 'heic' | 'jp2' | 'jxl' | 'bmp' | 'tga' | 'ppm' | 'ico' | 'psd' | 'qoi' | 'hdr' | 'raw';
/** The formats that are read. */
export type PictureFormat = CommonFormat | OtherFormat;

/** JPEG 2000 as a file and as a bare codestream, JPEG XL likewise; Photoshop; Quite OK; the raw files that are no plain TIFF. */
const SIGNATURES: readonly (readonly [format: OtherFormat, beginning: RegExp])[] = [
  ['jp2', /^\0\0\0\x0cjP {2}\r\n\x87\n|^\xff\x4f\xff\x51/],
  ['jxl', /^\0\0\0\x0cJXL \r\n\x87\n|^\xff\x0a/],
  ['psd', /^8BPS\0[\x01\x02]/],
  ['qoi', /^qoif[\s\S]{8}[\x03\x04][\0\x01]/],
  ['hdr', /^#\?(?:RADIANCE|RGBE)\n/],
  // size of the header that follows: 12 … 124 by version, and some programs are wrong about it
  ['bmp', /^BM[\s\S]{12}[\x0c-\xff]\0\0\0/],
  ['ppm', /^P[1-6]\s+(?:#[^\n]*\n\s*)*-?\d+\s+-?\d+\s|^P7\n|^P[fF]\n/],
  ['ico', /^\0\0[\x01\x02]\0[\x01-\xff]\0[\s\S]{3}\0/],
  ['raw', /^FUJIFILMCCD-RAW|^IIR[OS]|^MMOR|^IIU\0|^(?:II\*\0|MM\0\*)[\s\S]{4}CR[\s\S]|^[\s\S]{4}ftypcrx /],
];
const HEIF_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs', 'mif1', 'msf1', 'mif2']);
const AVIF_BRANDS = new Set(['avif', 'avis']);
const LOOKED_AT = 1_024;

/**
 * The format of a picture that is none of the common ones. A `heic` may still turn out to be an AVIF under a general name, and a
 * TIFF to be a camera's raw file.
 *
 * @param bytes a file, or the beginning of one
 */
export function otherFormat(bytes: Uint8Array): OtherFormat | undefined {
  const beginning = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, LOOKED_AT)).toString('latin1');
  for (const [format, pattern] of SIGNATURES) if (pattern.test(beginning)) return format;
  if (isHeif(beginning)) return 'heic';
  return tgaHeader(bytes) === undefined ? undefined : 'tga';
}

function isHeif(beginning: string): boolean {
  if (beginning.slice(4, 8) !== 'ftyp') return false;
  const end = Math.min(Buffer.from(beginning.slice(0, 4), 'latin1').readUInt32BE(0), beginning.length);
  const brands: string[] = [];
  for (let at = 8; at + 4 <= end; at += 4) if (at !== 12) brands.push(beginning.slice(at, at + 4));
  return brands.some((brand) => HEIF_BRANDS.has(brand)) && !brands.some((brand) => AVIF_BRANDS.has(brand));
}
