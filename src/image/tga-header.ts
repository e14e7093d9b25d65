// TGA has no signature: whether its header makes sense is all there is to tell it by.

export interface TgaHeader {
  readonly width: number;
  readonly height: number;
  /** Where its pixels begin. */
  readonly pixelsAt: number;
  readonly bytesPerPixel: number;
  readonly runLength: boolean;
}

const HEADER = 18;
const RUN_LENGTH = 8;
const DEPTHS: Readonly<Record<number, readonly number[]>> = { 1: [8, 16], 2: [15, 16, 24, 32], 3: [8, 16] };

/** The header, when every field of it is one that programs write; the Truevision file format specification, version 2.0. */
export function tgaHeader(bytes: Uint8Array): TgaHeader | undefined {
  if (bytes.length <= HEADER) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hasMap = bytes[1]!;
  const type = bytes[2]! & ~RUN_LENGTH;
  const depth = bytes[16]!;
  const mapLength = view.getUint16(5, true);
  const mapDepth = bytes[7]!;
  const width = view.getUint16(12, true);
  const height = view.getUint16(14, true);
  const map = hasMap === 1 ? mapLength * Math.ceil(mapDepth / 8) : 0;
  const mapFits = hasMap === 1 ? mapLength > 0 && [15, 16, 24, 32].includes(mapDepth) : mapLength === 0;
  if (hasMap > 1 || (type === 1) !== (hasMap === 1) || !mapFits) return undefined;
  if (!DEPTHS[type]?.includes(depth) || width === 0 || height === 0 || bytes[17]! >= 64) return undefined;
  const pixelsAt = HEADER + bytes[0]! + map;
  return { width, height, pixelsAt, bytesPerPixel: Math.ceil(depth / 8), runLength: (bytes[2]! & RUN_LENGTH) !== 0 };
}

/**
 * True when a file of this size can hold its pixels, as far as that can be told: what only looks like such a header by chance
 * seldom has the right length too.
 *
 * @param size of the whole file, in bytes
 */
export function tgaFits({ width, height, pixelsAt, bytesPerPixel, runLength }: TgaHeader, size: number): boolean {
  const pixels = width * height;
  const least = runLength ? Math.ceil(pixels / 128) * (1 + bytesPerPixel) : pixels * bytesPerPixel;
  return size >= pixelsAt + least;
}
