// One part of the rows of codes: the kernels find what may be among the best, a heap keeps the best of it.
import type { CodeMemory } from './code-memory.ts';
import { SCANS, type ScanName, ScanOut } from './scan-kernels.ts';
import type { BestRows } from './top-k.ts';

/** What is asked; the query itself lies in the memory, at `queryAt`. */
export interface Question {
  readonly scan: ScanName;
  /** Address of the first row. */
  readonly codes: number;
  readonly rows: number;
  /** What the kernel takes between the query and the bound. */
  readonly lengths: readonly number[];
}

/** Where one thread looks. */
export interface ScanPart {
  readonly question: Question;
  /** Rows from `from` to before `to`. */
  readonly from: number;
  readonly to: number;
  /** See {@link CodeMemory.outAt}. */
  readonly thread: number;
}

/** The farthest that 8 bits can tell, and what it stands for in the kernel of 256 bits: this distance, or all bits. */
const FARTHEST_BYTE = 255;
const BITS_256 = 256;

/** Offers all rows of a part that may be among the best. */
export function scanPart(memory: CodeMemory, { question, from, to, thread }: ScanPart, best: BestRows): void {
  const { kernels, queryAt } = memory;
  const outAt = memory.outAt(thread);
  const out = new ScanOut(memory.memory, outAt);
  const kernel = kernels[question.scan];
  const { codes, lengths } = question;
  if (SCANS[question.scan] === 'score') {
    for (let row = from; row < to && best.bound < Number.POSITIVE_INFINITY; ) {
      row = kernel(codes, row, to, queryAt, ...lengths, best.bound, outAt);
      for (let i = 0; i < out.count; i++) best.offer(out.row(i), out.score(i));
    }
    return;
  }
  const farthest = question.scan === 'hammingAny' ? 2 ** 31 - 1 : FARTHEST_BYTE;
  for (let row = from; row < to && best.bound <= 0; ) {
    row = kernel(codes, row, to, queryAt, ...lengths, Math.min(farthest, -best.bound), outAt);
    const again: number[] = [];
    for (let i = 0; i < out.count; i++) {
      const distance = out.distance(i);
      if (distance === FARTHEST_BYTE && question.scan === 'hamming256') again.push(out.row(i));
      else best.offer(out.row(i), -distance);
    }
    for (const each of again) {
      const bytes = BITS_256 / 8;
      kernels.hammingAny(codes, each, each + 1, queryAt, bytes, bytes, BITS_256, outAt);
      best.offer(each, -out.distance(0));
    }
  }
}
