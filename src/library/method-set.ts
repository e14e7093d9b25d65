// The methods of an index: which there are for a kind, built from the catalog when first asked for.
import { SandglassError } from '../errors.ts';
import type { Kind } from '../features/feature.ts';
import { codeMethod } from '../methods/codes.ts';
import { hashMethod } from '../methods/hashes.ts';
import type { Method } from '../methods/method.ts';
import { pixelMethod } from '../methods/pixels.ts';
import { type WordMethods, wordMethods } from '../methods/words.ts';
import { openGraph } from './graph.ts';
import { wordsById } from './stored-bags.ts';
import { AUTO_ENCODER, type Workspace } from './workspace.ts';

const PLAIN: Readonly<Record<Kind, readonly string[]>> = {
  text: ['bow', 'tfidf'],
  image: ['phash', 'dhash', 'pixels'],
};

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
    if (kind === 'text') return name === 'bow' ? this.words().bow : this.words().tfidf;
    const pixels = catalog.codes.read(this.#encoderOf('pixels'));
    if (name === 'pixels') return pixelMethod(pixels, pixels.codes as Uint8Array);
    const { codes, ...items } = catalog.codes.read(this.#encoderOf(name));
    return hashMethod(name as 'phash' | 'dhash', items, codes as Uint8Array, pixels.codes as Uint8Array);
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
    const record = workspace.activeEncoder(kind);
    if (!record) {
      throw new SandglassError(
        'METHOD_UNAVAILABLE',
        `There is no trained encoder for ${kind} items yet. Train one with: sandglass index --train always`,
      );
    }
    const encoder = await workspace.encoder(record);
    const { codes, ids, ties } = workspace.catalog.codes.read(record.id);
    const graph = exact ? undefined : await openGraph(workspace, record);
    return codeMethod({
      name: AUTO_ENCODER,
      encoder,
      items: { ids, ties },
      codes: codes as Float32Array,
      ...(graph ? { graph } : {}),
    });
  }

  /** The methods over words, and the words that two documents share. */
  words(): WordMethods {
    const { catalog } = this.#workspace;
    const generation = catalog.generation();
    if (this.#words?.generation !== generation)
      this.#words = { generation, methods: wordMethods(catalog.terms.read(), wordsById(catalog)) };
    return this.#words.methods;
  }

  #encoderOf(method: string): number {
    const record = this.#workspace.catalog.encoders.active(method, 'image');
    if (!record) throw new SandglassError('NOTHING_INDEXED', 'The index holds no picture yet.');
    return record.id;
  }
}
