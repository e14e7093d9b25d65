// How sure is a mean? Percentile bootstrap intervals over queries (Efron & Tibshirani 1993, chapter 13).
import { seededRandom } from './random.ts';

export interface BootstrapOptions {
  /** The same seed draws the same resamples, so that intervals can be repeated and methods are judged on equal draws. */
  readonly seed: number;
  /** How many times the queries are drawn anew. @default 1000 */
  readonly resamples?: number;
  /** Share of the resampled means that the interval holds. @default 0.95 */
  readonly level?: number;
  /**
   * Which values belong together, one number a value: queries made from the same file are not independent of one
   * another, so files are drawn, each with all its queries. @default every value stands alone
   */
  readonly clusters?: ArrayLike<number>;
}

/** A mean and the interval it lies in. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** The mean of `values` (at least one) with its percentile interval. */
export function bootstrapMean(values: ArrayLike<number>, options: BootstrapOptions): Estimate {
  const { resamples = 1000, level = 0.95 } = options;
  if (values.length === 0) throw new RangeError('Expected at least one value to take the mean of but received none');
  if (!(level > 0 && level < 1)) throw new RangeError(`Expected a level between 0 and 1 but received ${level}`);
  const { sums, counts } = totals(values, options.clusters);
  const random = seededRandom('bootstrap', options.seed);
  const means = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    let sum = 0;
    let count = 0;
    for (let draw = 0; draw < sums.length; draw++) {
      const cluster = Math.floor(random() * sums.length);
      sum += sums[cluster]!;
      count += counts[cluster]!;
    }
    means[resample] = sum / count;
  }
  means.sort();
  return {
    mean: total(sums) / total(counts),
    low: quantile(means, (1 - level) / 2),
    high: quantile(means, (1 + level) / 2),
  };
}

/**
 * The percentile interval of any figure of queries, which is computed anew for each drawing of them.
 *
 * @param queries how many there are
 * @param figure of the queries at these places, some of them several times
 */
export function bootstrapFigure(
  queries: number,
  figure: (places: Int32Array) => number,
  options: BootstrapOptions,
): Estimate {
  const { resamples = 1000, level = 0.95, seed } = options;
  const all = Int32Array.from({ length: queries }, (_, place) => place);
  const clusters = placesByCluster(all, options.clusters);
  const random = seededRandom('bootstrap', seed);
  const figures = Float64Array.from({ length: resamples }, () =>
    figure(Int32Array.from(clusters.flatMap(() => clusters[Math.floor(random() * clusters.length)]!))),
  );
  figures.sort();
  return { mean: figure(all), low: quantile(figures, (1 - level) / 2), high: quantile(figures, (1 + level) / 2) };
}

/** The mean of `a - b` over the same queries: the paired bootstrap. */
export function bootstrapDifference(a: ArrayLike<number>, b: ArrayLike<number>, options: BootstrapOptions): Estimate {
  if (a.length !== b.length) {
    throw new RangeError(`Expected two values a query but received ${a.length} and ${b.length} values`);
  }
  return bootstrapMean(
    Float64Array.from(a, (value, query) => value - b[query]!),
    options,
  );
}

/** The `share` quantile of ascending values, interpolated between neighbours (as NumPy does by default). */
export function quantile(ascending: ArrayLike<number>, share: number): number {
  const place = share * (ascending.length - 1);
  const below = Math.floor(place);
  const low = ascending[below]!;
  const high = ascending[Math.min(below + 1, ascending.length - 1)]!;
  return low + (place - below) * (high - low);
}

function placesByCluster(places: Int32Array, clusters: ArrayLike<number> | undefined): number[][] {
  if (clusters === undefined) return Array.from(places, (place) => [place]);
  const byCluster = new Map<number, number[]>();
  for (const place of places) {
    const known = byCluster.get(clusters[place]!);
    if (known === undefined) byCluster.set(clusters[place]!, [place]);
    else known.push(place);
  }
  return [...byCluster.values()];
}

function totals(values: ArrayLike<number>, clusters: ArrayLike<number> | undefined) {
  if (clusters === undefined)
    return { sums: Float64Array.from(values), counts: new Float64Array(values.length).fill(1) };
  if (clusters.length !== values.length) {
    throw new RangeError(`Expected one cluster a value but received ${clusters.length} for ${values.length} values`);
  }
  const places = new Map<number, number>();
  const sums: number[] = [];
  const counts: number[] = [];
  for (let index = 0; index < values.length; index++) {
    const cluster = clusters[index]!;
    const place = places.get(cluster) ?? sums.length;
    places.set(cluster, place);
    sums[place] = (sums[place] ?? 0) + values[index]!;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return { sums: Float64Array.from(sums), counts: Float64Array.from(counts) };
}

function total(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
