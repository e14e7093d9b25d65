// How long scans take alone and with threads: what decides which way is taken, measured where it runs.
import type { CodeMemory } from './code-memory.ts';
import type { ScanName } from './scan-kernels.ts';

/** Scans that take less are not worth a thread: waking one and waiting for it takes a tenth of a millisecond. */
const WORTH_MS = 1;

/** So often each way is measured before one is chosen; the least time counts, as others may have used the processors. */
const TRIALS = 3;

/** Threads stay where they save a tenth. */
const SAVES = 0.9;

const paces = new WeakMap<CodeMemory, Map<ScanName, ScanPace>>();

export class ScanPace {
  #alone = Number.POSITIVE_INFINITY;
  #together = Number.POSITIVE_INFINITY;
  #timesAlone = 0;
  #timesTogether = 0;

  /** The pace of one scan over one memory. */
  static of(memory: CodeMemory, scan: ScanName): ScanPace {
    const byScan = paces.get(memory) ?? new Map<ScanName, ScanPace>();
    const pace = byScan.get(scan) ?? new ScanPace();
    paces.set(memory, byScan.set(scan, pace));
    return pace;
  }

  /** Whether threads are to be taken: to measure them, where they may be worth it, or because they are faster. */
  get wantsThreads(): boolean {
    if (this.#timesAlone < TRIALS || this.#alone < WORTH_MS) return false;
    return this.#timesTogether < TRIALS || this.#together < SAVES * this.#alone;
  }

  tookAlone(milliseconds: number): void {
    this.#timesAlone += 1;
    this.#alone = Math.min(this.#alone, milliseconds);
  }

  tookTogether(milliseconds: number): void {
    this.#timesTogether += 1;
    this.#together = Math.min(this.#together, milliseconds);
  }
}
