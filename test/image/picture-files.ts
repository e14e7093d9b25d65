// Files of formats that no program at hand writes, each in its plainest form.
import type { Picture } from '../../src/image/decode.ts';

/** Photoshop: one picture, no layers, its colours one after another. */
export function photoshopFile({ width, height, rgb }: Picture): Buffer {
  const head = Buffer.alloc(26 + 12 + 2);
  head.write('8BPS\0\x01', 'latin1');
  head.writeUInt16BE(3, 12);
  head.writeUInt32BE(height, 14);
  head.writeUInt32BE(width, 18);
  head.writeUInt16BE(8, 22);
  head.writeUInt16BE(3, 24);
  const planes = [0, 1, 2].map((colour) => Buffer.from(rgb.filter((_, at) => at % 3 === colour)));
  return Buffer.concat([head, ...planes]);
}

/** QOI in which every pixel stands as it is. */
export function quiteOkFile({ width, height, rgb }: Picture): Buffer {
  const head = Buffer.alloc(14);
  head.write('qoif', 'latin1');
  head.writeUInt32BE(width, 4);
  head.writeUInt32BE(height, 8);
  head[12] = 3;
  const pixels = Array.from({ length: width * height }, (_, i) => [0xfe, ...rgb.subarray(i * 3, i * 3 + 3)]);
  return Buffer.concat([head, Buffer.from(pixels.flat()), Buffer.from([0, 0, 0, 0, 0, 0, 0, 1])]);
}

/** Radiance: for pictures of colours that are fully there or not at all. */
export function radianceFile({ width, height, rgb }: Picture): Buffer {
  const pixels = Array.from({ length: width * height }, (_, i) => {
    const light = [...rgb.subarray(i * 3, i * 3 + 3)].map((value) => (value > 127 ? 128 : 0));
    return [...light, 129];
  });
  return Buffer.concat([
    Buffer.from(`#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y ${height} +X ${width}\n`, 'latin1'),
    Buffer.from(pixels.flat()),
  ]);
}
