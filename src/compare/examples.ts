// Example queries side by side: what each method finds first for the same query.
import type { Feature } from '../features/feature.ts';
import type { Method } from '../methods/method.ts';
import { copyRandom, type LabelFreeOptions, type LabelFreeOutcome } from './label-free.ts';
import type { LabelledOptions, LabelledOutcome } from './labelled.ts';
import type { QueryMetrics } from './metrics.ts';
import type { MethodOutcome } from './outcome.ts';
import type { ItemDescription, Preview } from './preview.ts';
import { sample, seededRandom } from './random.ts';

export interface ExampleOptions {
  /** What to show of an item. */
  describe(id: number): Promise<ItemDescription>;
  /** How many queries to show. @default 6 */
  readonly count?: number;
  /** How many hits of each method to show. @default 5 */
  readonly hits?: number;
}

export interface ExampleHit extends ItemDescription {
  readonly score: number;
  /** The hit is the original, or shares a label with the query. */
  readonly relevant: boolean;
  /** No other method has it among the hits that are shown. */
  readonly onlyHere: boolean;
}

export interface ComparisonExample {
  /** Why this query was picked. */
  readonly why: string;
  readonly query: ItemDescription & { /** The corruption, or the labels. */ readonly note: string };
  readonly columns: readonly {
    readonly method: string;
    /** Rank of the original, or of the first relevant item, among all items; absent when it was not ranked. */
    readonly rank?: number;
    readonly hits: readonly ExampleHit[];
  }[];
}

interface PickedQuery {
  readonly place: number;
  readonly why: string;
}

interface ShownQuery extends PickedQuery {
  readonly feature: Feature;
  readonly title: string;
  readonly note: string;
  readonly preview: Preview;
  accept(method: Method, row: number): boolean;
  isRelevant(method: Method, row: number): boolean;
}

/**
 * Places of `perQuery` that tell most: a third where the first method is furthest ahead of the best of the others, a third
 * where it is furthest behind, the rest drawn at random so that the page does not show extremes only. `groupOf` names what an example is about
 * (a kind of corruption, a class); no group comes twice while there are others.
 */
export function pickQueries(
  methods: readonly MethodOutcome[],
  places: readonly number[],
  options: {
    readonly count: number;
    readonly seed: number;
    value(metrics: QueryMetrics): number;
    groupOf(place: number): string;
  },
): PickedQuery[] {
  const { value } = options;
  const [first, ...others] = methods;
  const mean = ({ perQuery }: MethodOutcome): number =>
    places.reduce((sum, place) => sum + value(perQuery[place]!), 0) / places.length;
  const second = others.sort((a, b) => mean(b) - mean(a))[0];
  const picked: PickedQuery[] = [];
  const groups = new Set<string>();
  const take = (candidates: readonly number[], many: number, why: (place: number) => string): void => {
    let left = many;
    const fresh = candidates.filter((place) => !picked.some((other) => other.place === place));
    for (const repeats of [false, true]) {
      for (const place of fresh) {
        if (left === 0) return;
        const group = options.groupOf(place);
        if ((!repeats && groups.has(group)) || picked.some((other) => other.place === place)) continue;
        groups.add(group);
        picked.push({ place, why: why(place) });
        left--;
      }
    }
  };
  if (first !== undefined && second !== undefined) {
    const third = Math.floor(options.count / 3);
    for (const [ahead, behind] of [
      [first, second],
      [second, first],
    ] as const) {
      const lead = (place: number): number => value(ahead.perQuery[place]!) - value(behind.perQuery[place]!);
      const leading = places.filter((place) => lead(place) > 0).sort((a, b) => lead(b) - lead(a) || a - b);
      take(leading, third, () => `${ahead.method} is furthest ahead of ${behind.method}`);
    }
  }
  const shuffled = sample(places, places.length, seededRandom('examples', options.seed));
  take(shuffled, options.count - picked.length, () => 'drawn at random');
  return picked;
}

/** Examples of a label-free comparison, made from the same options: corrupted copies, their originals marked. */
export async function labelFreeExamples(
  options: LabelFreeOptions,
  outcome: LabelFreeOutcome,
  show: ExampleOptions,
): Promise<ComparisonExample[]> {
  // Where a stand-in took the place of the original, the index itself shows something else.
  const places = outcome.queries.flatMap(({ standIn }, place) => (standIn ? [] : [place]));
  const picked = pickQueries(outcome.methods, places, {
    count: show.count ?? 6,
    seed: outcome.seed,
    value: ({ reciprocalRank }) => reciprocalRank,
    groupOf: (place) => outcome.queries[place]!.kind,
  });
  const shown: ShownQuery[] = [];
  for (const { place, why } of picked) {
    const asked = outcome.queries[place]!;
    const item = options.items.find(({ id }) => id === asked.id);
    const kind = options.kinds.find(({ name }) => name === asked.kind);
    if (item === undefined || kind === undefined) throw new RangeError('Expected the options that gave this outcome');
    const copy = await kind.copy(item, copyRandom(outcome.seed, item, kind));
    if (copy === undefined) continue;
    const original = await show.describe(asked.id);
    shown.push({
      place,
      why,
      feature: copy.feature,
      title: original.path,
      note: `corrupted copy: ${asked.kind}${asked.seen ? '' : ' (held out from training)'}`,
      preview: (await copy.preview?.()) ?? {},
      accept: () => true,
      isRelevant: ({ items }, row) => items.ties[row] === items.ties[items.ids.indexOf(asked.id)],
    });
  }
  return showQueries(options.methods, outcome.methods, shown, show);
}

/** Examples of a labelled comparison, made from the same options: hits that share a label with the query are marked. */
export async function labelledExamples(
  options: LabelledOptions,
  outcome: LabelledOutcome,
  show: ExampleOptions,
): Promise<ComparisonExample[]> {
  const queryAt = (place: number) => options.queries[outcome.queries[place]!]!;
  const picked = pickQueries(
    outcome.methods,
    outcome.queries.map((_, place) => place),
    {
      count: show.count ?? 6,
      seed: outcome.seed,
      value: ({ averagePrecision }) => averagePrecision,
      groupOf: (place) => queryAt(place).labels.join(', '),
    },
  );
  const shown: ShownQuery[] = [];
  for (const { place, why } of picked) {
    const query = queryAt(place);
    const feature = await query.feature();
    if (feature === undefined) continue;
    const described =
      (await query.describe?.()) ??
      (query.id === undefined ? { path: '', preview: {} } : await show.describe(query.id));
    shown.push({
      place,
      why,
      feature,
      title: described.path,
      note: `labels: ${query.labels.join(', ')}`,
      preview: described.preview,
      accept: ({ items }, row) => items.ids[row] !== query.id,
      isRelevant: ({ items }, row) =>
        options.labels.get(items.ids[row]!)?.some((label) => query.labels.includes(label)) ?? false,
    });
  }
  return showQueries(options.methods, outcome.methods, shown, show);
}

async function showQueries(
  methods: readonly Method[],
  outcomes: readonly MethodOutcome[],
  queries: readonly ShownQuery[],
  { describe, hits = 5 }: ExampleOptions,
): Promise<ComparisonExample[]> {
  const examples: ComparisonExample[] = [];
  for (const query of queries) {
    const found = await Promise.all(
      methods.map(async (method) => {
        const [representation] = await method.represent([query.feature]);
        if (method.isEmpty(representation)) return [];
        const rows = method.search(representation, hits, (row) => query.accept(method, row));
        return rows.map(({ row, score }) => ({
          id: method.items.ids[row]!,
          score,
          relevant: query.isRelevant(method, row),
        }));
      }),
    );
    const finders = new Map<number, number>();
    for (const { id } of found.flat()) finders.set(id, (finders.get(id) ?? 0) + 1);
    const columns: ComparisonExample['columns'][number][] = [];
    for (const [index, method] of methods.entries()) {
      const rank = outcomes[index]!.perQuery[query.place]!.firstRank;
      const described: ExampleHit[] = [];
      for (const { id, score, relevant } of found[index]!) {
        described.push({ ...(await describe(id)), score, relevant, onlyHere: finders.get(id) === 1 });
      }
      columns.push({ method: method.name, ...(Number.isFinite(rank) ? { rank } : {}), hits: described });
    }
    const { why, title, note, preview } = query;
    examples.push({ why, query: { path: title, note, preview }, columns });
  }
  return examples;
}
