// Seeded randomness of the comparison: the same seed gives the same samples, corrupted copies and intervals.

/** A uniform number in [0, 1). */
export type Random = () => number;

/** A generator (sfc32, 128 bits of state) whose stream depends on every part of the seed, in order. */
export function seededRandom(...seed: readonly (number | string)[]): Random {
  const start = fnv1a(JSON.stringify(seed));
  let a = start;
  let b = start ^ 0x9e3779b9;
  let c = start ^ 0x243f6a88;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  // The first draws still show the seed; they are thrown away.
  for (let draw = 0; draw < 15; draw++) next();
  return next;
}

/** `count` different values of `values` in random order; all of them, shuffled, when there are fewer. */
export function sample<T>(values: readonly T[], count: number, random: Random): T[] {
  const pool = [...values];
  const taken = Math.min(count, pool.length);
  for (let position = 0; position < taken; position++) {
    const other = position + Math.floor(random() * (pool.length - position));
    [pool[position], pool[other]] = [pool[other] as T, pool[position] as T];
  }
  return pool.slice(0, taken);
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash | 0;
}
