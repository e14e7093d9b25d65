// The index that all requests of a server ask: opened by the first question, opened anew when another one stands in its place.
import { statSync } from 'node:fs';
import { indexLayout } from './index/layout.ts';
import type { Sandglass } from './sandglass.ts';

interface Opened {
  readonly index: Sandglass;
  readonly file: string | undefined;
}

export class SharedIndex {
  readonly #open: () => Promise<Sandglass>;
  #opened: Promise<Opened> | undefined;
  /** Calls that use the index now; it is closed after them. */
  readonly #calls = new Set<Promise<unknown>>();

  constructor(open: () => Promise<Sandglass>) {
    this.#open = open;
  }

  /**
   * Runs one call with the index.
   *
   * @throws SandglassError as `open`, where there is no index (yet): the next call tries again
   */
  async use<T>(call: (index: Sandglass) => Promise<T>): Promise<T> {
    const running = this.#current().then(call);
    this.#calls.add(running);
    try {
      return await running;
    } finally {
      this.#calls.delete(running);
    }
  }

  /** Waits for the calls that run, and closes. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#calls);
    await this.#forget();
  }

  async #current(): Promise<Sandglass> {
    const before = this.#opened;
    const opened = await before?.catch(() => undefined);
    // An index that was deleted and made anew, or put back from a backup, is another file at the same place. What was opened of
    // the old one is closed when the calls that use it are done.
    if (opened !== undefined && opened.file !== identityOf(opened.index) && this.#opened === before) {
      this.#opened = undefined;
      void Promise.allSettled(this.#calls).then(() => opened.index.close());
    }
    this.#opened ??= this.#open().then((index) => ({ index, file: identityOf(index) }));
    const asked = this.#opened;
    try {
      return (await asked).index;
    } catch (error) {
      if (this.#opened === asked) this.#opened = undefined;
      throw error;
    }
  }

  async #forget(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    this.#opened = undefined;
    await opened?.index.close();
  }
}

function identityOf({ directory }: Sandglass): string | undefined {
  const found = statSync(indexLayout(directory).catalog, { throwIfNoEntry: false, bigint: true });
  return found && `${found.dev}:${found.ino}`;
}
