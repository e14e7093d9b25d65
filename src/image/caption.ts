// Lines of writing as an SVG of strokes: looks like text on every machine, whatever fonts it has.

/** Capital letters as strokes in a box 4 wide and 6 high. */
const LETTERS: Readonly<Record<string, string>> = {
  A: 'M0 6L2 0L4 6M1 4H3',
  E: 'M4 0H0V6H4M0 3H3',
  F: 'M4 0H0V6M0 3H3',
  H: 'M0 0V6M4 0V6M0 3H4',
  I: 'M2 0V6',
  K: 'M0 0V6M4 0L0 3L4 6',
  L: 'M0 0V6H4',
  M: 'M0 6V0L2 3L4 0V6',
  N: 'M0 6V0L4 6V0',
  O: 'M0 0H4V6H0Z',
  P: 'M0 6V0H4V3H0',
  R: 'M0 6V0H4V3H0L4 6',
  S: 'M4 0H0V3H4V6H0',
  T: 'M0 0H4M2 0V6',
  U: 'M0 0V6H4V0',
  V: 'M0 0L2 6L4 0',
  X: 'M0 0L4 6M4 0L0 6',
  Z: 'M0 0H4L0 6H4',
};
const NAMES = Object.keys(LETTERS);
const ADVANCE = 6;
/** One place in so many is a space. */
const WORD_LENGTH = 6;

/** One line of random letters. */
export interface WrittenLine {
  /** Top left corner and height of a letter, in pixels. */
  readonly left: number;
  readonly top: number;
  readonly height: number;
  readonly letters: number;
  /** CSS colours; a line is drawn with an outline, so that it can be read on anything. */
  readonly colour: string;
  readonly outline?: string;
}

/** An SVG of the given size with lines of random letters; `random` is uniform in [0, 1). */
export function writtenLines(
  width: number,
  height: number,
  lines: readonly WrittenLine[],
  random: () => number,
): Buffer {
  const drawn = lines.map(({ left, top, height: size, letters, colour, outline }) => {
    const places = Array.from({ length: letters }, (_, place) => {
      const name = NAMES[Math.floor(random() * NAMES.length)]!;
      return random() < 1 / WORD_LENGTH ? '' : `<path d="${LETTERS[name]}" transform="translate(${place * ADVANCE})"/>`;
    }).join('');
    const strokes = (stroke: string, thickness: number) =>
      `<g fill="none" stroke="${stroke}" stroke-width="${thickness}">${places}</g>`;
    return `<g transform="translate(${left} ${top}) scale(${size / 6})">${outline ? strokes(outline, 2) : ''}${strokes(colour, 1)}</g>`;
  });
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${drawn.join('')}</svg>`,
  );
}
