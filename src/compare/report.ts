// The report of a comparison: what `sandglass compare --json` prints.
import { bootstrapDifference } from './bootstrap.ts';
import { type CurvePoint, curve, type Figures, type Interval, summarise } from './figures.ts';
import type { LabelFreeOutcome } from './label-free.ts';
import type { LabelledOutcome } from './labelled.ts';
import type { QueryMetrics } from './metrics.ts';
import { chooseDefault, type Verdict, type VerdictOptions } from './verdict.ts';

/** Figures of one kind of corruption. */
export interface KindFigures extends Figures {
  readonly kind: string;
  readonly family?: string;
  readonly seen: boolean;
}

/** Figures of one combination of what was practised in training and what was held out. */
export interface GroupFigures extends Figures {
  /** True: items that encoders were not trained on. */
  readonly heldOutItems: boolean;
  /** True: kinds of corruption that encoders were not trained with. */
  readonly heldOutKinds: boolean;
}

export interface MethodReport extends Omit<Figures, 'queries'> {
  readonly method: string;
  readonly bytesPerItem: number;
  readonly msPerQuery: number;
  /** Queries in which the method found nothing to compare; they count zero. */
  readonly unanswered: number;
  readonly curve: readonly CurvePoint[];
  /** Label-free only. */
  readonly perKind?: readonly KindFigures[];
  /** Label-free only; combinations without a query are left out. */
  readonly groups?: readonly GroupFigures[];
}

/** The result of a comparison, plain JSON. Fields may be added under the same `schema`, none changes its meaning. */
export interface ComparisonReport {
  readonly schema: 1;
  readonly protocol: 'labelled' | 'label-free';
  readonly items: number;
  /** How many queries the figures are over. */
  readonly queries: number;
  readonly methods: readonly MethodReport[];
  readonly seed: number;
  /** The result in one sentence. */
  readonly headline: string;
  /** Label-free only: which method answers by default. */
  readonly verdict?: Verdict;
  /** What was left out of the figures, by reason; zeros included. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Labelled only: leave-one-out queries with an exact copy among the items. */
  readonly withCopies?: number;
}

/** Sums up a labelled comparison. `queries` may be 0: then the figures are 0 and the headline says why. */
export function reportLabelled(outcome: LabelledOutcome): ComparisonReport {
  const { items, seed, methods } = outcome;
  const reports = methods.map(
    ({ method, bytesPerItem, msPerQuery, perQuery, unanswered }): MethodReport => ({
      method,
      bytesPerItem,
      msPerQuery,
      ...withoutCount(figures(perQuery, seed)),
      unanswered,
      curve: curve(perQuery, items),
    }),
  );
  return {
    schema: 1,
    protocol: 'labelled',
    items,
    queries: outcome.queries.length,
    methods: reports,
    seed,
    headline: labelledHeadline(outcome, reports),
    leftOut: { withoutRelevant: outcome.withoutRelevant, unreadable: outcome.unreadable },
    withCopies: outcome.withCopies,
  };
}

/** Sums up a label-free comparison; intervals are over items, each with all its copies. */
export function reportLabelFree(outcome: LabelFreeOutcome, options: VerdictOptions = {}): ComparisonReport {
  const { items, seed, methods, queries, kinds } = outcome;
  const part = (perQuery: readonly QueryMetrics[], wanted: (query: (typeof queries)[number]) => boolean): Figures => {
    const places = queries.flatMap((query, place) => (wanted(query) ? [place] : []));
    return figures(
      places.map((place) => perQuery[place]!),
      seed,
      places.map((place) => queries[place]!.id),
    );
  };
  const verdict = chooseDefault(outcome, options);
  return {
    schema: 1,
    protocol: 'label-free',
    items,
    queries: queries.length,
    methods: methods.map(
      ({ method, bytesPerItem, msPerQuery, perQuery, unanswered }): MethodReport => ({
        method,
        bytesPerItem,
        msPerQuery,
        ...withoutCount(part(perQuery, () => true)),
        unanswered,
        curve: curve(perQuery, items),
        perKind: kinds
          .map(({ name, ...kind }) => ({ kind: name, ...kind, ...part(perQuery, (query) => query.kind === name) }))
          .filter((kind) => kind.queries > 0),
        groups: [
          { heldOutItems: true, heldOutKinds: true },
          { heldOutItems: true, heldOutKinds: false },
          { heldOutItems: false, heldOutKinds: true },
          { heldOutItems: false, heldOutKinds: false },
        ]
          .map((group) => ({
            ...group,
            ...part(perQuery, ({ heldOut, seen }) => heldOut === group.heldOutItems && seen !== group.heldOutKinds),
          }))
          .filter((group) => group.queries > 0),
      }),
    ),
    seed,
    headline: verdict.sentence,
    verdict,
    leftOut: { inapplicable: outcome.inapplicable, failed: outcome.failed },
  };
}

/**
 * The table of a report, ready to print: the first row is the head, then one row a method, every cell a string.
 * A label-free report shows the share of originals found within k (recall@k) instead of precision@k.
 */
export function comparisonRows(report: ComparisonReport): string[][] {
  const known = report.protocol === 'label-free';
  const head = known
    ? ['method', 'found@1', 'found@10', 'found@100', 'MRR', '95 %', 'bytes/item', 'ms/query']
    : ['method', 'P@1', 'P@10', 'P@100', 'R@100', 'mAP', '95 %', 'MRR', 'bytes/item', 'ms/query'];
  const rows = report.methods.map((method) => {
    const share = (value: number): string => value.toFixed(3);
    const interval = ([low, high]: Interval): string => `${share(low)}–${share(high)}`;
    const found = known ? method.recallAt : method.precisionAt;
    const cost = [formatBytes(method.bytesPerItem), formatMilliseconds(method.msPerQuery)];
    return [
      method.method,
      share(found['1']),
      share(found['10']),
      share(found['100']),
      ...(known
        ? [share(method.mrr), interval(method.intervals.mrr)]
        : [share(method.recallAt['100']), share(method.map), interval(method.intervals.map), share(method.mrr)]),
      ...cost,
    ];
  });
  return [head, ...rows];
}

function formatBytes(bytes: number): string {
  return Math.round(bytes).toLocaleString('en');
}

function formatMilliseconds(milliseconds: number): string {
  return milliseconds < 10 ? milliseconds.toFixed(2) : milliseconds.toFixed(0);
}

function labelledHeadline(outcome: LabelledOutcome, reports: readonly MethodReport[]): string {
  const [first, second] = [...reports].sort((a, b) => b.map - a.map);
  if (outcome.queries.length === 0) return 'No query shares a label with an item: there is nothing to compare.';
  if (first === undefined || second === undefined) {
    return `${first?.method ?? 'No method'} alone was asked: mean average precision ${first?.map.toFixed(3) ?? '–'}.`;
  }
  const precisions = (name: string): number[] =>
    outcome.methods.find(({ method }) => method === name)!.perQuery.map((metrics) => metrics.averagePrecision);
  const { low, high } = bootstrapDifference(precisions(first.method), precisions(second.method), {
    seed: outcome.seed,
  });
  const figures =
    `mean average precision ${first.map.toFixed(3)} against ${second.map.toFixed(3)}, ` +
    `95 % interval of the difference ${low.toFixed(3)} to ${high.toFixed(3)}`;
  return low > 0
    ? `${first.method} puts items of the same class first better than ${second.method} (${figures}).`
    : `${first.method} and ${second.method} are too close to call (${figures}).`;
}

function figures(perQuery: readonly QueryMetrics[], seed: number, clusters?: readonly number[]): Figures {
  if (perQuery.length === 0) return NO_FIGURES;
  return summarise(perQuery, clusters === undefined ? { seed } : { seed, clusters });
}

function withoutCount({ queries: _, ...rest }: Figures): Omit<Figures, 'queries'> {
  return rest;
}

const NONE: Interval = [0, 0];
const NO_FIGURES: Figures = {
  queries: 0,
  precisionAt: { '1': 0, '10': 0, '100': 0 },
  recallAt: { '1': 0, '10': 0, '100': 0 },
  map: 0,
  mrr: 0,
  intervals: {
    precisionAt: { '1': NONE, '10': NONE, '100': NONE },
    recallAt: { '1': NONE, '10': NONE, '100': NONE },
    map: NONE,
    mrr: NONE,
  },
};
