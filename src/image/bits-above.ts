// Bits of a hash: which of some values are above a threshold, and the median that most hashes take for it.

/** A bit a value, the most significant of a byte first: set where the value is greater than `threshold`. */
export function bitsAbove(values: Float64Array | Uint8Array, threshold: number): Uint8Array {
  const bits = new Uint8Array(values.length / 8);
  for (let at = 0; at < values.length; at++) {
    if (values[at]! > threshold) bits[at >> 3]! |= 0x80 >> (at & 7);
  }
  return bits;
}

/** The two in the middle of an even number of values, the lower one first. */
export function middleTwo(values: Float64Array): [lower: number, upper: number] {
  const sorted = values.slice().sort();
  const half = sorted.length / 2;
  return [sorted[half - 1]!, sorted[half]!];
}

/** Of an even number of values the mean of the two in the middle, as numpy's. */
export function median(values: Float64Array): number {
  const [lower, upper] = middleTwo(values);
  return (lower + upper) / 2;
}
