// What was decided about pairs of contents, so that they are not asked about again: by content hash, not by file.
import type { Database } from './database.ts';

/** `distinct`: no duplicates; `keep-both`: duplicates that are both to stay. */
export type DecisionVerdict = 'distinct' | 'keep-both';

export interface Decision {
  /** SHA-256 of the two contents, 64 hexadecimal digits, the smaller first; the same twice for copies of one content. */
  readonly hashes: readonly [string, string];
  readonly verdict: DecisionVerdict;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Decisions as they were when they were read. */
export interface Decisions {
  has(a: string, b: string): boolean;
}

export class DecisionTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Notes a decision, in place of the one there was. */
  put(a: string, b: string, verdict: DecisionVerdict): void {
    this.#database.write(() =>
      this.#database
        .prepare('INSERT OR REPLACE INTO decision (hash_a, hash_b, verdict, at) VALUES (?, ?, ?, ?)')
        .run(...ordered(a, b), verdict, Date.now()),
    );
  }

  /** @returns false when nothing was decided about the two */
  remove(a: string, b: string): boolean {
    const { changes } = this.#database.write(() =>
      this.#database.prepare('DELETE FROM decision WHERE hash_a = ? AND hash_b = ?').run(...ordered(a, b)),
    );
    return changes > 0;
  }

  list(): Decision[] {
    return this.#database
      .prepareRaw<readonly [string, string, DecisionVerdict, number]>(
        'SELECT lower(hex(hash_a)), lower(hex(hash_b)), verdict, at FROM decision ORDER BY at, hash_a, hash_b',
      )
      .all()
      .map(([a, b, verdict, at]) => ({ hashes: [a, b], verdict, at }));
  }

  all(): Decisions {
    const known = new Set(this.list().map(({ hashes: [a, b] }) => a + b));
    return { has: (a, b) => known.has(a < b ? a + b : b + a) };
  }
}

function ordered(a: string, b: string): [Uint8Array, Uint8Array] {
  const [first, second] = a < b ? [a, b] : [b, a];
  return [Buffer.from(first, 'hex'), Buffer.from(second, 'hex')];
}
