// The labelled protocol: which method puts items of the query's class first?
import type { Feature } from '../features/feature.ts';
import type { Method } from '../methods/method.ts';
import { measure, measureUnanswered, type QueryMetrics, relevantRanks } from './metrics.ts';
import { checkAborted, checkMethods, type MethodOutcome, type ProtocolOptions } from './outcome.ts';
import type { ItemDescription } from './preview.ts';
import { RankingSorter } from './ranking.ts';
import { timeQueries } from './timing.ts';

/** A query whose class is known. */
export interface LabelledQuery {
  readonly labels: readonly string[];
  /** Set when the query is itself an item: it is left out of its own ranking. */
  readonly id?: number;
  /** The feature of the query, computed when its turn comes; `undefined` when the file cannot be read any more. */
  feature(): Promise<Feature | undefined>;
  /** What a report shows of a query from elsewhere; for an indexed item, its description is shown. */
  describe?(): Promise<ItemDescription>;
}

export interface LabelledOptions extends ProtocolOptions {
  /** The labels of the items, by id. An item without an entry is ranked and relevant to nothing. */
  readonly labels: ReadonlyMap<number, readonly string[]>;
  /** Indexed items (leave-one-out) or files from elsewhere; see {@link sample} to draw some. */
  readonly queries: readonly LabelledQuery[];
}

export interface LabelledOutcome {
  readonly protocol: 'labelled';
  readonly items: number;
  readonly seed: number;
  readonly methods: readonly MethodOutcome[];
  /** Positions in `options.queries` of the queries that were judged, one an entry of `perQuery`. */
  readonly queries: readonly number[];
  /** Queries that share no label with any other item: they have no right answer and are counted here only. */
  readonly withoutRelevant: number;
  /** Queries whose feature could not be had. */
  readonly unreadable: number;
  /**
   * Leave-one-out queries with an exact copy (the same content) among the items. Such copies stay: they are items of
   * the collection, and every method finds them first.
   */
  readonly withCopies: number;
}

const BATCH = 64;
/** Features of this many queries are kept to time the methods on. */
const TIMED_QUERIES = 40;

/**
 * Ranks all items for every query by every method; an item is relevant when it shares at least one label with the query.
 *
 * @throws {SandglassError} ABORTED, NOTHING_INDEXED.
 */
export async function runLabelled(options: LabelledOptions): Promise<LabelledOutcome> {
  const { methods, queries, labels, seed, signal, onProgress } = options;
  checkMethods(methods);
  const judges = methods.map((method) => new LabelJudge(method, labels));
  const first = judges[0]!;
  const judged: number[] = [];
  const timed: Feature[] = [];
  const timedStride = Math.max(1, Math.floor(queries.length / TIMED_QUERIES));
  let withoutRelevant = 0;
  let unreadable = 0;
  let withCopies = 0;
  for (let start = 0; start < queries.length; start += BATCH) {
    checkAborted(signal);
    const batch = queries.slice(start, start + BATCH);
    const answerable = batch.map((query) => first.countRelevant(query) > 0);
    const features = await Promise.all(batch.map((query, place) => (answerable[place] ? query.feature() : undefined)));
    const asked: { query: LabelledQuery; feature: Feature }[] = [];
    for (const [place, query] of batch.entries()) {
      const feature = features[place];
      if (!answerable[place]) withoutRelevant++;
      else if (feature === undefined) unreadable++;
      else {
        if ((start + place) % timedStride === 0) timed.push(feature);
        if (first.hasCopy(query)) withCopies++;
        judged.push(start + place);
        asked.push({ query, feature });
      }
    }
    for (const judge of judges) await judge.judge(asked);
    onProgress?.({ done: Math.min(start + BATCH, queries.length), total: queries.length });
  }
  const outcomes: MethodOutcome[] = [];
  for (const judge of judges) {
    outcomes.push({
      method: judge.method.name,
      bytesPerItem: judge.method.bytesPerItem,
      msPerQuery: await timeQueries(judge.method, timed, { queries: TIMED_QUERIES }),
      perQuery: judge.perQuery,
      unanswered: judge.unanswered,
    });
  }
  const items = first.method.items.ids.length;
  return {
    protocol: 'labelled',
    items,
    seed,
    methods: outcomes,
    queries: judged,
    withoutRelevant,
    unreadable,
    withCopies,
  };
}

/** One method with what labels mean to its rows. */
class LabelJudge {
  readonly method: Method;
  readonly perQuery: QueryMetrics[] = [];
  unanswered = 0;
  readonly #sorter: RankingSorter;
  readonly #rowOf = new Map<number, number>();
  readonly #rowsWith = new Map<string, number[]>();
  readonly #relevance: Uint8Array;
  readonly #sameContent = new Map<number, number>();

  constructor(method: Method, labels: ReadonlyMap<number, readonly string[]>) {
    this.method = method;
    this.#sorter = new RankingSorter(method.items);
    const { ids, ties } = method.items;
    this.#relevance = new Uint8Array(ids.length);
    for (const [row, id] of ids.entries()) {
      this.#rowOf.set(id, row);
      this.#sameContent.set(ties[row]!, (this.#sameContent.get(ties[row]!) ?? 0) + 1);
      for (const label of new Set(labels.get(id))) {
        const rows = this.#rowsWith.get(label);
        if (rows === undefined) this.#rowsWith.set(label, [row]);
        else rows.push(row);
      }
    }
  }

  countRelevant(query: LabelledQuery): number {
    const count = this.#mark(query, 1);
    this.#mark(query, 0);
    return count;
  }

  hasCopy(query: LabelledQuery): boolean {
    const row = this.#ownRow(query);
    return row !== undefined && this.#sameContent.get(this.method.items.ties[row]!)! > 1;
  }

  async judge(asked: readonly { query: LabelledQuery; feature: Feature }[]): Promise<void> {
    const representations = await this.method.represent(asked.map(({ feature }) => feature));
    for (const [place, { query }] of asked.entries()) {
      const representation = representations[place];
      const relevant = this.#mark(query, 1);
      if (this.method.isEmpty(representation)) {
        this.unanswered++;
        this.perQuery.push(measureUnanswered(relevant));
      } else {
        const own = this.#ownRow(query);
        const order = this.#sorter.order(this.method.scores(representation), own === undefined ? [] : [own]);
        this.perQuery.push(measure(relevantRanks(order, this.#relevance), relevant));
      }
      this.#mark(query, 0);
    }
  }

  #ownRow(query: LabelledQuery): number | undefined {
    return query.id === undefined ? undefined : this.#rowOf.get(query.id);
  }

  /** Marks the rows that share a label with the query, its own row apart, as `mark`; returns how many changed. */
  #mark(query: LabelledQuery, mark: 0 | 1): number {
    const own = this.#ownRow(query);
    let changed = 0;
    for (const label of query.labels) {
      for (const row of this.#rowsWith.get(label) ?? []) {
        if (row === own || this.#relevance[row] === mark) continue;
        this.#relevance[row] = mark;
        changed++;
      }
    }
    return changed;
  }
}
