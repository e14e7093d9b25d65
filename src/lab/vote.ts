// The vote of the nearest neighbours.

/** The class with the most votes; among classes with as many votes, the one whose nearest voter is nearest. */
export function majority(nearestFirst: readonly number[]): number | undefined {
  const votes = new Map<number, number>();
  for (const label of nearestFirst) votes.set(label, (votes.get(label) ?? 0) + 1);
  const most = Math.max(...votes.values());
  // A map keeps the order in which classes were first met.
  for (const [label, count] of votes) {
    if (count === most) return label;
  }
  return undefined;
}
