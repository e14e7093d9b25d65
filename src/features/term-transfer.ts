// Terms on their way between threads: each thread sends a term as text once and as a number from then on. Copying the texts,
// and hashing the copies to look them up, would cost more than counting them did.
import type { ExtractResult } from './extract-result.ts';

/** The results of a batch, the terms of its texts apart. */
export interface PackedResults {
  /** Texts among them have no terms and no counts. */
  readonly results: readonly ExtractResult[];
  /** The thread whose numbers these are. */
  readonly thread: number;
  /** How many terms that thread had sent before; 0 also when it begins anew. */
  readonly sentBefore: number;
  /** The terms it sends for the first time; they have the next numbers. */
  readonly fresh: readonly string[];
  /** The terms of all texts, text after text. */
  readonly numbers: Uint32Array;
  readonly counts: Uint16Array;
  /** How many terms each text has. */
  readonly lengths: readonly number[];
}

/** Terms a thread keeps numbers for; beyond it begins anew. */
const MOST_NUMBERS = 200_000;
const NOTHING = { kind: 'text', terms: [], counts: new Uint16Array() } as const;

/** In the thread that reads. */
export class TermSender {
  readonly #thread: number;
  readonly #numbers = new Map<string, number>();

  /** @param thread tells it from every other sender that the receiver hears */
  constructor(thread: number) {
    this.#thread = thread;
  }

  pack(results: readonly ExtractResult[]): PackedResults {
    if (this.#numbers.size > MOST_NUMBERS) this.#numbers.clear();
    const sentBefore = this.#numbers.size;
    const fresh: string[] = [];
    const lengths: number[] = [];
    let size = 0;
    for (const result of results) if (isText(result)) size += result.feature.terms.length;
    const numbers = new Uint32Array(size);
    const counts = new Uint16Array(size);
    let at = 0;
    const bare = results.map((result) => {
      if (!isText(result)) return result;
      const { feature } = result;
      counts.set(feature.counts, at);
      for (const term of feature.terms) {
        let number = this.#numbers.get(term);
        if (number === undefined) {
          number = this.#numbers.size;
          this.#numbers.set(term, number);
          fresh.push(term);
        }
        numbers[at++] = number;
      }
      lengths.push(feature.terms.length);
      return { ...result, feature: NOTHING };
    });
    return { results: bare, thread: this.#thread, sentBefore, fresh, numbers, counts, lengths };
  }
}

/** In the thread that asked; hears every batch of a sender, in the order they were packed. */
export class TermReceiver {
  readonly #termsOf = new Map<number, string[]>();

  unpack({ results, thread, sentBefore, fresh, numbers, counts, lengths }: PackedResults): ExtractResult[] {
    const terms = sentBefore === 0 ? [] : this.#termsOf.get(thread);
    if (terms?.length !== sentBefore) throw new Error(`Thread ${thread} uses numbers of terms that it never sent.`);
    this.#termsOf.set(thread, terms);
    for (const term of fresh) terms.push(term);
    let text = 0;
    let at = 0;
    return results.map((result) => {
      if (!isText(result)) return result;
      const own: string[] = new Array(lengths[text++]!);
      const from = at;
      for (let i = 0; i < own.length; i++) own[i] = terms[numbers[at++]!]!;
      return { ...result, feature: { kind: 'text', terms: own, counts: counts.slice(from, at) } };
    });
  }
}

function isText(result: ExtractResult): result is Extract<ExtractResult, { kind: 'text' }> {
  return result.status === 'ok' && result.kind === 'text';
}
