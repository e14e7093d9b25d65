// Haar's wavelets with the very roundings of PyWavelets, in the order in which Python imagehash's `whash` applies them.

/** PyWavelets' factor: the nearest double to 1 / √2. */
const SCALE = Math.SQRT1_2;

/** One level: the coarse quarter, and the three quarters of details, each [side / 2, side / 2]. */
interface Level {
  readonly side: number;
  readonly coarse: Float64Array;
  /** Differences down, across, and both. */
  readonly down: Float64Array;
  readonly across: Float64Array;
  readonly both: Float64Array;
}

/**
 * Takes a picture apart until one coarse value is left, puts it together again without that value, and takes it apart
 * until [to, to] coarse values are left, which are the answer: `wavedec2`, `waverec2` and `wavedec2` of PyWavelets.
 *
 * @param pixels - [side, side] grey bytes; `side` and `to` are powers of 2
 */
export function haarAsReference(pixels: Uint8Array, side: number, to: number): Float64Array {
  const levels: Level[] = [];
  let coarse: Float64Array = Float64Array.from(pixels, (pixel) => pixel / 255);
  for (let size = side; size > 1; size /= 2) {
    levels.push(apart(coarse, size));
    coarse = levels.at(-1)!.coarse;
  }
  coarse = Float64Array.from(coarse, (value) => value * 0);
  for (const level of levels.toReversed()) coarse = together(coarse, level);
  for (let size = side; size > to; size /= 2) coarse = apart(coarse, size).coarse;
  return coarse;
}

function apart(values: Float64Array, side: number): Level {
  const half = side / 2;
  const [low, high] = [new Float64Array(half * side), new Float64Array(half * side)];
  for (let row = 0; row < half; row++) {
    for (let column = 0; column < side; column++) {
      const first = SCALE * values[2 * row * side + column]!;
      const second = SCALE * values[(2 * row + 1) * side + column]!;
      low[row * side + column] = second + first;
      high[row * side + column] = first - second;
    }
  }
  const [coarse, across] = pairs(low);
  const [down, both] = pairs(high);
  return { side, coarse, down, across, both };
}

/** The sums and the differences of neighbours. */
function pairs(values: Float64Array): [Float64Array, Float64Array] {
  const sums = new Float64Array(values.length / 2);
  const differences = new Float64Array(values.length / 2);
  for (let at = 0; at < sums.length; at++) {
    const first = SCALE * values[2 * at]!;
    const second = SCALE * values[2 * at + 1]!;
    sums[at] = second + first;
    differences[at] = first - second;
  }
  return [sums, differences];
}

function together(coarse: Float64Array, { side, down, across, both }: Level): Float64Array {
  const low = unpaired(coarse, across);
  const high = unpaired(down, both);
  const values = new Float64Array(side * side);
  for (let row = 0; row < side / 2; row++) {
    for (let column = 0; column < side; column++) {
      const sum = SCALE * low[row * side + column]!;
      const difference = SCALE * high[row * side + column]!;
      values[2 * row * side + column] = sum + difference;
      values[(2 * row + 1) * side + column] = sum - difference;
    }
  }
  return values;
}

function unpaired(sums: Float64Array, differences: Float64Array): Float64Array {
  const values = new Float64Array(sums.length * 2);
  for (let at = 0; at < sums.length; at++) {
    const sum = SCALE * sums[at]!;
    const difference = SCALE * differences[at]!;
    values[2 * at] = sum + difference;
    values[2 * at + 1] = sum - difference;
  }
  return values;
}
