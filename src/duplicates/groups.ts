// Pairs become groups in which every two belong together: never a chain of neighbours.

/** Two rows and how far apart they are. */
export interface DistantPair {
  readonly a: number;
  readonly b: number;
  readonly distance: number;
}

export interface Group {
  /** At least two, rising. */
  readonly rows: readonly number[];
  /** The largest distance within the group; at most the limit. */
  readonly diameter: number;
}

/**
 * Groups of bounded diameter: every two rows of a group are a given pair whose distance is at most `limit`. Complete-linkage
 * clustering (Sørensen 1948): the nearest two groups become one as long as all pairs between them are near enough. A pair that
 * is not given counts as too far, so that A ~ B and B ~ C alone never put A and C into one group.
 *
 * @param count rows are 0 … count − 1
 * @returns groups ordered by their first row; the same for the same pairs in any order
 */
export function groupsOf(count: number, pairs: readonly DistantPair[], limit: number): Group[] {
  const near = pairs
    .filter(({ a, b, distance }) => a !== b && distance <= limit)
    .map(({ a, b, distance }) => (a < b ? { a, b, distance } : { a: b, b: a, distance }))
    .sort((one, other) => one.distance - other.distance || one.a - other.a || one.b - other.b);
  const distances = new Map<number, number>();
  for (const { a, b, distance } of near) if (!distances.has(a * count + b)) distances.set(a * count + b, distance);
  const groupOf = new Map<number, GrowingGroup>();
  // Nearest pairs first: when a pair comes, all nearer ones have been tried.
  for (const { a, b } of near) {
    const [one, other] = [groupOf.get(a) ?? alone(a), groupOf.get(b) ?? alone(b)];
    if (one === other) continue;
    const diameter = joinedDiameter(one, other, distances, count);
    if (diameter === undefined) continue;
    const joined = { rows: [...one.rows, ...other.rows], diameter };
    for (const row of joined.rows) groupOf.set(row, joined);
  }
  return [...new Set(groupOf.values())]
    .map(({ rows, diameter }) => ({ rows: rows.toSorted((a, b) => a - b), diameter }))
    .sort((one, other) => one.rows[0]! - other.rows[0]!);
}

interface GrowingGroup {
  readonly rows: readonly number[];
  readonly diameter: number;
}

function alone(row: number): GrowingGroup {
  return { rows: [row], diameter: 0 };
}

/** The largest distance of the two groups together; undefined when two of their rows are no pair. */
function joinedDiameter(
  one: GrowingGroup,
  other: GrowingGroup,
  distances: ReadonlyMap<number, number>,
  count: number,
): number | undefined {
  let diameter = Math.max(one.diameter, other.diameter);
  for (const a of one.rows) {
    for (const b of other.rows) {
      const distance = distances.get(a < b ? a * count + b : b * count + a);
      if (distance === undefined) return undefined;
      diameter = Math.max(diameter, distance);
    }
  }
  return diameter;
}
