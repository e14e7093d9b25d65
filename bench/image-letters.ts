// Random letters and digits in heavy strokes as an SVG: the same on every machine, whatever fonts it has.
import type { Draw } from './image-pixels.ts';

/** Capital letters and digits in a box 4 wide and 6 high. */
const GLYPHS: Readonly<Record<string, string>> = {
  A: 'M0 6V2L2 0L4 2V6M0 4H4',
  B: 'M0 0H3L4 1V2L3 3L4 4V5L3 6H0ZM0 3H3',
  C: 'M4 1L3 0H1L0 1V5L1 6H3L4 5',
  D: 'M0 0H3L4 1V5L3 6H0Z',
  E: 'M4 0H0V6H4M0 3H3',
  F: 'M4 0H0V6M0 3H3',
  G: 'M4 1L3 0H1L0 1V5L1 6H3L4 5V3H2',
  H: 'M0 0V6M4 0V6M0 3H4',
  I: 'M2 0V6',
  J: 'M4 0V5L3 6H1L0 5',
  K: 'M0 0V6M4 0L0 3L4 6',
  L: 'M0 0V6H4',
  M: 'M0 6V0L2 3L4 0V6',
  N: 'M0 6V0L4 6V0',
  O: 'M1 0H3L4 1V5L3 6H1L0 5V1Z',
  P: 'M0 6V0H3L4 1V2L3 3H0',
  Q: 'M1 0H3L4 1V5L3 6H1L0 5V1ZM2 4L4 6',
  R: 'M0 6V0H3L4 1V2L3 3H0M2 3L4 6',
  S: 'M4 1L3 0H1L0 1V2L1 3H3L4 4V5L3 6H1L0 5',
  T: 'M0 0H4M2 0V6',
  U: 'M0 0V5L1 6H3L4 5V0',
  V: 'M0 0L2 6L4 0',
  W: 'M0 0L1 6L2 3L3 6L4 0',
  X: 'M0 0L4 6M4 0L0 6',
  Y: 'M0 0L2 3L4 0M2 3V6',
  Z: 'M0 0H4L0 6H4',
  0: 'M1 0H3L4 1V5L3 6H1L0 5V1ZM1 5L3 1',
  1: 'M1 1L2 0V6M1 6H3',
  2: 'M0 1L1 0H3L4 1V2L0 6H4',
  3: 'M0 0H4L2 2L4 4V5L3 6H1L0 5',
  4: 'M3 6V0L0 4H4',
  5: 'M4 0H0V3H3L4 4V5L3 6H0',
  6: 'M4 0H1L0 1V5L1 6H3L4 5V4L3 3H0',
  7: 'M0 0H4L1 6',
  8: 'M1 0H3L4 1V2L3 3H1L0 2V1ZM1 3L0 4V5L1 6H3L4 5V4L3 3',
  9: 'M4 3H1L0 2V1L1 0H3L4 1V5L3 6H0',
};
const NAMES = Object.keys(GLYPHS);

/** Shares of the font's size, as of the heavy narrow faces that captions are set in. */
const CAPITALS = 0.79;
const ADVANCE = 0.53;
const WIDTH = 0.34;
const STROKE = 0.18;
const LINE = 1.15;
/** Pixels of black around the white strokes. */
const OUTLINE = 2;
const LINE_LENGTH = 20;

/** `count` letters in lines of 20, white with a black edge, somewhere in a picture; their size is 40 of 512 pixels of its width. */
export function lettersOver(width: number, height: number, count: number, draw: Draw): Buffer {
  const size = Math.round((40 * width) / 512);
  const lines = Math.ceil(count / LINE_LENGTH);
  const text = {
    width: (Math.min(count, LINE_LENGTH) - 1) * ADVANCE * size + (WIDTH + STROKE) * size + 2 * OUTLINE,
    height: (lines - 1) * LINE * size + (CAPITALS + STROKE) * size + 2 * OUTLINE,
  };
  const left = 1 + draw() * Math.max(0, width - text.width - 2);
  const top = 1 + draw() * Math.max(0, height - text.height - 2);
  const [scaleX, scaleY] = [(WIDTH * size) / 4, (CAPITALS * size) / 6];
  const paths = Array.from({ length: count }, (_, i) => {
    const [line, place] = [Math.floor(i / LINE_LENGTH), i % LINE_LENGTH];
    const inLine = Math.min(LINE_LENGTH, count - line * LINE_LENGTH);
    const indent = ((Math.min(count, LINE_LENGTH) - inLine) * ADVANCE * size) / 2;
    const x = left + OUTLINE + (STROKE * size) / 2 + indent + place * ADVANCE * size;
    const y = top + OUTLINE + (STROKE * size) / 2 + line * LINE * size;
    const glyph = GLYPHS[NAMES[Math.floor(draw() * NAMES.length)]!]!;
    return scaled(glyph, scaleX, scaleY, x, y);
  }).join('');
  const strokes = (colour: string, thickness: number) =>
    `<path d="${paths}" fill="none" stroke="${colour}" stroke-width="${thickness}"/>`;
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
      `${strokes('black', STROKE * size + 2 * OUTLINE)}${strokes('white', STROKE * size)}</svg>`,
  );
}

/** A path of M, L, H, V and Z, moved and stretched; the thickness of strokes stays what it is. */
function scaled(path: string, scaleX: number, scaleY: number, x: number, y: number): string {
  const at = (value: string | undefined, scale: number, offset: number) => (Number(value) * scale + offset).toFixed(2);
  return path.replaceAll(/([MLHV])(\d)(?: (\d))?/g, (_, command: string, first: string, second?: string) => {
    if (command === 'H') return `H${at(first, scaleX, x)}`;
    if (command === 'V') return `V${at(first, scaleY, y)}`;
    return `${command}${at(first, scaleX, x)} ${at(second, scaleY, y)}`;
  });
}
