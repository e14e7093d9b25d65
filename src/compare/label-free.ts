// The label-free protocol: corrupted copies of the user's own files are asked; which method finds the original?
import { SandglassError } from '../errors.ts';
import type { Feature } from '../features/feature.ts';
import type { Method } from '../methods/method.ts';
import { measureKnownItem, type QueryMetrics } from './metrics.ts';
import { type CopyScores, checkAborted, checkMethods, type MethodOutcome, type ProtocolOptions } from './outcome.ts';
import type { Preview } from './preview.ts';
import { type Random, seededRandom } from './random.ts';
import { RankingSorter } from './ranking.ts';
import { timeQueries } from './timing.ts';

/** An original: an indexed item that copies are made of. */
export interface KnownItem {
  readonly id: number;
  /** True when no encoder under comparison was trained on it. */
  readonly heldOut: boolean;
}

/** A corrupted copy of one item. */
export interface CorruptedCopy {
  readonly feature: Feature;
  /**
   * Stands in the collection in place of the original, when the original itself would be too easy to find: the second
   * half of a document whose first half is the query.
   */
  readonly standIn?: Feature;
  /** What a report shows of the copy; asked for a few copies only. */
  preview?(): Promise<Preview>;
}

/** One way to corrupt. */
export interface CopyKind {
  readonly name: string;
  /** What kind of change it is (`crop`, `photometric`, …), to order a report by. */
  readonly family?: string;
  /** True when encoders are trained with this kind of corruption, so that they had practice the plain methods had not. */
  readonly seen: boolean;
  /**
   * A corrupted copy of the item; `undefined` when the kind does not apply (one word has no halves). A SandglassError
   * (the file vanished) is counted and the comparison goes on.
   */
  copy(item: KnownItem, random: Random): Promise<CorruptedCopy | undefined>;
}

export interface LabelFreeOptions extends ProtocolOptions {
  /** The originals; see {@link sample} to draw some. */
  readonly items: readonly KnownItem[];
  /** At least a third of them not seen in training. */
  readonly kinds: readonly CopyKind[];
}

/** One copy that was asked. */
export interface CopyQuery {
  readonly id: number;
  readonly heldOut: boolean;
  readonly kind: string;
  readonly seen: boolean;
  /** True when something else stood in for the original, see {@link CorruptedCopy.standIn}. */
  readonly standIn: boolean;
}

export interface LabelFreeOutcome {
  readonly protocol: 'label-free';
  /** How many items were ranked. */
  readonly items: number;
  readonly seed: number;
  readonly kinds: readonly { readonly name: string; readonly family?: string; readonly seen: boolean }[];
  /** What was asked, one an entry of `perQuery`. */
  readonly queries: readonly CopyQuery[];
  readonly methods: readonly MethodOutcome[];
  /** Copies that were not made because the kind does not apply to the item. */
  readonly inapplicable: number;
  /** Copies that were not made because of an error, and the first such error. */
  readonly failed: number;
  readonly firstFailure?: SandglassError;
}

/** Items whose copies are made and asked together. */
const BATCH = 16;
const TIMED_QUERIES = 40;

/** The randomness of one copy: the same for the same seed, item and kind, whatever else is compared. */
export function copyRandom(seed: number, item: KnownItem, kind: CopyKind): Random {
  return seededRandom('copy', seed, item.id, kind.name);
}

/**
 * Makes every kind of copy of every item and asks every method for the original: its rank among all items. Items with
 * the very content of the original (the same tie key) count as the original.
 *
 * @throws {SandglassError} ABORTED, NOTHING_INDEXED.
 */
export async function runLabelFree(options: LabelFreeOptions): Promise<LabelFreeOutcome> {
  const { methods, items, kinds, seed, signal, onProgress } = options;
  checkMethods(methods);
  checkKinds(kinds);
  const seekers = methods.map((method) => new OriginalSeeker(method));
  const queries: CopyQuery[] = [];
  const timed: Feature[] = [];
  const timedStride = Math.max(1, Math.floor((items.length * kinds.length) / TIMED_QUERIES));
  let inapplicable = 0;
  let failed = 0;
  let firstFailure: SandglassError | undefined;
  for (let start = 0; start < items.length; start += BATCH) {
    checkAborted(signal);
    const wanted = items.slice(start, start + BATCH).flatMap((item) => kinds.map((kind) => ({ item, kind })));
    const made = await Promise.all(wanted.map(({ item, kind }) => tryCopy(item, kind, seed)));
    const asked: { id: number; copy: CorruptedCopy }[] = [];
    for (const [place, { item, kind }] of wanted.entries()) {
      const copy = made[place];
      if (copy === undefined) inapplicable++;
      else if (copy instanceof SandglassError) {
        failed++;
        firstFailure ??= copy;
      } else {
        if (queries.length % timedStride === 0) timed.push(copy.feature);
        const standIn = copy.standIn !== undefined;
        queries.push({ id: item.id, heldOut: item.heldOut, kind: kind.name, seen: kind.seen, standIn });
        asked.push({ id: item.id, copy });
      }
    }
    for (const seeker of seekers) await seeker.seek(asked);
    onProgress?.({ done: Math.min(start + BATCH, items.length), total: items.length });
  }
  const outcomes: MethodOutcome[] = [];
  for (const { method, perQuery, scores, unanswered } of seekers) {
    const msPerQuery = await timeQueries(method, timed, { queries: TIMED_QUERIES });
    outcomes.push({ method: method.name, bytesPerItem: method.bytesPerItem, msPerQuery, perQuery, scores, unanswered });
  }
  return {
    protocol: 'label-free',
    items: methods[0]!.items.ids.length,
    seed,
    kinds: kinds.map(({ name, family, seen }) => (family === undefined ? { name, seen } : { name, family, seen })),
    queries,
    methods: outcomes,
    inapplicable,
    failed,
    ...(firstFailure === undefined ? {} : { firstFailure }),
  };
}

/** One method, asked for originals. */
class OriginalSeeker {
  readonly method: Method;
  readonly perQuery: QueryMetrics[] = [];
  readonly scores: CopyScores[] = [];
  unanswered = 0;
  readonly #sorter: RankingSorter;
  readonly #rowOf = new Map<number, number>();
  /** Rows of the same content, by tie key. */
  readonly #rowsOf = new Map<number, number[]>();

  constructor(method: Method) {
    if (!method.similarity && !method.scoresWithStandIn)
      throw new TypeError(`Expected ${method.name} to have similarity or scoresWithStandIn but it has neither`);
    this.method = method;
    this.#sorter = new RankingSorter(method.items);
    const { ids, ties } = method.items;
    for (const [row, id] of ids.entries()) {
      this.#rowOf.set(id, row);
      const rows = this.#rowsOf.get(ties[row]!);
      if (rows === undefined) this.#rowsOf.set(ties[row]!, [row]);
      else rows.push(row);
    }
  }

  async seek(asked: readonly { id: number; copy: CorruptedCopy }[]): Promise<void> {
    const standIns = asked.flatMap(({ copy }) => (copy.standIn === undefined ? [] : [copy.standIn]));
    const represented = await this.method.represent([...asked.map(({ copy }) => copy.feature), ...standIns]);
    let nextStandIn = asked.length;
    for (const [place, { id, copy }] of asked.entries()) {
      const query = represented[place];
      const standIn = copy.standIn === undefined ? undefined : represented[nextStandIn++];
      if (this.method.isEmpty(query)) {
        this.unanswered++;
        this.perQuery.push(measureKnownItem(Number.POSITIVE_INFINITY));
        this.scores.push({ original: Number.NEGATIVE_INFINITY, stranger: Number.NEGATIVE_INFINITY });
      } else this.#measure(id, query, standIn);
    }
  }

  #measure(id: number, query: unknown, standIn: unknown): void {
    const row = this.#rowOf.get(id);
    if (row === undefined) throw new RangeError(`Expected the id of an indexed item but received ${id}`);
    const originals = this.#rowsOf.get(this.method.items.ties[row]!)!;
    const scores = standIn === undefined ? this.method.scores(query) : this.#scoresWithStandIn(query, row, standIn);
    const rank =
      standIn === undefined
        ? Math.min(...originals.map((original) => this.#sorter.rankOf(scores, original)))
        : this.#sorter.rankOf(scores, row, originals);
    this.perQuery.push(measureKnownItem(rank));
    const original = standIn === undefined ? Math.max(...originals.map((each) => scores[each]!)) : scores[row]!;
    this.scores.push({ original, stranger: highestBut(scores, originals) });
  }

  #scoresWithStandIn(query: unknown, row: number, standIn: unknown): Float32Array {
    const { method } = this;
    if (method.similarity === undefined) return method.scoresWithStandIn!(query, row, standIn);
    const scores = method.scores(query).slice();
    scores[row] = method.similarity(query, standIn);
    return scores;
  }
}

function highestBut(scores: Float32Array, rows: readonly number[]): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < scores.length; row++)
    if (scores[row]! > highest && !rows.includes(row)) highest = scores[row]!;
  return highest;
}

async function tryCopy(
  item: KnownItem,
  kind: CopyKind,
  seed: number,
): Promise<CorruptedCopy | SandglassError | undefined> {
  try {
    return await kind.copy(item, copyRandom(seed, item, kind));
  } catch (thrown) {
    if (thrown instanceof SandglassError && thrown.code !== 'ABORTED') return thrown;
    throw thrown;
  }
}

function checkKinds(kinds: readonly CopyKind[]): void {
  if (new Set(kinds.map(({ name }) => name)).size !== kinds.length) {
    throw new RangeError('Expected corruption kinds of different names but received one twice');
  }
  const heldOut = kinds.filter(({ seen }) => !seen).length;
  if (heldOut * 3 < kinds.length || kinds.length === 0) {
    throw new RangeError(
      `Expected at least a third of the corruption kinds to be held out from training but received ${heldOut} of ${kinds.length}`,
    );
  }
}
