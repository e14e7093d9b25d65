// Whether a GIF is there to its end: its decoder takes what is missing for the end, without a word.

const GIF = /^GIF8[79]a/;
const SCREEN_END = 13;
const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
/** What follows an extension's sign: its label. An image's: place, size, flags. */
const LABEL = 1;
const DESCRIPTOR = 9;
/** How long the codes of an image are at first. */
const CODE_SIZE = 1;

/**
 * False for a GIF whose blocks do not lead to its trailer, as where a download stopped; true for every other file. Only the lengths of
 * blocks are looked at (GIF89a specification, W3C 1990).
 */
export function reachesItsEnd(bytes: Uint8Array): boolean {
  if (!GIF.test(Buffer.from(bytes.subarray(0, 6)).toString('latin1'))) return true;
  let at = SCREEN_END + colourTableSize(bytes[10]);
  for (;;) {
    const sign = bytes[at];
    if (sign === TRAILER) return true;
    if (sign === EXTENSION) at = afterSubBlocks(bytes, at + 1 + LABEL);
    else if (sign === IMAGE)
      at = afterSubBlocks(bytes, at + 1 + DESCRIPTOR + colourTableSize(bytes[at + DESCRIPTOR]) + CODE_SIZE);
    else return false;
  }
}

/** In bytes, told by the flags of a screen or an image. */
function colourTableSize(flags = 0): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** Where the block ends whose parts begin here: each part with its length, the last with none. Beyond the file where it has no end. */
function afterSubBlocks(bytes: Uint8Array, first: number): number {
  let at = first;
  while (at < bytes.length && bytes[at] !== 0) at += 1 + bytes[at]!;
  return at + 1;
}
