// What damaging a text asks of random numbers; the caller brings the seeded generator.

/** Returns numbers in [0, 1), the same ones for the same seed. */
export type Random = () => number;

/** A whole number in [0, below). */
export function randomInteger(random: Random, below: number): number {
  return Math.floor(random() * below);
}

/** The items in random order (Fisher–Yates), as a new array. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = randomInteger(random, i + 1);
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}
