// A watch that a test reads in the background: its events, batches and their sum.
import type { Sandglass, WatchBatch, WatchEvent, WatchOptions } from '../../src/sandglass.ts';
import { until } from '../cli/command.ts';

const watches: Watching[] = [];

/** For `afterEach`. */
export async function endWatches(): Promise<void> {
  for (const watch of watches.splice(0)) await watch.end();
}

export class Watching {
  readonly events: WatchEvent[] = [];
  readonly #ending = new AbortController();
  readonly #ended: Promise<void>;
  thrown: unknown;

  constructor(index: Sandglass, options: WatchOptions) {
    watches.push(this);
    this.#ended = (async () => {
      const settings = { train: 'never' as const, debounceMs: 200, signal: this.#ending.signal, ...options };
      for await (const event of index.watch(settings)) this.events.push(event);
    })().catch((error: unknown) => {
      this.thrown = error;
    });
  }

  get batches(): WatchBatch[] {
    if (this.thrown !== undefined) throw this.thrown;
    return this.events.flatMap((event) => (event.phase === 'batch' ? [event.batch] : []));
  }

  get notices(): string[] {
    return this.events.flatMap((event) => (event.phase === 'notice' ? [event.text] : []));
  }

  /** The sum of all batches. */
  get sum(): { added: number; changed: number; renamed: number; removed: number; failed: number; kept: number } {
    const sum = { added: 0, changed: 0, renamed: 0, removed: 0, failed: 0, kept: 0 };
    for (const batch of this.batches)
      for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += batch[name];
    return sum;
  }

  has(phase: WatchEvent['phase']): boolean {
    if (this.thrown !== undefined) throw this.thrown;
    return this.events.some((event) => event.phase === phase);
  }

  folderStates(): string[] {
    return this.events.flatMap((event) => (event.phase === 'folder' ? [event.folder.state] : []));
  }

  async end(): Promise<void> {
    this.#ending.abort();
    await this.#ended;
  }
}

/** A watch that is ready. */
export async function watching(index: Sandglass, options: WatchOptions = {}): Promise<Watching> {
  const watch = new Watching(index, options);
  await until(() => watch.has('ready'), 'the watch to be ready', 15);
  return watch;
}

/** Folder and name of what is found by words. */
export async function paths(index: Sandglass, text: string): Promise<string[]> {
  const { hits } = await index.query({ text }, { method: 'tfidf', k: 100 });
  return hits.map(({ path }) => path.split('/').slice(-2).join('/'));
}

/** Waits until the batches sum up to this. */
export const summed = (watch: Watching, expected: Partial<Watching['sum']>) =>
  until(
    () => Object.entries(expected).every(([name, n]) => watch.sum[name as keyof Watching['sum']] === n),
    JSON.stringify(expected),
    10,
  );
export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
