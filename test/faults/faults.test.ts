import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OPERATIONS } from './operations.ts';
import { FaultWorld, randomFrom } from './rounds.ts';

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

describe('Eight processes that read and write one index at once', () => {
  it('all come to their end, and leave it whole', async () => {
    expect(await world.storm(random)).toMatchObject({ wrong: [], broken: [] });
  }, 120_000);
});

describe('A bit that is another than it was', () => {
  it.each(['catalog.sqlite', 'codes/', 'hnsw/', 'encoders/', 'checks.jsonl'])(
    'in %s leaves an index that can be repaired',
    async (place) => {
      const files = world.indexFiles.filter((path) => path.startsWith(place));
      expect(files.length).toBeGreaterThan(0);
      const flip = await world.flip(files[Math.floor(random() * files.length)]!, random);
      // What SQLite does not notice may be a letter of a title.
      if (place !== 'catalog.sqlite') expect(flip).toMatchObject({ broken: [] });
      if (place !== 'catalog.sqlite') expect(flip.asked).not.toBe('wrong');
    },
    120_000,
  );
});
