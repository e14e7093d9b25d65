// Looks at pairs of pictures, as they are on disk now, on all processors; what was seen is remembered by content.
import { statSync } from 'node:fs';
import { CheckMemory, type RememberedSample, type RememberedVerdict } from '../duplicates/check-memory.ts';
import { PICTURE_RULES, type PictureVerdict } from '../duplicates/confirm-pictures.ts';
import type { PictureSketch } from '../duplicates/picture-sketch.ts';
import type { IndexLayout } from '../index/layout.ts';
import type { Check, Checker, ContentPair } from './duplicate-checks.ts';
import type { Content } from './duplicate-contents.ts';
import { PictureThreads, type PictureThreadsOptions } from './picture-check-threads.ts';
import type { Damage, KnownPicture, PictureAnswer } from './picture-check-worker.ts';

/** Sketches that are kept between one round and the next; one is about 170 KB. */
const KEPT = 600;
/** Pairs of a round: so many sketches are held at once, at most twice. */
const PAIRS_OF_ROUND = 512;
/** What was seen is written down so often. */
const LINES_AT_ONCE = 64;
/** Greys that two pictures may differ by in the mean when their pixels are worth comparing one by one. */
const NEARLY_SAME = 1.5;

export class PictureChecker implements Checker {
  readonly unreadable = new Map<string, string>();
  readonly #memory: CheckMemory;
  readonly #threads: PictureThreads;
  readonly #sketches = new Map<string, PictureSketch>();
  readonly #pixels = new Map<string, string>();
  readonly #unchanged = new Map<string, boolean>();
  /** Pairs that were looked at now. */
  readonly #seen = new Set<string>();
  #remembered = 0;

  private constructor(memory: CheckMemory, threads: PictureThreads) {
    this.#memory = memory;
    this.#threads = threads;
  }

  static async open(layout: IndexLayout, options: PictureThreadsOptions): Promise<PictureChecker> {
    return new PictureChecker(await CheckMemory.open(layout.checks, PICTURE_RULES), new PictureThreads(options));
  }

  get looked(): number {
    return this.#seen.size;
  }

  get remembered(): number {
    return this.#remembered;
  }

  get notes(): readonly string[] {
    const { failure } = this.#memory;
    return failure === undefined ? [] : [`${failure}: what was seen of pictures will be looked at again.`];
  }

  async checkAll(
    pairs: readonly ContentPair[],
    onStep?: (done: number, total: number) => void,
  ): Promise<(Check | undefined)[]> {
    const checks: (Check | undefined)[] = pairs.map((pair) => this.#known(pair));
    const open = checks.flatMap((check, at) => (check === undefined ? [at] : []));
    let done = pairs.length - open.length;
    if (done > 0) onStep?.(done, pairs.length);
    for (let from = 0; from < open.length; from += PAIRS_OF_ROUND) {
      const round = open.slice(from, from + PAIRS_OF_ROUND);
      await this.#sketchAll(round.flatMap((at) => pairs[at]!));
      const ready = round.filter((at) => pairs[at]!.every(({ hash }) => this.#sketches.has(hash)));
      done += round.length - ready.length;
      const asks = ready.map((at) => this.#question(pairs[at]!));
      let i = 0;
      for await (const answer of this.#threads.each('verdict', asks)) {
        const at = ready[i++]!;
        checks[at] = await this.#keep(pairs[at]!, answer);
        done++;
        onStep?.(done, pairs.length);
      }
      this.#forgetSketches();
    }
    await this.#memory.write();
    return checks;
  }

  /** Scores of damaged copies of pictures, and their colours; undefined for what cannot be read now. */
  async samples(
    contents: readonly Content[],
    seed: number,
    damagesOf: (at: number) => Damage['damages'],
    onStep?: (done: number, total: number) => void,
  ): Promise<(RememberedSample | undefined)[]> {
    const samples = contents.map(({ hash }) => this.#memory.sample(hash, seed));
    const open = samples.flatMap((sample, at) => (sample === undefined ? [at] : []));
    let done = contents.length - open.length;
    const asks = open.map((at) => ({ ...known(contents[at]!), damages: damagesOf(at), seed }));
    let i = 0;
    for await (const { answer } of this.#threads.each('damage', asks)) {
      const at = open[i++]!;
      samples[at] = answer;
      if (answer !== undefined) await this.#wrote(() => this.#memory.keepSample(contents[at]!.hash, seed, answer));
      done++;
      onStep?.(done, contents.length);
    }
    await this.#memory.write();
    return samples;
  }

  /** Forgets what was seen of contents that are gone. @param hashes those that are there */
  clean(hashes: Iterable<string>): Promise<void> {
    return this.#memory.clean(hashes);
  }

  async close(): Promise<void> {
    await this.#threads.close();
    await this.#memory.write();
  }

  /** What was seen before, of files that have not been written since they were indexed. */
  #known([a, b]: ContentPair): RememberedVerdict | undefined {
    const verdict = this.#memory.verdict(a.hash, b.hash);
    if (verdict === undefined || !this.#isUnchanged(a) || !this.#isUnchanged(b)) return undefined;
    if (!this.#seen.has(a.hash + b.hash)) this.#remembered++;
    return verdict;
  }

  #isUnchanged({ hash, files }: Content): boolean {
    let unchanged = this.#unchanged.get(hash);
    if (unchanged === undefined) {
      unchanged = files.some(({ absolute, size, mtimeMs }) => {
        const now = statSync(absolute, { throwIfNoEntry: false });
        return now?.size === size && now.mtimeMs === mtimeMs;
      });
      this.#unchanged.set(hash, unchanged);
    }
    return unchanged;
  }

  async #sketchAll(contents: readonly Content[]): Promise<void> {
    const wanted = new Map(contents.map((content) => [content.hash, content]));
    const missing = [...wanted.values()].filter(
      ({ hash, files: [file] }) => !this.#sketches.has(hash) && !this.unreadable.has(file.absolute),
    );
    let i = 0;
    for await (const { answer, error } of this.#threads.each('sketch', missing.map(known))) {
      const { hash, files } = missing[i++]!;
      if (answer !== undefined) this.#sketches.set(hash, answer);
      else this.unreadable.set(files[0].absolute, error!.message);
    }
  }

  #question([a, b]: ContentPair) {
    const [one, other] = [this.#sketches.get(a.hash)!, this.#sketches.get(b.hash)!];
    // those that were asked for last go last
    for (const [hash, sketch] of [
      [a.hash, one],
      [b.hash, other],
    ] as const) {
      this.#sketches.delete(hash);
      this.#sketches.set(hash, sketch);
    }
    return { a: one, b: other, paths: [a.files[0].absolute] };
  }

  async #keep([a, b]: ContentPair, { answer, error }: PictureAnswer<'verdict'>): Promise<Check | undefined> {
    this.#seen.add(a.hash + b.hash);
    if (answer === undefined) {
      this.unreadable.set(a.files[0].absolute, `${error!.message} (beside ${b.files[0].absolute})`);
      return undefined;
    }
    const { evidence, ...verdict } = await this.#withPixels(a, b, answer);
    const seen = verdict.ifNot === undefined && verdict.score < WORTH_EVIDENCE ? verdict : { ...verdict, evidence };
    await this.#wrote(() => this.#memory.keepVerdict(a.hash, b.hash, seen));
    return seen;
  }

  /** Pictures that hardly differ are compared pixel by pixel. */
  async #withPixels(a: Content, b: Content, verdict: PictureVerdict): Promise<PictureVerdict> {
    if (verdict.ifCopy !== 're-encoded' || verdict.evidence.difference >= NEARLY_SAME) return verdict;
    const missing = [a, b].filter(({ hash }) => !this.#pixels.has(hash));
    let i = 0;
    for await (const { answer } of this.#threads.each('pixels', missing.map(known)))
      this.#pixels.set(missing[i++]!.hash, answer ?? '');
    const [one, other] = [this.#pixels.get(a.hash), this.#pixels.get(b.hash)];
    return one !== '' && one === other ? { ...verdict, score: 1, ifCopy: 'same-pixels' } : verdict;
  }

  async #wrote(keep: () => void): Promise<void> {
    keep();
    if (this.#memory.waiting >= LINES_AT_ONCE) await this.#memory.write();
  }

  #forgetSketches(): void {
    for (const hash of this.#sketches.keys()) {
      if (this.#sketches.size <= KEPT) return;
      this.#sketches.delete(hash);
    }
  }
}

/** A pair below this score is never listed. */
const WORTH_EVIDENCE = 0.2;

function known({ hash, files }: Content): KnownPicture {
  return { hash, paths: files.map(({ absolute }) => absolute) };
}
