// The size of a JPEG, read from its frame header alone: a folder of photos need not be opened twice.

/** As stored, before any EXIF orientation. */
export interface StoredSize {
  readonly width: number;
  readonly height: number;
}

/** The size in the first frame header of a JPEG; undefined when the bytes are no JPEG or its header is out of the ordinary. */
export function jpegSize(bytes: Uint8Array): StoredSize | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
    } else if (isFrameHeader(marker)) {
      const height = bytes[at + 5]! * 256 + bytes[at + 6]!;
      const width = bytes[at + 7]! * 256 + bytes[at + 8]!;
      return width > 0 && height > 0 ? { width, height } : undefined;
    } else if (marker >= 0xc0 && marker !== 0xd8 && marker !== 0xd9 && marker !== 0xda && !isRestart(marker)) {
      const length = bytes[at + 2]! * 256 + bytes[at + 3]!;
      if (length < 2) return undefined;
      at += 2 + length;
    } else {
      return undefined;
    }
  }
  return undefined;
}

/** SOF0 … SOF15 without DHT (c4), JPG (c8) and DAC (cc), which share their range. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function isRestart(marker: number): boolean {
  return marker >= 0xd0 && marker <= 0xd7;
}
