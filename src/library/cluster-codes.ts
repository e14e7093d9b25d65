// Clusters of codes: k-means on the unit sphere, where the cosine is what tells codes apart.
import { dotScores } from '../index/exact.ts';

export interface CodeClusters {
  /** [clusters × dimensions], each of length 1. */
  readonly centres: Float32Array;
  /** The cluster of each code. */
  readonly clusterOf: Int32Array;
}

const MOST_ROUNDS = 50;

/**
 * Spherical k-means (Dhillon & Modha, "Concept decompositions for large sparse text data using clustering", 2001), begun
 * with codes far from each other (k-means++, Arthur & Vassilvitskii, 2007). No cluster is empty, so there may be fewer.
 *
 * @param codes [rows × dimensions], each of length 1
 * @param random numbers from 0 to below 1
 */
export function clusterCodes(
  codes: Float32Array,
  dimensions: number,
  count: number,
  random: () => number,
): CodeClusters {
  const rows = codes.length / dimensions;
  let centres = firstCentres(codes, dimensions, Math.min(count, rows), random);
  let clusterOf = nearestCentres(codes, dimensions, centres);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    centres = meansOf(codes, dimensions, clusterOf, centres.length / dimensions);
    const next = nearestCentres(codes, dimensions, centres);
    const isSettled = next.every((cluster, row) => cluster === clusterOf[row]);
    clusterOf = next;
    if (isSettled) break;
  }
  return { centres, clusterOf };
}

/** The centre most like each code. */
export function nearestCentres(codes: Float32Array, dimensions: number, centres: Float32Array): Int32Array {
  const nearest = new Int32Array(codes.length / dimensions);
  const best = new Float32Array(nearest.length).fill(Number.NEGATIVE_INFINITY);
  for (let cluster = 0; cluster < centres.length / dimensions; cluster++) {
    const scores = dotScores(codes, centres.subarray(cluster * dimensions, (cluster + 1) * dimensions));
    for (let row = 0; row < scores.length; row++) {
      if (!(scores[row]! > best[row]!)) continue;
      best[row] = scores[row]!;
      nearest[row] = cluster;
    }
  }
  return nearest;
}

function firstCentres(codes: Float32Array, dimensions: number, count: number, random: () => number): Float32Array {
  const rows = codes.length / dimensions;
  const centres: number[] = [];
  const distances = new Float64Array(rows).fill(2);
  let chosen = Math.floor(random() * rows);
  while (centres.length < count * dimensions) {
    const centre = codes.subarray(chosen * dimensions, (chosen + 1) * dimensions);
    centres.push(...centre);
    const scores = dotScores(codes, centre);
    let total = 0;
    for (let row = 0; row < rows; row++) {
      distances[row] = Math.min(distances[row]!, Math.max(0, 1 - scores[row]!));
      total += distances[row]!;
    }
    // All that is left is equal to a centre.
    if (total <= Number.EPSILON * rows) break;
    let left = random() * total;
    for (chosen = 0; chosen < rows - 1 && left >= distances[chosen]!; chosen++) left -= distances[chosen]!;
  }
  return Float32Array.from(centres);
}

/** The directions of the clusters' means; those of clusters without a code are left out. */
function meansOf(codes: Float32Array, dimensions: number, clusterOf: Int32Array, count: number): Float32Array {
  const sums = new Float64Array(count * dimensions);
  for (let i = 0; i < codes.length; i++)
    sums[clusterOf[Math.floor(i / dimensions)]! * dimensions + (i % dimensions)]! += codes[i]!;
  const centres: number[] = [];
  for (let cluster = 0; cluster < count; cluster++) {
    const sum = sums.subarray(cluster * dimensions, (cluster + 1) * dimensions);
    const length = Math.hypot(...sum);
    if (length > 0) for (const value of sum) centres.push(value / length);
  }
  return Float32Array.from(centres);
}
