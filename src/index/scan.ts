// One question to all rows of codes in a memory, by one thread or several.
import type { CodeMemory } from './code-memory.ts';
import { ScanPace } from './scan-pace.ts';
import { type Question, scanPart } from './scan-part.ts';
import { readyThreads } from './scan-threads.ts';
import { BestRows, type Ranked, type ScoredRow } from './top-k.ts';

/**
 * The `k` best rows, see `topK`; the score of a row is what the kernel says: a product, or a distance below 0.
 *
 * The same for any number of threads, because each keeps the `k` best of its part in the same order.
 */
export function scanRows(
  memory: CodeMemory,
  question: Question,
  k: number,
  ranked: Ranked,
  accept?: (row: number) => boolean,
): ScoredRow[] {
  const pace = ScanPace.of(memory, question.scan);
  const threads = accept === undefined && pace.wantsThreads ? readyThreads(ranked) : undefined;
  const began = performance.now();
  if (threads !== undefined) {
    const found = threads.scan(memory, question, k, ranked);
    if (found !== undefined) {
      pace.tookTogether(performance.now() - began);
      return found;
    }
  }
  const best = new BestRows(k, ranked, accept);
  scanPart(memory, { question, from: 0, to: question.rows, thread: 0 }, best);
  if (accept === undefined) pace.tookAlone(performance.now() - began);
  return best.take();
}
