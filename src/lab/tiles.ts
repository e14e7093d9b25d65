// Lays small pictures out on one large one.
import type { Picture } from '../image/decode.ts';

/** Pictures of one size, one after the other. */
export interface Tiles {
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
  /** [pictures, channels, height, width] */
  readonly values: Uint8Array;
}

export interface TileLayout {
  readonly columns: number;
  readonly scale?: number | undefined;
  /** Grey of the gaps. @default 128, seen on white paper and on a dark page, and no pixel of a digit */
  readonly gapGrey?: number;
}

/** Between pictures, in pixels of the sheet; the frame is as wide. */
const GAP = 2;
/** Between blocks of lines that belong together. */
const BLOCK_GAP = 10;
/** A picture whose longer side is a third of this is enlarged three times. */
const READABLE = 96;
const MOST_SCALE = 3;

/** Lines of tiles, a line a band, block under block; all bands have as many tiles of one size. */
export function drawTiles(bands: readonly Tiles[], { columns, scale: wanted, gapGrey = 128 }: TileLayout): Picture {
  const { channels, height: h, width: w, values } = bands[0]!;
  const size = channels * h * w;
  const count = values.length / size;
  const scale = wanted ?? Math.min(Math.max(Math.floor(READABLE / Math.max(h, w)), 1), MOST_SCALE);
  if (!(Number.isInteger(columns) && columns > 0 && Number.isInteger(scale) && scale > 0)) {
    throw new RangeError(`Expected columns and scale of 1 or more but received ${columns} and ${scale}.`);
  }
  const across = Math.min(columns, count);
  const blocks = Math.ceil(count / columns);
  const [stepX, stepY] = [w * scale + GAP, h * scale + GAP];
  const blockStep = bands.length * stepY + (bands.length > 1 ? BLOCK_GAP - GAP : 0);
  const width = across * stepX + GAP;
  const height = (blocks - 1) * blockStep + bands.length * stepY + GAP;
  const rgb = new Uint8Array(width * height * 3).fill(gapGrey);
  for (const [line, band] of bands.entries()) {
    for (let tile = 0; tile < count; tile++) {
      const left = GAP + (tile % columns) * stepX;
      const top = GAP + Math.floor(tile / columns) * blockStep + line * stepY;
      for (let y = 0; y < h * scale; y++) {
        for (let x = 0; x < w * scale; x++) {
          const from = tile * size + Math.floor(y / scale) * w + Math.floor(x / scale);
          const to = ((top + y) * width + left + x) * 3;
          for (let colour = 0; colour < 3; colour++) {
            rgb[to + colour] = band.values[from + (channels === 3 ? colour * h * w : 0)]!;
          }
        }
      }
    }
  }
  return { width, height, rgb };
}
