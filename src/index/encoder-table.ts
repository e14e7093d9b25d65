// The encoders whose codes the catalog holds, and which of them answers.
import { SandglassError } from '../errors.ts';
import type { Database } from './database.ts';
import type { Kind } from './kind.ts';
import { storedJson } from './stored-json.ts';

/** How a code is stored: `dimensions` floats, bits (packed, 8 a byte) or bytes. */
export type CodeForm = 'float32' | 'bits' | 'bytes';

/**
 * - `filling`: its codes are being made, the former encoder still answers;
 * - `active`: it answers; at most one of a method and kind;
 * - `retired`: another took its place and its codes are gone.
 */
export type EncoderState = 'filling' | 'active' | 'retired';

export interface NewEncoder {
  /** `ae`, `phash`, `dhash`, `pixels`, … */
  readonly method: string;
  readonly kind: Kind;
  /** Names what makes the codes, so that codes of different encoders never meet. */
  readonly fingerprint: string;
  readonly form: CodeForm;
  readonly dimensions: number;
  /** Anything JSON can say: the recipe, figures of its training. */
  readonly info?: Readonly<Record<string, unknown>>;
}

export interface EncoderRecord extends Required<NewEncoder> {
  readonly id: number;
  readonly state: EncoderState;
  /** Raised by every change of its codes; what was derived from another revision is stale. */
  readonly revision: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

interface EncoderRow extends Omit<EncoderRecord, 'info'> {
  readonly info: string;
}

const SELECT = `SELECT id, method, kind, fingerprint, form, dimensions, state, revision, created_at AS createdAt, info
  FROM encoder`;

/** Bytes of one code. */
export function codeBytes(form: CodeForm, dimensions: number): number {
  if (form === 'float32') return dimensions * 4;
  return form === 'bits' ? Math.ceil(dimensions / 8) : dimensions;
}

export class EncoderTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Adds an encoder, `filling`; one that is known by its fingerprint is returned as it is, a retired one fills again. */
  add(encoder: NewEncoder): EncoderRecord {
    const { method, kind, fingerprint, form, dimensions, info = {} } = encoder;
    return this.#database.write(() => {
      const known = this.find(fingerprint);
      if (known === undefined) {
        this.#database
          .prepare(
            `INSERT INTO encoder (method, kind, fingerprint, form, dimensions, created_at, info)
             VALUES (?, ?, ?, ?, ?, ?, ?)`,
          )
          .run(method, kind, fingerprint, form, dimensions, Date.now(), JSON.stringify(info));
      } else if (
        known.method !== method ||
        known.kind !== kind ||
        known.form !== form ||
        known.dimensions !== dimensions
      ) {
        throw new SandglassError(
          'ENCODER_MISMATCH',
          `Expected the encoder ${fingerprint} to be ${known.method}, ${known.form} × ${known.dimensions} of ${known.kind} ` +
            `but received ${method}, ${form} × ${dimensions} of ${kind}.`,
        );
      } else if (known.state === 'retired') {
        this.#database.prepare("UPDATE encoder SET state = 'filling' WHERE id = ?").run(known.id);
      }
      return this.#found(this.find(fingerprint), fingerprint);
    });
  }

  list(): EncoderRecord[] {
    return this.#database
      .prepare<EncoderRow>(`${SELECT} ORDER BY id`)
      .all()
      .map((row) => this.#record(row));
  }

  get(id: number): EncoderRecord {
    const row = this.#database.prepare<EncoderRow>(`${SELECT} WHERE id = ?`).get(id);
    return this.#found(row && this.#record(row), `with id ${id}`);
  }

  find(fingerprint: string): EncoderRecord | undefined {
    const row = this.#database.prepare<EncoderRow>(`${SELECT} WHERE fingerprint = ?`).get(fingerprint);
    return row && this.#record(row);
  }

  /** The encoder that answers for a method and kind, if there is one. */
  active(method: string, kind: Kind): EncoderRecord | undefined {
    const row = this.#database
      .prepare<EncoderRow>(`${SELECT} WHERE method = ? AND kind = ? AND state = 'active'`)
      .get(method, kind);
    return row && this.#record(row);
  }

  /**
   * Lets an encoder answer, in one transaction: the former one of its method and kind is retired and its codes deleted.
   *
   * @param lacking it may answer without items that it has no code of
   * @throws SandglassError `ENCODER_UNFINISHED` while an item of its kind, or a passage of one, lacks its code
   */
  activate(id: number, { lacking = false }: { readonly lacking?: boolean } = {}): EncoderRecord {
    return this.#database.write(() => {
      const encoder = this.get(id);
      const missing =
        this.#database
          .prepare<{ n: number }>(
            `SELECT (SELECT count(*) FROM item WHERE kind = ? AND NOT EXISTS
               (SELECT 1 FROM code WHERE code.encoder_id = ? AND code.item_id = item.id)) +
             (SELECT count(*) FROM passage WHERE ? = 'text' AND NOT EXISTS
               (SELECT 1 FROM passage_code WHERE encoder_id = ? AND passage_id = passage.id)) AS n`,
          )
          .get(encoder.kind, id, encoder.kind, id)?.n ?? 0;
      if (missing > 0 && !lacking) {
        throw new SandglassError(
          'ENCODER_UNFINISHED',
          `Expected every ${encoder.kind} item to have its code before ${encoder.method} changes its encoder, ` +
            `but ${missing} have none; index the folder again.`,
        );
      }
      const former = this.active(encoder.method, encoder.kind);
      if (former !== undefined && former.id !== id) this.retire(former.id);
      this.#database.prepare("UPDATE encoder SET state = 'active' WHERE id = ?").run(id);
      return this.get(id);
    });
  }

  /** Takes an encoder out of service and deletes its codes. */
  retire(id: number): void {
    this.#database.write(() => {
      for (const table of ['code', 'passage_code'])
        this.#database.prepare(`DELETE FROM ${table} WHERE encoder_id = ?`).run(id);
      this.#database.prepare("UPDATE encoder SET state = 'retired' WHERE id = ?").run(id);
    });
  }

  /** Forgets an encoder and its codes. */
  remove(id: number): void {
    this.#database.write(() => this.#database.prepare('DELETE FROM encoder WHERE id = ?').run(id));
  }

  #record(row: EncoderRow): EncoderRecord {
    const about = `what is remembered of the encoder ${row.method}`;
    return { ...row, info: storedJson<Record<string, unknown>>(row.info, about, this.#database.file) };
  }

  #found(encoder: EncoderRecord | undefined, name: string): EncoderRecord {
    if (encoder !== undefined) return encoder;
    throw new SandglassError('ENCODER_MISSING', `There is no encoder ${name} in ${this.#database.file}.`);
  }
}
