// The order in which rows are seen.
import { describe, expect, it } from '@jest/globals';
import { BatchOrder, planEpochs } from '../../src/training/epochs.ts';
import { Random } from '../../src/training/random.ts';

const plan = planEpochs(23, 5, 4);
const order = () => new BatchOrder(plan, new Random(2));
const batches = (from: BatchOrder, count: number) => Array.from({ length: count }, () => [...from.next()]);

describe('the order of rows', () => {
  it('cannot go back', () => {
    const one = order();
    one.skipTo(3);
    expect(() => one.skipTo(2)).toThrow(RangeError);
  });

  it('has no row twice in an epoch, and is another in each', () => {
    expect(plan).toMatchObject({ stepsPerEpoch: 4, steps: 16 });
    const all = batches(order(), 16);
    for (let epoch = 0; epoch < 4; epoch++) {
      const rows = all.slice(4 * epoch, 4 * epoch + 4).flat();
      expect(new Set(rows).size).toBe(20);
      expect(rows).not.toEqual(
        all
          .slice(0, 4)
          .flat()
          .slice(epoch === 0 ? 1 : 0),
      );
    }
  });

  it.each([0, 1, 3, 4, 5, 8, 15])('is the same after %i steps that were skipped', (step) => {
    const skipping = order();
    skipping.skipTo(step);
    expect(batches(skipping, 16 - step)).toEqual(batches(order(), 16).slice(step));
  });
});
