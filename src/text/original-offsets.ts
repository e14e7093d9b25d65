// Where in the original text a place of the normalised text is: NFKC makes characters longer, shorter, or takes them away.

/** A piece of text that normalises on its own: a character with all that may join it from behind. */
const CLUSTER = /[\s\S](?:\p{M}|[\u1160-\u11ff\uff9e\uff9f]|\u00ad|\u200c|\u200d|\u2060|\ufeff)*/gu;
const PIECE = /\s+|\S+/g;

/** A text as words are read from it, and the way back. */
export interface NormalisedText {
  readonly text: string;
  /** The bounds in the original of `text[start, end)`: the smallest that hold all it was made of. */
  original(start: number, end: number): { start: number; end: number };
}

/**
 * Normalises a text, remembering where everything was.
 *
 * @param normalise what is done to it; must not look across white space
 */
export function normalisedWithOffsets(text: string, normalise: (text: string) => string): NormalisedText {
  const whole = normalise(text);
  if (whole === text) return { text, original: (start, end) => ({ start, end }) };
  const starts: number[] = [];
  const ends: number[] = [];
  let normal = '';
  const push = (made: string, start: number, end: number): void => {
    // One that is still of the same length may be made otherwise: of the two halves of 🄀, "0" and ".".
    const even = made === text.slice(start, end);
    for (let i = 0; i < made.length; i++) {
      starts.push(even ? start + i : start);
      ends.push(even ? start + i + 1 : end);
    }
    normal += made;
  };
  for (const { 0: piece, index } of text.matchAll(PIECE)) {
    const made = normalise(piece);
    if (made === piece) {
      push(made, index, index + piece.length);
      continue;
    }
    const clusters = Array.from(piece.matchAll(CLUSTER), (match) => ({
      made: normalise(match[0]),
      start: index + match.index,
      end: index + match.index + match[0].length,
    }));
    // clusters that do join one another after all: the whole piece is one
    if (clusters.map((cluster) => cluster.made).join('') !== made) push(made, index, index + piece.length);
    else for (const cluster of clusters) push(cluster.made, cluster.start, cluster.end);
  }
  return {
    text: normal,
    original: (start, end) => ({ start: starts[start]!, end: ends[end - 1]! }),
  };
}
