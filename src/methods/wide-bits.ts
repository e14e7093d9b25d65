// `ae-bits-wide`: two bits a number of the code. Bits of more directions find better than those of its axes alone.
import type { Encoder } from '../encoders/encoder.ts';
import { packSigns } from '../index/sign-bits.ts';
import { bitMethod } from './bits.ts';
import type { PairMethod, Ranking } from './method.ts';

export interface WideBitMethodParts {
  readonly name: string;
  readonly encoder: Pick<Encoder, 'kind' | 'dimensions' | 'encode'>;
  readonly items: Ranking;
  /** [items × dimensions], each row of length 1 or all zeros. */
  readonly codes: Float32Array;
}

/** As `ae-bits` (bits.ts), over codes made twice as wide by {@link widen}. */
export function wideBitMethod({ name, encoder, items, codes }: WideBitMethodParts): PairMethod<Float32Array> {
  const { dimensions } = encoder;
  const wide = {
    kind: encoder.kind,
    dimensions: 2 * dimensions,
    encode: async (features: Parameters<Encoder['encode']>[0]) => widen(await encoder.encode(features), dimensions),
  };
  return bitMethod({ name, encoder: wide, items, bits: packSigns(widen(codes, dimensions), 2 * dimensions) });
}

/**
 * Each code followed by its Walsh–Hadamard transform, a rotation that needs no table and no seed: every number of it is made of
 * all numbers of the code. Cosines and lengths stay as they are; of signs there are twice as many (more hyperplanes, Charikar
 * 2002, "Similarity estimation techniques from rounding algorithms"). Where the number of dimensions is no power of two, the
 * code is thought to end in zeros, and the transform is cut off.
 *
 * @param codes [rows × dimensions]
 * @returns [rows × 2 · dimensions]
 */
export function widen(codes: Float32Array, dimensions: number): Float32Array {
  const rows = codes.length / dimensions;
  if (!Number.isInteger(rows)) {
    throw new RangeError(`Expected rows of ${dimensions} numbers but received ${codes.length} in all`);
  }
  const size = 2 ** Math.ceil(Math.log2(dimensions));
  const scratch = new Float64Array(size);
  const wide = new Float32Array(2 * codes.length);
  for (let row = 0; row < rows; row++) {
    const code = codes.subarray(row * dimensions, (row + 1) * dimensions);
    scratch.fill(0);
    scratch.set(code);
    transform(scratch);
    const at = 2 * row * dimensions;
    for (let i = 0; i < dimensions; i++) {
      wide[at + i] = code[i]! * Math.SQRT1_2;
      wide[at + dimensions + i] = scratch[i]! * Math.SQRT1_2;
    }
  }
  return wide;
}

/** The fast Walsh–Hadamard transform in place, of length kept. */
function transform(values: Float64Array): void {
  const scale = 1 / Math.sqrt(values.length);
  for (let half = 1; half < values.length; half *= 2) {
    for (let start = 0; start < values.length; start += 2 * half) {
      for (let i = start; i < start + half; i++) {
        const [a, b] = [values[i]!, values[i + half]!];
        values[i] = a + b;
        values[i + half] = a - b;
      }
    }
  }
  for (let i = 0; i < values.length; i++) values[i]! *= scale;
}
