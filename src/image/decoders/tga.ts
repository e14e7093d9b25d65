// TGA, the whole of it: the libraries that read it get two of its variants wrong. Bytes in, pixels over white out.
// Truevision TGA File Format Specification, version 2.0 (1991).
import type { Picture } from '../picture.ts';
import { type TgaHeader, tgaHeader } from '../tga-header.ts';

export interface TgaPicture extends Picture {
  /** The share of its pixels that were in the file; the others are black. */
  readonly share: number;
}

const HEADER = 18;
const MAP_FIRST_AT = 3;
const MAP_DEPTH_AT = 7;
const GREY = 3;
const RIGHT_TO_LEFT = 0x10;
const TOP_DOWN = 0x20;
const ALPHA_BITS = 0x0f;
const RUN = 0x80;

/** Undefined when the header is none. */
export function decodeTga(bytes: Uint8Array): TgaPicture | undefined {
  const header = tgaHeader(bytes);
  if (header === undefined) return undefined;
  const { width, height, bytesPerPixel } = header;
  const { stored, pixels } = storedPixels(bytes, header);
  const colours = coloursOf(bytes, header, stored);
  const rgb = new Uint8Array(width * height * 3);
  const descriptor = bytes[17]!;
  for (let at = 0; at < pixels; at++) {
    const column = at % width;
    const row = (at - column) / width;
    const x = descriptor & RIGHT_TO_LEFT ? width - 1 - column : column;
    const y = descriptor & TOP_DOWN ? row : height - 1 - row;
    colours(at * bytesPerPixel, rgb, (y * width + x) * 3);
  }
  return { width, height, rgb, share: pixels / (width * height) };
}

/** As they stand in the file, runs written out, as far as they are there. */
function storedPixels(bytes: Uint8Array, { width, height, pixelsAt, bytesPerPixel, runLength }: TgaHeader) {
  const total = width * height;
  if (!runLength) {
    const stored = bytes.subarray(pixelsAt, pixelsAt + total * bytesPerPixel);
    return { stored, pixels: Math.floor(stored.length / bytesPerPixel) };
  }
  const stored = new Uint8Array(total * bytesPerPixel);
  let pixels = 0;
  for (let at = pixelsAt; pixels < total && at < bytes.length; ) {
    const packet = bytes[at++]!;
    const count = Math.min((packet & ~RUN) + 1, total - pixels);
    const start = pixels * bytesPerPixel;
    if (packet & RUN) {
      if (at + bytesPerPixel > bytes.length) break;
      for (let i = 0; i < count * bytesPerPixel; i++) stored[start + i] = bytes[at + (i % bytesPerPixel)]!;
      at += bytesPerPixel;
      pixels += count;
    } else {
      const there = Math.min(count, Math.floor((bytes.length - at) / bytesPerPixel));
      stored.set(bytes.subarray(at, at + there * bytesPerPixel), start);
      at += count * bytesPerPixel;
      pixels += there;
      if (there < count) break;
    }
  }
  return { stored, pixels };
}

type PutColour = (from: number, rgb: Uint8Array, to: number) => void;

function coloursOf(bytes: Uint8Array, { bytesPerPixel, pixelsAt }: TgaHeader, stored: Uint8Array): PutColour {
  const hasAlpha = (bytes[17]! & ALPHA_BITS) > 0;
  if (bytes[1] === 1) {
    const entry = Math.ceil(bytes[MAP_DEPTH_AT]! / 8);
    const mapAt = HEADER + bytes[0]!;
    const first = bytes[MAP_FIRST_AT]! + bytes[MAP_FIRST_AT + 1]! * 256;
    const map = bytes.subarray(mapAt, pixelsAt);
    const put = direct(map, entry, entry === 4 && hasAlpha);
    return (from, rgb, to) => {
      const index = stored[from]! + (bytesPerPixel === 2 ? stored[from + 1]! * 256 : 0) - first;
      if (index >= 0 && (index + 1) * entry <= map.length) put(index * entry, rgb, to);
    };
  }
  if ((bytes[2]! & GREY) === GREY) {
    return (from, rgb, to) => {
      const grey = overWhite(stored[from]!, bytesPerPixel === 2 ? stored[from + 1]! : 255);
      rgb[to] = grey;
      rgb[to + 1] = grey;
      rgb[to + 2] = grey;
    };
  }
  return direct(stored, bytesPerPixel, hasAlpha && bytesPerPixel === 4 && hasOpaque(stored));
}

/** Programs that know of no transparency leave its byte 0. */
function hasOpaque(stored: Uint8Array): boolean {
  for (let at = 3; at < stored.length; at += 4) if (stored[at] !== 0) return true;
  return false;
}

/** Blue, green, red; or five bits of each. The bit that is left over says different things in different programs. */
function direct(source: Uint8Array, size: number, hasAlpha: boolean): PutColour {
  if (size === 2) {
    return (from, rgb, to) => {
      const bits = source[from]! + source[from + 1]! * 256;
      for (let colour = 0; colour < 3; colour++) {
        const five = (bits >> (10 - colour * 5)) & 31;
        rgb[to + colour] = (five << 3) | (five >> 2);
      }
    };
  }
  return (from, rgb, to) => {
    const alpha = hasAlpha ? source[from + 3]! : 255;
    for (let colour = 0; colour < 3; colour++) rgb[to + colour] = overWhite(source[from + 2 - colour]!, alpha);
  };
}

function overWhite(value: number, alpha: number): number {
  return Math.round((value * alpha + 255 * (255 - alpha)) / 255);
}
