// The length of codes.
import { SandglassError } from '../errors.ts';

/**
 * Scales a code to Euclidean length 1 in place; an all-zero code stays what it is.
 *
 * @param where the encoder, for errors
 * @throws SandglassError ENCODER_BROKEN when a number of it is not finite
 */
export function toUnitLength(code: Float32Array, where: string): void {
  let squares = 0;
  for (const x of code) squares += x * x;
  if (!Number.isFinite(squares)) {
    throw new SandglassError('ENCODER_BROKEN', `The encoder in ${where} gave a code that is not finite.`, {
      path: where,
    });
  }
  if (squares === 0) return;
  const scale = 1 / Math.sqrt(squares);
  for (let i = 0; i < code.length; i++) code[i] = (code[i] as number) * scale;
}
