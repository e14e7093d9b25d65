// The beginnings and bodies of files of many kinds.
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

/** A JPEG with something to see in it. */
export async function jpeg(width = 48, height = 32): Promise<Uint8Array> {
  const rgb = Buffer.alloc(width * height * 3).map((_, i) => (i * 7 + Math.floor(i / width) * 3) % 256);
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer();
}

/** A grey PNG whose header says `width` × `height`, whatever its data holds. */
export function png(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const data = deflateSync(Buffer.alloc(1_000));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** Bytes that are nothing in particular. */
export const NOISE = Buffer.alloc(5_000).map((_, i) => (Math.imul(i + 1, 2_654_435_761) >>> 13) & 255);

export const ZIP = Buffer.from('504b0506000000000000000000000000000000000000', 'hex');
export const ELF = Buffer.concat([Buffer.from('7f454c4602010100', 'hex'), Buffer.alloc(64)]);
export const FLAC = Buffer.concat([Buffer.from('fLaC'), NOISE]);
export const PDF = '%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n';
export const RTF = '{\\rtf1\\ansi Hello}';
export const POSTSCRIPT = '%!PS-Adobe-3.0\n/Times findfont\n';
export const SVG =
  '<?xml version="1.0"?>\n<!-- drawn by hand -->\n<!DOCTYPE svg>\n' +
  '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="20" height="20" fill="red"/></svg>';

/** A text without two equal words, which is slow to count. */
export function distinctWords(count: number): string {
  const words: string[] = [];
  for (let i = 0; i < count; i++)
    words.push(`w${i.toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)]!)}`);
  return words.join(' ');
}
