// Threads that scan parts of the rows, all over one shared memory; the thread that asks takes a part itself and waits.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { threadArguments } from '../thread-arguments.ts';
import { type CodeMemory, MOST_THREADS } from './code-memory.ts';
import type { SharedMemory } from './scan-kernels.ts';
import { type Question, scanPart } from './scan-part.ts';
import { BestRows, type Ranked, type ScoredRow } from './top-k.ts';

/** More do not read memory faster. */
const MOST = Math.min(8, MOST_THREADS);

/** After so long without a question the threads end, and let go of the memory. */
const IDLE_MS = 10_000;

/** A thread that has not answered by then is taken for dead. */
const PATIENCE_MS = 5_000;

/** Words of the memory that threads agree by: how many are ready, how many still work. */
export const READY = 0;
export const WORKING = 1;
const AGREED_WORDS = 2;

/** What a thread is told first, and whenever other codes are asked. */
export interface ScanSubject {
  readonly memory: SharedMemory;
  readonly queryAt: number;
  readonly queryBytes: number;
  readonly ids: Int32Array;
  readonly ties: Uint32Array;
}

export interface ScanJob {
  readonly subject?: ScanSubject;
  readonly question: Question;
  readonly k: number;
  readonly from: number;
  readonly to: number;
  readonly thread: number;
  /** Where the best rows go: how many, then the row and the score of each. */
  readonly found: Float64Array;
}

/** What {@link ScanThreads} starts a thread with. */
export interface ScanThreadData {
  readonly agreed: Int32Array;
}

let threads: ScanThreads | undefined;
/** None are started where they died before. */
let haveFailed = false;

/**
 * Threads that are ready to scan, or undefined: while they start, where there is one processor only, and for rankings whose
 * columns are not shared.
 */
export function readyThreads({ ids, ties }: Ranked): ScanThreads | undefined {
  if (haveFailed || !isShared(ids) || !isShared(ties)) return undefined;
  threads ??= ScanThreads.start();
  return threads?.isReady ? threads : undefined;
}

/** Ends the threads, if there are any; the next question that is worth it starts others. */
export async function endThreads(): Promise<void> {
  await threads?.end();
}

function isShared({ buffer }: ArrayBufferView): boolean {
  return buffer instanceof SharedArrayBuffer;
}

export class ScanThreads {
  readonly #workers: readonly Worker[];
  readonly #agreed: Int32Array;
  #subject: { memory: CodeMemory; ranked: Ranked } | undefined;
  #idle: NodeJS.Timeout | undefined;

  private constructor(count: number) {
    this.#agreed = new Int32Array(new SharedArrayBuffer(AGREED_WORDS * Int32Array.BYTES_PER_ELEMENT));
    const workerData: ScanThreadData = { agreed: this.#agreed };
    this.#workers = Array.from({ length: count }, () => {
      const worker = new Worker(new URL('./scan-worker.js', import.meta.url), { ...threadArguments(), workerData });
      worker.unref();
      worker.on('error', () => this.#fail());
      return worker;
    });
    this.#rest();
  }

  /** @param count of threads beside the one that asks; as many as there are other processors by default */
  static start(count = Math.min(availableParallelism(), MOST) - 1): ScanThreads | undefined {
    return count < 1 ? undefined : new ScanThreads(count);
  }

  get isReady(): boolean {
    return Atomics.load(this.#agreed, READY) === this.#workers.length;
  }

  /** See `scanRows`. Undefined when a thread did not answer; then there are none any more. */
  scan(memory: CodeMemory, question: Question, k: number, ranked: Ranked): ScoredRow[] | undefined {
    const share = Math.ceil(question.rows / (this.#workers.length + 1));
    const subject = this.#subjectFor(memory, ranked);
    Atomics.store(this.#agreed, WORKING, this.#workers.length);
    const found = this.#workers.map((worker, i) => {
      const from = Math.min(question.rows, share * (i + 1));
      const to = Math.min(question.rows, from + share);
      const room = 1 + 2 * Math.min(k, to - from);
      const job: ScanJob = {
        ...(subject === undefined ? {} : { subject }),
        question,
        k,
        from,
        to,
        thread: i + 1,
        found: new Float64Array(new SharedArrayBuffer(room * Float64Array.BYTES_PER_ELEMENT)),
      };
      worker.postMessage(job);
      return job.found;
    });
    const best = new BestRows(k, ranked);
    scanPart(memory, { question, from: 0, to: Math.min(share, question.rows), thread: 0 }, best);
    if (!this.#wait()) {
      this.#fail();
      return undefined;
    }
    for (const rows of found) {
      for (let i = 0; i < rows[0]!; i++) best.offer(rows[1 + 2 * i]!, rows[2 + 2 * i]!);
    }
    this.#rest();
    return best.take();
  }

  async end(): Promise<void> {
    if (threads === this) threads = undefined;
    clearTimeout(this.#idle);
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  /** What the threads must be told because they were asked of something else before. */
  #subjectFor(memory: CodeMemory, ranked: Ranked): ScanSubject | undefined {
    const { memory: shared, queryAt, queryBytes } = memory;
    const { ids, ties } = ranked;
    const known = this.#subject;
    if (known?.memory === memory && known.ranked.ids === ids && known.ranked.ties === ties) return undefined;
    this.#subject = { memory, ranked };
    return { memory: shared, queryAt, queryBytes, ids, ties };
  }

  #wait(): boolean {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const working = Atomics.load(this.#agreed, WORKING);
      if (working === 0) return true;
      const left = deadline - performance.now();
      if (left <= 0) return false;
      Atomics.wait(this.#agreed, WORKING, working, left);
    }
  }

  #fail(): void {
    haveFailed = true;
    void this.end();
  }

  #rest(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.end(), IDLE_MS).unref();
  }
}
