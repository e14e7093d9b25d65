// Codes that lie around some points, as trained ones do.
import { Random } from '../dist/training/random.js';

/** Numbers of a code. */
export const SCAN_FLOATS = 64;

const CENTRES = 1_000;
const SPREAD = 0.5;

/** Draws `count` codes of length 1, the same for a seed. */
export function drawnFloats(seed: number, count: number): Float32Array {
  const codes = new Float32Array(count * SCAN_FLOATS);
  floatDrawer(seed)(codes);
  return codes;
}

/** Draws codes of length 1 into what it is called with, going on where it was: the same in parts as at once. */
export function floatDrawer(seed: number): (codes: Float32Array) => void {
  const random = new Random(seed);
  const centres = Float32Array.from({ length: CENTRES * SCAN_FLOATS }, () => random.normal());
  return (codes) => {
    for (let start = 0; start < codes.length; start += SCAN_FLOATS) {
      const centre = Math.floor(random.uniform() * CENTRES) * SCAN_FLOATS;
      let squares = 0;
      for (let i = 0; i < SCAN_FLOATS; i++) {
        const value = centres[centre + i]! + SPREAD * random.normal();
        codes[start + i] = value;
        squares += value * value;
      }
      const scale = 1 / Math.sqrt(squares);
      for (let i = 0; i < SCAN_FLOATS; i++) codes[start + i]! *= scale;
    }
  };
}
