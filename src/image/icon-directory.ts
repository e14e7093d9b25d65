// The entries of a Windows icon: one picture in several sizes, of which the largest is the picture.

export interface Icon {
  /** Its place in the file, from 0. */
  readonly index: number;
  readonly width: number;
  readonly height: number;
}

const DIRECTORY = 6;
const ENTRY = 16;
/** One byte holds a side; 0 stands for this. */
const LONGEST_SIDE = 256;

/** The largest icon, of several as large that with the most colours; undefined when the directory is cut short or empty. */
export function largestIcon(bytes: Uint8Array): Icon | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < DIRECTORY) return undefined;
  const count = Math.min(view.getUint16(4, true), Math.floor((view.byteLength - DIRECTORY) / ENTRY));
  let best: (Icon & { readonly rank: number }) | undefined;
  for (let index = 0; index < count; index++) {
    const at = DIRECTORY + index * ENTRY;
    const width = bytes[at] || LONGEST_SIDE;
    const height = bytes[at + 1] || LONGEST_SIDE;
    const rank = width * height * 64 + Math.min(view.getUint16(at + 6, true), 32);
    if (best === undefined || rank > best.rank) best = { index, width, height, rank };
  }
  return best && { index: best.index, width: best.width, height: best.height };
}
