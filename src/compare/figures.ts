// From what a method did query by query to the figures of a report, with their intervals.
import { type BootstrapOptions, bootstrapMean } from './bootstrap.ts';
import { CURVE_CUTOFFS, type CUTOFFS, type QueryMetrics } from './metrics.ts';

/** Lower and upper end of a 95 % interval. */
export type Interval = readonly [low: number, high: number];

/** One figure a cut-off, keys as JSON writes them. */
export type AtCutoffs<T> = Readonly<Record<`${(typeof CUTOFFS)[number]}`, T>>;

/** Means over queries. */
export interface Figures {
  /** How many queries the means are over. */
  readonly queries: number;
  readonly precisionAt: AtCutoffs<number>;
  readonly recallAt: AtCutoffs<number>;
  /** Mean average precision. */
  readonly map: number;
  /** Mean reciprocal rank of the first relevant item. */
  readonly mrr: number;
  /** Percentile bootstrap intervals of the same figures. */
  readonly intervals: {
    readonly precisionAt: AtCutoffs<Interval>;
    readonly recallAt: AtCutoffs<Interval>;
    readonly map: Interval;
    readonly mrr: Interval;
  };
}

/** Mean precision and recall at one cut-off. */
export interface CurvePoint {
  readonly k: number;
  readonly precision: number;
  readonly recall: number;
}

/** The figures of at least one query. */
export function summarise(perQuery: readonly QueryMetrics[], options: BootstrapOptions): Figures {
  const estimate = (value: (metrics: QueryMetrics) => number): { mean: number; interval: Interval } => {
    const { mean, low, high } = bootstrapMean(perQuery.map(value), options);
    return { mean, interval: [low, high] };
  };
  const precision = eachCutoff((k) => estimate((metrics) => foundAt(metrics, k) / k));
  const recall = eachCutoff((k) => estimate((metrics) => foundAt(metrics, k) / metrics.relevant));
  const map = estimate((metrics) => metrics.averagePrecision);
  const mrr = estimate((metrics) => metrics.reciprocalRank);
  return {
    queries: perQuery.length,
    precisionAt: mapCutoffs(precision, ({ mean }) => mean),
    recallAt: mapCutoffs(recall, ({ mean }) => mean),
    map: map.mean,
    mrr: mrr.mean,
    intervals: {
      precisionAt: mapCutoffs(precision, ({ interval }) => interval),
      recallAt: mapCutoffs(recall, ({ interval }) => interval),
      map: map.interval,
      mrr: mrr.interval,
    },
  };
}

/** Mean precision and recall at every cut-off that is not beyond the number of items; no point without a query. */
export function curve(perQuery: readonly QueryMetrics[], items: number): CurvePoint[] {
  const points: CurvePoint[] = [];
  if (perQuery.length === 0) return points;
  for (const [place, k] of CURVE_CUTOFFS.entries()) {
    if (k > items) break;
    let precision = 0;
    let recall = 0;
    for (const { foundAt, relevant } of perQuery) {
      precision += foundAt[place]! / k;
      recall += foundAt[place]! / relevant;
    }
    points.push({ k, precision: precision / perQuery.length, recall: recall / perQuery.length });
  }
  return points;
}

function foundAt(metrics: QueryMetrics, k: (typeof CUTOFFS)[number]): number {
  return metrics.foundAt[CURVE_CUTOFFS.indexOf(k)]!;
}

function eachCutoff<T>(value: (k: (typeof CUTOFFS)[number]) => T): AtCutoffs<T> {
  return { '1': value(1), '10': value(10), '100': value(100) };
}

function mapCutoffs<T, U>(values: AtCutoffs<T>, change: (value: T) => U): AtCutoffs<U> {
  return { '1': change(values['1']), '10': change(values['10']), '100': change(values['100']) };
}
