// A job in a thread of its own that tells what it does and can be asked to stop: both ends of the talk.
import { parentPort, type Transferable, Worker, workerData } from 'node:worker_threads';
import { SandglassError, throwIfAborted } from './errors.ts';
import { threadArguments } from './thread-arguments.ts';

/** What the thread sends. Errors travel as their parts: a class does not survive the trip between threads. */
type Message<Event, Result> =
  | { readonly kind: 'event'; readonly event: Event }
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'refused'; readonly error: ReturnType<SandglassError['toJSON']> }
  | { readonly kind: 'failed'; readonly error: unknown };

/** The message that asks the thread to stop when it next can. */
const STOP = 'stop';

export interface ThreadJobOptions<Event> {
  /** Asks the thread to stop; it decides when it can, and then rejects with ABORTED. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent: (event: Event) => void;
  /** Buffers of the task that are handed over in place of being copied. @default none */
  readonly transfer?: readonly Transferable[];
}

/**
 * Runs a training in the thread of a module that calls {@link serveThreadJob}.
 *
 * @throws SandglassError ABORTED before the start, and what the thread throws
 */
export async function runThreadJob<Task, Event, Result>(
  module: URL,
  task: Task,
  { signal, onEvent, transfer = [] }: ThreadJobOptions<Event>,
): Promise<Result> {
  throwIfAborted(signal, 'Training was stopped before it began');
  const worker = new Worker(module, { ...threadArguments(), workerData: task, transferList: [...transfer] });
  const stop = () => worker.postMessage(STOP);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<Result>((resolve, reject) => {
      worker.on('message', (message: Message<Event, Result>) => {
        if (message.kind === 'event') onEvent(message.event);
        else if (message.kind === 'done') resolve(message.result);
        else if (message.kind === 'failed') reject(message.error);
        else {
          const { code, message: text, path } = message.error;
          reject(new SandglassError(code, text, path === undefined ? {} : { path }));
        }
      });
      worker.on('error', reject);
      worker.on('exit', (status) => reject(new Error(`The training thread ended with status ${status} and no result`)));
    });
  } finally {
    signal?.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

/**
 * The thread's end: does the job it was started for, and ends.
 *
 * @param buffersOf buffers of the result that are handed over in place of being copied
 */
export async function serveThreadJob<Task, Event, Result>(
  job: (task: Task, emit: (event: Event) => void, signal: AbortSignal) => Promise<Result>,
  buffersOf: (result: Result) => readonly Transferable[] = () => [],
): Promise<void> {
  const port = parentPort;
  if (port === null) throw new TypeError('Expected to be started as a worker thread');
  const stopping = new AbortController();
  port.on('message', (message) => {
    if (message === STOP) stopping.abort();
  });
  const post = (message: Message<Event, Result>, moved: readonly Transferable[] = []) =>
    port.postMessage(message, [...moved]);
  try {
    const result = await job(workerData as Task, (event) => post({ kind: 'event', event }), stopping.signal);
    post({ kind: 'done', result }, buffersOf(result));
  } catch (error) {
    post(error instanceof SandglassError ? { kind: 'refused', error: error.toJSON() } : { kind: 'failed', error });
  }
  port.close();
}
