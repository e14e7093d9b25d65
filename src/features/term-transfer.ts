// Terms on their way between threads: each thread sends a term as text once and as a number from then on. Copying the texts,
// and hashing the copies to look them up, would cost more than counting them did. What an index keeps goes in a few long arrays.
import type { ExtractedText, ExtractResult } from './extract-result.ts';
import type { KeptText } from './keep-text.ts';

/** The results of a batch, the terms of its texts and what is kept of them apart. */
export interface PackedResults {
  /** Texts among them have no terms and no counts, and nothing kept. */
  readonly results: readonly ExtractResult[];
  /** The thread whose numbers these are. */
  readonly thread: number;
  /** How many terms that thread had sent before; 0 also when it begins anew. */
  readonly sentBefore: number;
  /** The terms it sends for the first time; they have the next numbers. */
  readonly fresh: readonly string[];
  /** The terms of all texts, text after text, each followed by its passages. */
  readonly numbers: Uint32Array;
  readonly counts: Uint16Array;
  /** How many terms each text, and each passage, has. */
  readonly lengths: readonly number[];
  /** What is kept of each text, in their order; undefined where nothing is. */
  readonly kept: readonly (PackedText | undefined)[];
  /** The compressed texts, end to end. */
  readonly deflated: Uint8Array;
  /** The shingles of all texts. */
  readonly shingles: Uint32Array;
}

interface PackedText {
  readonly bytes: number;
  readonly characters: number;
  readonly shingles: number;
  /** Where each passage begins and ends. */
  readonly spans: Uint32Array;
}

interface Bag {
  readonly terms: readonly string[];
  readonly counts: Uint16Array;
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
    const texts = results.filter(isText);
    const bags = texts.flatMap(({ feature, kept }): Bag[] => [feature, ...(kept?.passages ?? [])]);
    const kept = texts.map(({ kept }) => kept);
    return {
      results: results.map((result) => (isText(result) ? bare(result) : result)),
      thread: this.#thread,
      sentBefore,
      ...this.#packBags(bags),
      kept: kept.map((text) => text && packText(text)),
      deflated: joinParts(
        kept.map((text) => text?.deflated),
        Uint8Array,
      ),
      shingles: joinParts(
        kept.map((text) => text?.shingles),
        Uint32Array,
      ),
    };
  }

  #packBags(bags: readonly Bag[]): Pick<PackedResults, 'fresh' | 'numbers' | 'counts' | 'lengths'> {
    const fresh: string[] = [];
    const lengths = bags.map(({ terms }) => terms.length);
    const size = lengths.reduce((sum, length) => sum + length, 0);
    const numbers = new Uint32Array(size);
    const counts = new Uint16Array(size);
    let at = 0;
    for (const bag of bags) {
      counts.set(bag.counts, at);
      for (const term of bag.terms) {
        let number = this.#numbers.get(term);
        if (number === undefined) {
          number = this.#numbers.size;
          this.#numbers.set(term, number);
          fresh.push(term);
        }
        numbers[at++] = number;
      }
    }
    return { fresh, numbers, counts, lengths };
  }
}

/** In the thread that asked; hears every batch of a sender, in the order they were packed. */
export class TermReceiver {
  readonly #termsOf = new Map<number, string[]>();

  unpack({ results, thread, sentBefore, fresh, ...packed }: PackedResults): ExtractResult[] {
    const terms = sentBefore === 0 ? [] : this.#termsOf.get(thread);
    if (terms?.length !== sentBefore) throw new Error(`Thread ${thread} uses numbers of terms that it never sent.`);
    this.#termsOf.set(thread, terms);
    for (const term of fresh) terms.push(term);
    const nextBag = bagReader(packed, terms);
    let text = 0;
    let [byte, shingle] = [0, 0];
    return results.map((result) => {
      if (!isText(result)) return result;
      const feature = { kind: 'text', ...nextBag(), language: result.language } as const;
      const facts = packed.kept[text++];
      if (facts === undefined) return { ...result, feature };
      const deflated = packed.deflated.subarray(byte, byte + facts.bytes);
      const shingles = packed.shingles.subarray(shingle, shingle + facts.shingles);
      byte += facts.bytes;
      shingle += facts.shingles;
      const passages = Array.from({ length: facts.spans.length / 2 }, (_, i) => ({
        start: facts.spans[2 * i]!,
        end: facts.spans[2 * i + 1]!,
        ...nextBag(),
      }));
      return { ...result, feature, kept: { deflated, characters: facts.characters, passages, shingles } };
    });
  }
}

/** Reads the bags of a batch one after the other. */
function bagReader(
  { numbers, counts, lengths }: Pick<PackedResults, 'numbers' | 'counts' | 'lengths'>,
  terms: readonly string[],
): () => Bag {
  let bag = 0;
  let at = 0;
  return () => {
    const own: string[] = new Array(lengths[bag++]!);
    const from = at;
    for (let i = 0; i < own.length; i++) own[i] = terms[numbers[at++]!]!;
    return { terms: own, counts: counts.slice(from, at) };
  };
}

function bare({ kept: _, ...result }: ExtractedText): ExtractedText {
  return { ...result, feature: NOTHING };
}

function packText({ deflated, characters, passages, shingles }: KeptText): PackedText {
  const spans = new Uint32Array(2 * passages.length);
  passages.forEach(({ start, end }, i) => {
    spans.set([start, end], 2 * i);
  });
  return { bytes: deflated.length, characters, shingles: shingles.length, spans };
}

/** All of them one behind the other; absent ones are empty. */
function joinParts<Numbers extends Uint8Array | Uint32Array>(
  parts: readonly (Numbers | undefined)[],
  OfLength: new (length: number) => Numbers,
): Numbers {
  const joined = new OfLength(parts.reduce((sum, part) => sum + (part?.length ?? 0), 0));
  let at = 0;
  for (const part of parts) {
    if (part === undefined) continue;
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function isText(result: ExtractResult): result is ExtractedText {
  return result.status === 'ok' && result.kind === 'text';
}
