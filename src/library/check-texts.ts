// Looks at pairs of documents, as their text is kept.
import { confirmTexts, type TextSketch, textSketch } from '../duplicates/confirm-texts.ts';
import { SandglassError, throwIfAborted } from '../errors.ts';
import type { Check, Checker, ContentPair } from './duplicate-checks.ts';
import type { Content } from './duplicate-contents.ts';
import type { Workspace } from './workspace.ts';

/** Sketches that are kept: ten bytes a word. */
const KEPT = 600;

export class TextChecker implements Checker {
  readonly unreadable = new Map<string, string>();
  readonly notes: readonly string[] = [];
  /** Documents are compared anew: their text may be read better by now than it was. */
  readonly remembered = 0;
  readonly #workspace: Workspace;
  readonly #signal: AbortSignal | undefined;
  readonly #sketches = new Map<string, TextSketch | undefined>();
  #looked = 0;

  constructor(workspace: Workspace, signal: AbortSignal | undefined) {
    this.#workspace = workspace;
    this.#signal = signal;
  }

  get looked(): number {
    return this.#looked;
  }

  async checkAll(
    pairs: readonly ContentPair[],
    onStep?: (done: number, total: number) => void,
  ): Promise<(Check | undefined)[]> {
    const checks: (Check | undefined)[] = [];
    for (const [a, b] of pairs) {
      throwIfAborted(this.#signal, 'Stopped while looking at pairs.');
      const [one, other] = [this.#sketchOf(a), this.#sketchOf(b)];
      checks.push(one && other && confirmTexts(one, other));
      this.#looked++;
      onStep?.(checks.length, pairs.length);
      // lets a signal, and the progress that is shown, come through
      if (checks.length % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    return checks;
  }

  async close(): Promise<void> {}

  /** The sketch of a content; undefined, and noted, when it cannot be made. */
  #sketchOf(content: Content): TextSketch | undefined {
    const known = this.#sketches.has(content.hash);
    const sketch = known ? this.#sketches.get(content.hash) : this.#made(content);
    // the one that was asked for last goes last
    this.#sketches.delete(content.hash);
    this.#sketches.set(content.hash, sketch);
    if (this.#sketches.size > KEPT) this.#sketches.delete(this.#sketches.keys().next().value!);
    return sketch;
  }

  #made({ files: [file] }: Content): TextSketch | undefined {
    try {
      const text = this.#workspace.catalog.documents.text(file.id);
      if (text !== undefined) return textSketch(text);
      this.unreadable.set(file.absolute, 'Its text is not kept yet; run sandglass index once more.');
    } catch (error) {
      if (!(error instanceof SandglassError)) throw error;
      this.unreadable.set(file.absolute, error.message);
    }
    return undefined;
  }
}
