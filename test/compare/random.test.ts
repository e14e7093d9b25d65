// Seeded randomness.
import { expect, test } from '@jest/globals';
import { sample, seededRandom } from '../../src/compare/random.ts';

test('the same seed gives the same stream; every part of the seed matters, in its order', () => {
  const draws = (...seed: (number | string)[]) => {
    const random = seededRandom(...seed);
    return [random(), random(), random()];
  };
  expect(draws(1, 'a')).toEqual(draws(1, 'a'));
  expect(draws(1, 'a')).not.toEqual(draws(2, 'a'));
  expect(draws(1, 'a')).not.toEqual(draws('a', 1));
  expect(draws(1, 23)).not.toEqual(draws(12, 3));
});

test('numbers are uniform: each tenth of the range holds about a tenth of them', () => {
  const random = seededRandom(5);
  const counts = new Array<number>(10).fill(0);
  for (let draw = 0; draw < 100_000; draw++) counts[Math.floor(random() * 10)]!++;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
});

test('a sample holds different values of the list and is repeatable', () => {
  const values = Array.from({ length: 50 }, (_, index) => index);
  const drawn = sample(values, 10, seededRandom(1));
  expect(new Set(drawn).size).toBe(10);
  expect(drawn).toEqual(sample(values, 10, seededRandom(1)));
  expect(drawn).not.toEqual(sample(values, 10, seededRandom(2)));
  expect(sample([1, 2], 10, seededRandom(1)).sort()).toEqual([1, 2]);
});
