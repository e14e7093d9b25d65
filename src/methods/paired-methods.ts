// Two methods asked as one, a lexical one and codes: their questions, and their scores over the same rows.
import type { Feature } from '../features/feature.ts';
import type { Method, Ranking, SearchSettings } from './method.ts';

/** What a question, or an item, is to each of the two. */
export interface PairedRep {
  readonly lexical: unknown;
  readonly codes: unknown;
}

/** An item's place taken by something else, see {@link Method.scoresWithStandIn}. */
export interface StandIn {
  readonly row: number;
  readonly rep: PairedRep;
}

/** Rows are those of the lexical method; an item that has no code is one whose code says nothing. */
export class PairedMethods {
  readonly lexical: Method;
  readonly codes: Method;
  /** For each row of the codes the row of the item, and for each row of the items that of the code; -1 where there is none. */
  readonly #rowOfCode: Int32Array;
  readonly #codeOfRow: Int32Array;

  constructor(lexical: Method, codes: Method) {
    if (lexical.kind !== codes.kind) {
      throw new TypeError(`Expected two methods of one kind but received ${lexical.kind} and ${codes.kind}`);
    }
    this.lexical = lexical;
    this.codes = codes;
    this.#rowOfCode = rowsOf(codes.items, lexical.items);
    this.#codeOfRow = rowsOf(lexical.items, codes.items);
  }

  get items(): Ranking {
    return this.lexical.items;
  }

  get bytesPerItem(): number {
    return this.lexical.bytesPerItem + this.codes.bytesPerItem;
  }

  async represent(features: readonly Feature[]): Promise<PairedRep[]> {
    const [lexical, codes] = await Promise.all([this.lexical.represent(features), this.codes.represent(features)]);
    return features.map((_, i) => ({ lexical: lexical[i], codes: codes[i] }));
  }

  isEmpty(rep: PairedRep): boolean {
    return !this.hasWords(rep) && !this.hasCode(rep);
  }

  hasWords({ lexical }: PairedRep): boolean {
    return !this.lexical.isEmpty(lexical);
  }

  hasCode({ codes }: PairedRep): boolean {
    return !this.codes.isEmpty(codes);
  }

  lexicalScores(query: PairedRep, standIn?: StandIn): Float32Array {
    if (standIn === undefined) return this.lexical.scores(query.lexical);
    return scoresWith(this.lexical, query.lexical, standIn.row, standIn.rep.lexical);
  }

  /** By row of the items; 0 for those without a code. */
  codeScores(query: PairedRep, standIn?: StandIn): Float32Array {
    const row = standIn === undefined ? -1 : this.#codeOfRow[standIn.row]!;
    const scores =
      standIn === undefined || row < 0
        ? this.codes.scores(query.codes)
        : scoresWith(this.codes, query.codes, row, standIn.rep.codes);
    const byRow = new Float32Array(this.items.ids.length);
    for (let code = 0; code < scores.length; code++) {
      const at = this.#rowOfCode[code]!;
      if (at >= 0) byRow[at] = scores[code]!;
    }
    return byRow;
  }

  /** The rows of the items nearest to the question's code, best first: through a graph where there is one. */
  nearestCodes(query: PairedRep, count: number, settings?: SearchSettings): { row: number; score: number }[] {
    return this.codes
      .search(query.codes, count, undefined, settings)
      .map(({ row, score }) => ({ row: this.#rowOfCode[row]!, score }))
      .filter(({ row }) => row >= 0);
  }
}

function scoresWith(method: Method, query: unknown, row: number, standIn: unknown): Float32Array {
  if (method.scoresWithStandIn) return method.scoresWithStandIn(query, row, standIn);
  const scores = method.scores(query);
  scores[row] = method.similarity?.(query, standIn) ?? 0;
  return scores;
}

/** For each row of `from` the row of the same item, or passage, in `to`. */
function rowsOf(from: Ranking, to: Ranking): Int32Array {
  // ids of passages and of items are numbered apart
  const keyOf = ({ ids, parts }: Ranking, row: number) => (parts?.[row] ? -parts[row]! : ids[row]!);
  const rows = new Map<number, number>();
  for (let row = 0; row < to.ids.length; row++) rows.set(keyOf(to, row), row);
  return Int32Array.from(from.ids, (_, row) => rows.get(keyOf(from, row)) ?? -1);
}
