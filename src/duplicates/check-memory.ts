// Remembers what was seen of pairs and samples, so that nothing is looked at twice. A file beside the catalog that may be deleted.
import { appendFile, readFile, rm } from 'node:fs/promises';
import { writeFileAtomically } from '../atomic-file.ts';
import { errnoOf } from '../output-error.ts';
import type { PictureVerdict } from './confirm-pictures.ts';

/** A verdict without what nobody asks for: of strangers the score is enough. */
export type RememberedVerdict = Omit<PictureVerdict, 'evidence'> & Partial<Pick<PictureVerdict, 'evidence'>>;

/** What calibration saw of one picture. */
export interface RememberedSample {
  /** Scores of its damaged copies. */
  readonly copies: readonly number[];
  /** Its colours, see picture-sketch.ts, rounded. */
  readonly colours: readonly number[];
}

interface PairLine {
  readonly pair: string;
  readonly verdict: RememberedVerdict;
}

interface SampleLine {
  readonly sample: string;
  readonly seen: RememberedSample;
}

/** Digits of a SHA-256 that a content is known by here: 128 bits. */
const DIGITS = 32;
/** Lines of contents that are gone are taken out when they are more than those that are wanted, and more than this. */
const WORTH_CLEANING = 1_000;

/**
 * Lines of JSON: the first names the rules that verdicts were made by; where it names others, nothing is remembered. Each
 * line is a whole fact, so that half a line at the end, or two processes that write at once, do no harm.
 */
export class CheckMemory {
  readonly #path: string;
  readonly #rules: string;
  readonly #pairs = new Map<string, RememberedVerdict>();
  readonly #samples = new Map<string, RememberedSample>();
  #waiting: string[] = [];
  /** What the file starts with has yet to be written. */
  #isNew = true;
  #failure: string | undefined;

  private constructor(path: string, rules: string) {
    this.#path = path;
    this.#rules = rules;
  }

  /** A file that cannot be read is as good as none. @param rules differs whenever the same pictures would give another verdict */
  static async open(path: string, rules: string): Promise<CheckMemory> {
    const memory = new CheckMemory(path, rules);
    const text = await readFile(path, 'utf8').catch(() => '');
    const [head, ...lines] = text.split('\n');
    if (head !== memory.#head()) return memory;
    memory.#isNew = false;
    for (const line of lines) memory.#learn(line);
    // what a killed process left of a line ends here
    if (!text.endsWith('\n')) memory.#waiting.push('');
    return memory;
  }

  /** @param a and b SHA-256 of the contents, in the order in which they were compared */
  verdict(a: string, b: string): RememberedVerdict | undefined {
    return this.#pairs.get(pairKey(a, b));
  }

  keepVerdict(a: string, b: string, verdict: RememberedVerdict): void {
    const pair = pairKey(a, b);
    this.#pairs.set(pair, verdict);
    this.#waiting.push(JSON.stringify({ pair, verdict } satisfies PairLine));
  }

  sample(hash: string, seed: number): RememberedSample | undefined {
    return this.#samples.get(sampleKey(hash, seed));
  }

  keepSample(hash: string, seed: number, seen: RememberedSample): void {
    const sample = sampleKey(hash, seed);
    this.#samples.set(sample, seen);
    this.#waiting.push(JSON.stringify({ sample, seen } satisfies SampleLine));
  }

  /** Lines that are not in the file yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Why the file cannot be written; all goes on without. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Writes what was learnt since. */
  async write(): Promise<void> {
    const lines = this.#waiting;
    this.#waiting = [];
    if (lines.length === 0 || this.#failure !== undefined) return;
    await this.#try(async () => {
      const text = `${lines.join('\n')}\n`;
      if (this.#isNew) await writeFileAtomically(this.#path, `${this.#head()}\n${text}`);
      else await appendFile(this.#path, text);
      this.#isNew = false;
    });
  }

  /** Takes out what is about contents that are not there any more, when it is much. @param hashes SHA-256 of those that are */
  async clean(hashes: Iterable<string>): Promise<void> {
    const known = new Set<string>();
    for (const hash of hashes) known.add(hash.slice(0, DIGITS));
    const isWanted = (key: string) => known.has(key.slice(0, DIGITS)) && known.has(key.slice(-DIGITS));
    const pairs = [...this.#pairs].filter(([key]) => isWanted(key));
    const samples = [...this.#samples].filter(([key]) => known.has(key.slice(0, DIGITS)));
    const wanted = pairs.length + samples.length;
    const gone = this.#pairs.size + this.#samples.size - wanted;
    if (gone < Math.max(WORTH_CLEANING, wanted) || this.#failure !== undefined) return;
    const lines = [
      this.#head(),
      ...pairs.map(([pair, verdict]) => JSON.stringify({ pair, verdict } satisfies PairLine)),
      ...samples.map(([sample, seen]) => JSON.stringify({ sample, seen } satisfies SampleLine)),
    ];
    await this.#try(() => writeFileAtomically(this.#path, `${lines.join('\n')}\n`));
    this.#waiting = [];
  }

  #head(): string {
    return JSON.stringify({ schema: 1, rules: this.#rules });
  }

  #learn(line: string): void {
    if (line === '') return;
    try {
      const { pair, verdict, sample, seen } = JSON.parse(line) as Partial<PairLine & SampleLine>;
      if (typeof pair === 'string' && typeof verdict?.score === 'number') this.#pairs.set(pair, verdict);
      if (typeof sample === 'string' && Array.isArray(seen?.copies)) this.#samples.set(sample, seen);
    } catch {
      // half a line; what it was about is looked at again
    }
  }

  /** A disk that is full or read-only costs time and nothing else. */
  async #try(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (thrown) {
      const errno = errnoOf(thrown);
      if (errno === undefined) throw thrown;
      this.#failure = `${this.#path} cannot be written: ${errno}`;
    }
  }
}

/**
 * Takes out of the file all that is about contents that are not there any more; a file that cannot be written anew goes, it is
 * made again. Whoever searches meanwhile may write what they see.
 *
 * @param hashes SHA-256 of the contents that are there
 * @returns how many lines were taken out
 */
export async function forgetContents(path: string, hashes: Iterable<string>): Promise<number> {
  const text = await readFile(path, 'utf8').catch(() => '');
  if (text === '') return 0;
  const known = new Set<string>();
  for (const hash of hashes) known.add(hash.slice(0, DIGITS));
  const [head, ...lines] = text.split('\n').filter((line) => line !== '');
  const kept = lines.filter((line) => contentsOf(line).every((content) => known.has(content)));
  if (kept.length === lines.length) return 0;
  await writeFileAtomically(path, `${[head, ...kept].join('\n')}\n`).catch(() => rm(path, { force: true }));
  return lines.length - kept.length;
}

/** What a line is about; of half a line nothing that is known. */
function contentsOf(line: string): string[] {
  try {
    const { pair, sample } = JSON.parse(line) as Partial<PairLine & SampleLine>;
    const key = pair ?? sample;
    return key === undefined ? [''] : [...new Set([key.slice(0, DIGITS), ...(pair ? [key.slice(-DIGITS)] : [])])];
  } catch {
    return [''];
  }
}

function pairKey(a: string, b: string): string {
  return a.slice(0, DIGITS) + b.slice(0, DIGITS);
}

function sampleKey(hash: string, seed: number): string {
  return `${hash.slice(0, DIGITS)} ${seed}`;
}
