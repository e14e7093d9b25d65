import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FaultWorld, OPERATIONS, randomFrom } from './rounds.ts';

const world = new FaultWorld();
const random = randomFrom(Date.now());

beforeAll(() => world.make(), 60_000);
afterAll(() => world.remove());

describe('A process that is killed at a random moment leaves an index that is whole or can be repaired', () => {
  it.each(OPERATIONS)(
    'while it does %s',
    async (operation) => {
      const { broken, after } = await world.round(operation, random);
      expect({ after, broken }).toEqual({ after, broken: [] });
    },
    120_000,
  );
});
