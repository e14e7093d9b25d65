// What the methods did on the same queries, before it is summed up.
import { SandglassError, throwIfAborted } from '../errors.ts';
import type { Method } from '../methods/method.ts';
import type { QueryMetrics } from './metrics.ts';

/** How near the original of a copy came, and how near the nearest of all the others: a stranger, were the original not there. */
export interface CopyScores {
  readonly original: number;
  readonly stranger: number;
}

/** What one method did on every query. */
export interface MethodOutcome {
  readonly method: string;
  readonly bytesPerItem: number;
  /** Median milliseconds to represent one query and find its ten nearest items. */
  readonly msPerQuery: number;
  /** One entry a query, the same order for every method. */
  readonly perQuery: readonly QueryMetrics[];
  /** Of label-free comparisons, in the same order; both −∞ where the method found nothing to compare. */
  readonly scores?: readonly CopyScores[];
  /** Queries in which the method found nothing to compare; they count zero. */
  readonly unanswered: number;
}

/** How far a protocol is; `total` counts queries (labelled) or items (label-free). */
export interface CompareProgress {
  readonly done: number;
  readonly total: number;
}

/** What every protocol takes. */
export interface ProtocolOptions {
  /** Methods over the same items. */
  readonly methods: readonly Method[];
  /** The same seed gives the same samples and copies. */
  readonly seed: number;
  /** Stops between batches with ABORTED. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: CompareProgress) => void) | undefined;
}

/** Refuses methods that cannot be compared: none, two of one name, of different kinds, or over different items. */
export function checkMethods(methods: readonly Method[]): void {
  const [first] = methods;
  if (first === undefined) throw new RangeError('Expected at least one method to compare but received none');
  if (first.items.ids.length === 0) {
    throw new SandglassError(
      'NOTHING_INDEXED',
      'Expected items to compare methods on but received none; index a folder first',
    );
  }
  const names = new Set<string>();
  const ids = Int32Array.from(first.items.ids).sort();
  for (const method of methods) {
    if (names.has(method.name)) throw new RangeError(`Expected each method once but received ${method.name} twice`);
    names.add(method.name);
    if (method.kind !== first.kind) {
      throw new RangeError(`Expected methods for ${first.kind} but received ${method.name} for ${method.kind}`);
    }
    const others = Int32Array.from(method.items.ids).sort();
    if (others.length !== ids.length || others.some((id, place) => id !== ids[place])) {
      throw new RangeError(`Expected methods over the same items but ${first.name} and ${method.name} differ`);
    }
  }
}

export function checkAborted(signal: AbortSignal | undefined): void {
  throwIfAborted(signal, 'The comparison was stopped before its end');
}
