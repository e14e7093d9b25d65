// run.jsonl: a line for each step and each epoch of a training, each exactly once, however often it was interrupted.
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { UNFINISHED } from '../atomic-file.ts';
import { runWriteError } from './run-write-error.ts';

/** One line of run.jsonl. Steps and epochs count from 1. */
export type RunLine =
  | { readonly kind: 'run' | 'resume' | 'end'; readonly [fact: string]: unknown }
  | { readonly kind: 'step'; readonly stage: number; readonly step: number; readonly [fact: string]: unknown }
  | {
      readonly kind: 'epoch';
      readonly stage: number;
      readonly epoch: number;
      readonly step: number;
      readonly [fact: string]: unknown;
    };

/** Digits of numbers that are not whole: all a float32 has. */
const DIGITS = 9;

/**
 * Writes at once and waits for the disk: a checkpoint that is saved later never knows of a step that has no line. So what is
 * too much in the log after a crash is dropped when training goes on, and nothing can be missing.
 */
export class RunLog {
  readonly #path: string;
  readonly #epochs = new Set<string>();
  #written = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** True once a line was added. */
  get isWritten(): boolean {
    return this.#written;
  }

  /**
   * Adds lines, all or none; an epoch that has its line already gets no other.
   *
   * @throws SandglassError DISK_FULL, OUTPUT_UNWRITABLE
   */
  append(lines: readonly RunLine[]): void {
    const added = lines.filter((line) => line.kind !== 'epoch' || !this.#epochs.has(nameOf(line)));
    if (added.length === 0) return;
    try {
      appendWhole(this.#path, added.map(textOfLine).join(''));
    } catch (thrown) {
      throw runWriteError(thrown, this.#path);
    }
    this.#written = true;
    for (const line of added) if (line.kind === 'epoch') this.#epochs.add(nameOf(line));
  }

  /**
   * Drops the lines of a stage's steps after `step`, for they are done again; a line that a crash cut off; and what was said
   * of the end.
   *
   * @throws SandglassError DISK_FULL, OUTPUT_UNWRITABLE
   */
  goBack(stage: number, step: number): void {
    if (!existsSync(this.#path)) return;
    const half = `${this.#path}${UNFINISHED}`;
    try {
      const all = readFileSync(this.#path);
      this.#epochs.clear();
      const kept: Uint8Array[] = [];
      let length = 0;
      for (const { line, bytes } of linesOf(all)) {
        if (line === undefined || line.kind === 'end' || isAfter(line, stage, step)) continue;
        if (line.kind === 'epoch') this.#epochs.add(nameOf(line));
        kept.push(bytes);
        length += bytes.length;
      }
      if (length === all.length) return;
      writeFileSync(half, Buffer.concat(kept, length), { flush: true });
      renameSync(half, this.#path);
    } catch (thrown) {
      rmSync(half, { force: true });
      throw runWriteError(thrown, this.#path);
    }
  }
}

export function textOfLine(line: RunLine): string {
  const rounded = (_: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value;
  return `${JSON.stringify(line, rounded)}\n`;
}

/** What could not be written whole is taken away again. */
function appendWhole(path: string, text: string): void {
  const file = openSync(path, 'a');
  try {
    const { size } = fstatSync(file);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } catch (thrown) {
      ftruncateSync(file, size);
      throw thrown;
    }
  } finally {
    closeSync(file);
  }
}

function* linesOf(all: Buffer): Generator<{ readonly line: RunLine | undefined; readonly bytes: Uint8Array }> {
  for (let from = 0; from < all.length; ) {
    const end = all.indexOf(0x0a, from);
    const to = end < 0 ? all.length : end + 1;
    const bytes = all.subarray(from, to);
    yield { bytes, line: end < 0 ? undefined : parsed(bytes.toString()) };
    from = to;
  }
}

function parsed(text: string): RunLine | undefined {
  try {
    return JSON.parse(text) as RunLine;
  } catch {
    return undefined;
  }
}

function isAfter(line: RunLine, stage: number, step: number): boolean {
  return (line.kind === 'step' || line.kind === 'epoch') && line.stage === stage && line.step > step;
}

function nameOf({ stage, epoch }: Extract<RunLine, { kind: 'epoch' }>): string {
  return `${stage}/${epoch}`;
}
