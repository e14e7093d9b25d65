// Which characters of an old Word document are seen: runs that are hidden or deleted, and what is left between them.
// Source: [MS-DOC], sections 2.8.25 (PlcBteChpx), 2.9.33 (ChpxFkp), 2.6.1 (character properties).

/** A run of characters in the file. `wide`: two bytes a character, else one, in Windows' western set. */
export interface Piece {
  /** In characters of the whole document. */
  readonly start: number;
  readonly end: number;
  /** In bytes of the stream. */
  readonly at: number;
  readonly wide: boolean;
}

/** Half open. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

const PAGE = 512;
const DELETED = 0x0800;
const HIDDEN = 0x083c;
/** Bytes of a property's value, by the upper three bits of its name; the sixth tells its own. */
const SIZES = [1, 1, 2, 4, 2, 2, undefined, 3] as const;

/**
 * Ranges of bytes in the stream that no reader sees, ascending, apart from one another.
 *
 * @param list the table of pages on which the characters' formats stand
 */
export function unseenRanges(stream: Buffer, list: Buffer): TextRange[] {
  const ranges: TextRange[] = [];
  const count = Math.floor((list.length - 4) / 8);
  for (let index = 0; index < count; index++) {
    const page = (list.readUInt32LE(4 * (count + 1) + 4 * index) & 0x3fffff) * PAGE;
    if (page + PAGE > stream.length) continue;
    const runs = stream[page + PAGE - 1] ?? 0;
    if (4 * (runs + 1) + runs > PAGE) continue;
    for (let run = 0; run < runs; run++) {
      const properties = 2 * (stream[page + 4 * (runs + 1) + run] ?? 0);
      if (properties === 0 || !isUnseen(stream, page, properties)) continue;
      ranges.push({ start: stream.readUInt32LE(page + 4 * run), end: stream.readUInt32LE(page + 4 * (run + 1)) });
    }
  }
  return merged(ranges.filter(({ start, end }) => start < end).sort((a, b) => a.start - b.start));
}

function merged(ranges: readonly TextRange[]): TextRange[] {
  const apart: TextRange[] = [];
  for (const range of ranges) {
    const last = apart.at(-1);
    if (last === undefined || range.start > last.end) apart.push(range);
    else apart[apart.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
  }
  return apart;
}

function isUnseen(stream: Buffer, page: number, properties: number): boolean {
  const end = Math.min(page + PAGE, page + properties + 1 + (stream[page + properties] ?? 0));
  let at = page + properties + 1;
  while (at + 3 <= end) {
    const name = stream.readUInt16LE(at);
    if ((name === DELETED || name === HIDDEN) && stream[at + 2] === 1) return true;
    at += 2 + (SIZES[name >>> 13] ?? 1 + (stream[at + 2] ?? 0));
  }
  return false;
}

/** The text of a piece as far as it lies within `range` (in characters) and is seen. */
export function* visibleBytes(
  stream: Buffer,
  piece: Piece,
  range: TextRange,
  unseen: readonly TextRange[],
): Generator<string> {
  const from = Math.max(piece.start, range.start);
  const to = Math.min(piece.end, range.end);
  if (from >= to) return;
  const width = piece.wide ? 2 : 1;
  const end = Math.min(stream.length, piece.at + (to - piece.start) * width);
  let at = piece.at + (from - piece.start) * width;
  for (let index = firstEndingAfter(unseen, at); index < unseen.length; index++) {
    const hidden = unseen[index]!;
    if (hidden.start >= end) break;
    if (hidden.start > at) yield decode(stream.subarray(at, hidden.start), piece.wide);
    at = hidden.end;
  }
  if (at < end) yield decode(stream.subarray(at, end), piece.wide);
}

function firstEndingAfter(ranges: readonly TextRange[], place: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ranges[middle]!.end <= place) low = middle + 1;
    else high = middle;
  }
  return low;
}

const WESTERN = new TextDecoder('windows-1252');

function decode(bytes: Buffer, wide: boolean): string {
  return wide ? bytes.toString('utf16le') : WESTERN.decode(bytes);
}
