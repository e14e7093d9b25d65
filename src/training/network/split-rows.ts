// Which rows are trained on and which are held out for validation.
import { SandglassError } from '../../errors.ts';
import type { Random } from '../random.ts';
import { EVALUATION_BLOCK } from './evaluation.ts';
import type { Recipe } from './recipe.ts';

/** Row numbers, rising. */
export interface RowSplit {
  readonly training: Uint32Array;
  /** Whole blocks of an evaluation. */
  readonly validation: Uint32Array;
}

/** Fewer rows than this are nothing to learn from. */
const FEWEST_ROWS = 2;

/**
 * Holds out the recipe's share of `count` rows, drawn at random.
 *
 * @throws SandglassError TRAINING_TOO_SMALL when too few are left to train on, or none to validate with
 */
export function splitRows({ validation }: Recipe, count: number, random: Random): RowSplit {
  const order = random.permutation(count);
  const wanted = Math.floor(count * validation.share);
  const block = Math.min(EVALUATION_BLOCK, Math.max(1, wanted));
  const held = wanted - (wanted % block);
  if (count - held < FEWEST_ROWS) {
    throw new SandglassError(
      'TRAINING_TOO_SMALL',
      `Expected at least ${FEWEST_ROWS} rows to train on but ${count - held} of ${count} are left` +
        `${held > 0 ? ` beside ${held} for validation` : ''}.`,
    );
  }
  if (validation.share > 0 && held === 0) {
    throw new SandglassError(
      'TRAINING_TOO_SMALL',
      `Expected at least one row for validation but ${validation.share} of ${count} rows are none; ` +
        'give more data or a validation share of 0.',
    );
  }
  return { training: order.slice(held).sort(), validation: order.slice(0, held).sort() };
}
