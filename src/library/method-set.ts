// The methods of an index: which there are for a kind, built from the catalog when first asked for.
import type { Encoder } from '../encoders/encoder.ts';
import { SandglassError } from '../errors.ts';
import type { Kind } from '../features/feature.ts';
import { codeMethod } from '../methods/codes.ts';
import { hashMethod } from '../methods/hashes.ts';
import type { Method } from '../methods/method.ts';
import { pixelMethod } from '../methods/pixels.ts';
import { type WordMethods, wordMethods } from '../methods/words.ts';
import { openGraph } from './graph.ts';
import { AUTO_ENCODER, type Workspace } from './workspace.ts';

const PLAIN: Readonly<Record<Kind, readonly string[]>> = {
  text: ['bow', 'tfidf', 'bm25'],
  image: ['phash', 'dhash', 'pixels'],
};

const BROKEN: ReadonlySet<string> = new Set(['ENCODER_BROKEN', 'ENCODER_MISSING', 'ENCODER_MISMATCH']);

export class MethodSet {
  readonly #workspace: Workspace;
  readonly #built = new Map<string, Promise<Method>>();
  #generation = -1;
  #words: { readonly generation: number; readonly methods: WordMethods } | undefined;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** Methods that need no training. */
  plain(kind: Kind): readonly string[] {
    return PLAIN[kind];
  }

  /** All methods that can rank items of this kind now; the auto-encoder first when there is one. */
  names(kind: Kind): readonly string[] {
    return this.#workspace.activeEncoder(kind) ? [AUTO_ENCODER, ...PLAIN[kind]] : PLAIN[kind];
  }

  /**
   * Those of {@link names} that can be used, and the reason why one cannot: an encoder whose files are damaged does not
   * silence the others.
   */
  async usable(kind: Kind, options: { exact?: boolean } = {}): Promise<{ methods: Method[]; notes: string[] }> {
    const methods: Method[] = [];
    const notes: string[] = [];
    for (const name of this.names(kind)) {
      try {
        methods.push(await this.get(name, kind, options));
      } catch (error) {
        if (!isBrokenEncoder(error)) throw error;
        notes.push(`${name} is left out: ${error.message}`);
      }
    }
    return { methods, notes };
  }

  /**
   * A method over everything that is indexed now.
   *
   * @param exact leave the graph aside
   * @throws SandglassError METHOD_UNKNOWN, METHOD_UNAVAILABLE, ENCODER_BROKEN, ENCODER_MISMATCH
   */
  get(name: string, kind: Kind, { exact = false }: { exact?: boolean } = {}): Promise<Method> {
    const generation = this.#workspace.catalog.generation();
    if (generation !== this.#generation) this.#built.clear();
    this.#generation = generation;
    const key = `${name}/${kind}/${exact}`;
    let method = this.#built.get(key);
    if (!method) {
      method = this.#build(name, kind, exact);
      this.#built.set(key, method);
      method.catch(() => this.#built.delete(key));
    }
    return method;
  }

  async #build(name: string, kind: Kind, exact: boolean): Promise<Method> {
    this.#check(name, kind);
    const { catalog } = this.#workspace;
    if (name === AUTO_ENCODER) return this.#codes(kind, exact);
    if (kind === 'text') return this.words()[name as 'bow' | 'tfidf' | 'bm25'];
    // One state of the catalog: another process may write meanwhile.
    return catalog.read(() => {
      const pixels = catalog.codes.read(this.#encoderOf('pixels'));
      if (name === 'pixels') return pixelMethod(pixels, pixels.codes as Uint8Array);
      const { codes, ...items } = catalog.codes.read(this.#encoderOf(name));
      return hashMethod(name as 'phash' | 'dhash', items, codes as Uint8Array, pixels.codes as Uint8Array);
    });
  }

  #check(name: string, kind: Kind): void {
    if (name === AUTO_ENCODER || PLAIN[kind].includes(name)) return;
    const other = kind === 'text' ? 'image' : 'text';
    if (PLAIN[other].includes(name)) {
      throw new SandglassError(
        'METHOD_UNAVAILABLE',
        `${name} ranks ${other} items, and this is about ${kind} items. Use one of: ${this.names(kind).join(', ')}.`,
      );
    }
    throw new SandglassError(
      'METHOD_UNKNOWN',
      `There is no method "${name}". Use one of: auto, ${this.names(kind).join(', ')}.`,
    );
  }

  async #codes(kind: Kind, exact: boolean): Promise<Method> {
    const workspace = this.#workspace;
    const { catalog } = workspace;
    for (;;) {
      const record = workspace.activeEncoder(kind);
      if (!record) {
        throw new SandglassError(
          'METHOD_UNAVAILABLE',
          `There is no trained encoder for ${kind} items yet. Train one with: sandglass index --train always`,
        );
      }
      const isStillAnswering = () => workspace.activeEncoder(kind)?.id === record.id;
      let encoder: Encoder;
      try {
        encoder = await workspace.encoder(record);
      } catch (error) {
        if (isStillAnswering()) throw error;
        continue;
      }
      // Another process may have put a new encoder in its place meanwhile, and the codes of the former are gone.
      const matrix = catalog.read(() => (isStillAnswering() ? catalog.codes.read(record.id) : undefined));
      if (matrix === undefined) continue;
      const graph = exact ? undefined : await openGraph(workspace, matrix.encoder, matrix.ids.length);
      return codeMethod({
        name: AUTO_ENCODER,
        encoder,
        items: { ids: matrix.ids, ties: matrix.ties },
        codes: matrix.codes as Float32Array,
        ...(graph ? { graph } : {}),
      });
    }
  }

  /** The methods over words, and the words that two documents share. */
  words(): WordMethods {
    const { catalog } = this.#workspace;
    const generation = catalog.generation();
    if (this.#words?.generation !== generation)
      this.#words = {
        generation,
        methods: catalog.read(() => wordMethods(catalog.terms.read(), catalog.terms)),
      };
    return this.#words.methods;
  }

  #encoderOf(method: string): number {
    const record = this.#workspace.catalog.encoders.active(method, 'image');
    if (!record) throw new SandglassError('NOTHING_INDEXED', 'The index holds no picture yet.');
    return record.id;
  }
}

/** True when an encoder cannot be used that was there once; the plain methods still can. */
export function isBrokenEncoder(error: unknown): error is SandglassError {
  return error instanceof SandglassError && BROKEN.has(error.code);
}

/** True for the name of a method, whatever it ranks. */
export function isMethodName(name: string): boolean {
  return name === AUTO_ENCODER || Object.values(PLAIN).some((names) => names.includes(name));
}
