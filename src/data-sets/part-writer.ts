// One part of a data set – training or test – while its rows come in.
import { createHash, type Hash } from 'node:crypto';
import type { DataSet } from './data-set.ts';
import { counted } from './opening.ts';
import type { RowSink } from './row-sink.ts';

export interface PartSettings {
  /** `'training'` or `'test'`, for notices. */
  readonly part: 'training' | 'test';
  /** What a row is called: `'picture'`. */
  readonly noun: string;
  readonly shape: readonly number[];
  readonly labelNames?: readonly string[] | undefined;
  /** Keep the name of each row. */
  readonly named: boolean;
  /** Hash the rows. */
  readonly fingerprinted: boolean;
}

/** More classes than this need 16 bits each. */
const BYTE_CLASSES = 256;

export class PartWriter {
  readonly #sink: RowSink;
  readonly #settings: PartSettings;
  readonly #names: string[] = [];
  readonly #labels: number[] = [];
  readonly #hash: Hash | undefined;
  #rows = 0;
  #first: Buffer | undefined;
  #likeFirst = 0;
  #oneValued = 0;

  constructor(sink: RowSink, settings: PartSettings) {
    this.#sink = sink;
    this.#settings = settings;
    this.#hash = settings.fingerprinted ? createHash('sha256').update('rows of bytes\n') : undefined;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Adds to the fingerprint something else the rows depend on; before the first row. */
  mark(what: string): void {
    this.#hash?.update(what);
  }

  /**
   * Takes a copy of `row`. Returns a promise when the caller has to wait for the disk.
   *
   * @param label place of its class, when the part has labels
   */
  append(row: Uint8Array, name = '', label = 0): Promise<void> | undefined {
    this.#rows++;
    this.#hash?.update(row);
    this.#first ??= Buffer.from(row);
    if (this.#first.equals(row)) this.#likeFirst++;
    if (isOneValued(row)) this.#oneValued++;
    if (this.#settings.named) this.#names.push(name);
    if (this.#settings.labelNames !== undefined) this.#labels.push(label);
    return this.#sink.append(row);
  }

  async finish(): Promise<DataSet> {
    const { shape, labelNames, named } = this.#settings;
    const stored = await this.#sink.finish();
    const Labels = (labelNames?.length ?? 0) > BYTE_CLASSES ? Uint16Array : Uint8Array;
    return {
      rows: stored.rows,
      shape,
      type: 'uint8',
      labels: labelNames === undefined ? undefined : Labels.from(this.#labels),
      labelNames,
      names: named ? this.#names : undefined,
      resident: stored.resident,
      read: (rows) => stored.read(rows),
      close: () => stored.close(),
    };
  }

  discard(): Promise<void> {
    return this.#sink.discard();
  }

  /** Of all rows, in hexadecimal. Once, and only of a part that was to be hashed. */
  fingerprint(): string {
    return this.#hash!.update(`\n${this.#rows} rows`).digest('hex');
  }

  /** What is odd about the rows. */
  notices(): string[] {
    const { part, noun } = this.#settings;
    const rows = `${part} ${noun}`;
    if (this.#rows === 0) return [`There is no ${rows}.`];
    if (this.#rows === 1) return [`There is only one ${rows}.`];
    if (this.#likeFirst === this.#rows) return [`All ${counted(this.#rows, rows)} are the same.`];
    if (this.#oneValued === 0) return [];
    const [some, all] = [this.#oneValued, this.#rows].map((count) => count.toLocaleString('en'));
    return [`${some} of ${all} ${rows}s ${this.#oneValued === 1 ? 'has' : 'have'} the same value everywhere.`];
  }
}

function isOneValued(row: Uint8Array): boolean {
  const first = row[0];
  for (let i = 1; i < row.length; i++) if (row[i] !== first) return false;
  return true;
}
