// What a de-noising network is shown in training, made outside of training: for pictures of it and to measure with.
import { Random } from '../random.ts';
import { isCorruption } from './layer-specs.ts';
import type { Recipe } from './recipe.ts';

/** True when the encoder begins with layers that corrupt its input. */
export function corruptsInput({ encoder }: Recipe): boolean {
  return encoder[0] !== undefined && isCorruption(encoder[0].kind);
}

/**
 * Values with the corruption that the encoder begins with: masked, noisy. The noise is drawn by another generator than in
 * training, from the same distribution.
 *
 * @param values pixels in 0…1
 */
export function corruptValues({ encoder }: Recipe, values: Float32Array, seed: number): Float32Array {
  const random = new Random(seed);
  const corrupted = values.slice();
  for (const spec of encoder) {
    if (spec.kind === 'noise') {
      for (let i = 0; i < corrupted.length; i++) corrupted[i]! += spec.deviation * random.normal();
    } else if (spec.kind === 'mask' || spec.kind === 'dropout') {
      const scale = spec.kind === 'dropout' ? 1 / (1 - spec.probability) : 1;
      for (let i = 0; i < corrupted.length; i++) corrupted[i]! *= random.chance(spec.probability) ? 0 : scale;
    } else break;
  }
  return corrupted;
}
