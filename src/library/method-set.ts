// The methods of an index: which there are for a kind, built from the catalog when first asked for.
import type { Encoder } from '../encoders/encoder.ts';
import { SandglassError } from '../errors.ts';
import type { Kind } from '../features/feature.ts';
import { PICTURE_CODES, pictureCode } from '../image/picture-codes.ts';
import type { Catalog } from '../index/catalog.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import type { PackedForm } from '../index/packed-form.ts';
import { bitMethod } from '../methods/bits.ts';
import { cascadeMethod } from '../methods/cascade.ts';
import { codeMethod } from '../methods/codes.ts';
import { hybridMethod } from '../methods/hybrid.ts';
import type { Method } from '../methods/method.ts';
import { minhashMethod } from '../methods/minhash.ts';
import { pictureMethod } from '../methods/pictures.ts';
import { floatCodes, type SearchedCodes, type ShortForm, shortCodes } from '../methods/searched-codes.ts';
import { turnedCodeMethod } from '../methods/turned-codes.ts';
import { wideBitMethod } from '../methods/wide-bits.ts';
import { type WordMethods, wordMethods } from '../methods/words.ts';
import { searchedForm } from './code-precision.ts';
import { openGraph } from './graph.ts';
import { answers } from './plain-codes.ts';
import { type CodeUnits, readCodeUnits, readSomeFloats, readWordUnits } from './units.ts';
import { AUTO_ENCODER, LINEAR_ENCODERS, type Workspace } from './workspace.ts';

const PLAIN: Readonly<Record<Kind, readonly string[]>> = {
  text: ['bow', 'tfidf', 'bm25', 'minhash'],
  image: PICTURE_CODES.map(({ name }) => name),
};

/** The signs of the auto-encoder's codes. */
export const AUTO_ENCODER_BITS = 'ae-bits';

/** Two bits a number of the auto-encoder's codes. */
const AUTO_ENCODER_WIDE = 'ae-bits-wide';

/** The auto-encoder's codes, asked with a picture in all orientations. */
const AUTO_ENCODER_TURNED = 'ae-turned';

/** Made of words and the auto-encoder's codes together. */
const PAIRED: readonly string[] = ['hybrid', 'cascade'];

/** Methods that need something learned from what is indexed. */
const LEARNED: Readonly<Record<Kind, readonly string[]>> = {
  text: [AUTO_ENCODER, AUTO_ENCODER_BITS, ...LINEAR_ENCODERS, ...PAIRED],
  image: [AUTO_ENCODER, AUTO_ENCODER_BITS, AUTO_ENCODER_WIDE, AUTO_ENCODER_TURNED],
};

/** Other ways to rank by the auto-encoder's codes. */
const OF_AUTO_ENCODER: readonly string[] = [AUTO_ENCODER_BITS, AUTO_ENCODER_WIDE, AUTO_ENCODER_TURNED];

const BROKEN: ReadonlySet<string> = new Set(['ENCODER_BROKEN', 'ENCODER_MISSING', 'ENCODER_MISMATCH']);

export interface MethodOptions {
  /** Compare the floats of all codes, whatever there is to be faster or smaller. @default false */
  readonly exact?: boolean;
  /** Rank the passages of long documents, and all frames of pictures, too: for questions, not to compare items. @default false */
  readonly parts?: boolean;
}

export class MethodSet {
  readonly #workspace: Workspace;
  readonly #built = new Map<string, Promise<Method>>();
  #generation = -1;
  readonly #words = new Map<boolean, WordMethods>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  get catalog(): Catalog {
    return this.#workspace.catalog;
  }

  /** Methods that need no training; of pictures those whose codes the index has. */
  plain(kind: Kind): readonly string[] {
    if (kind === 'text') return PLAIN.text;
    const { encoders } = this.#workspace.catalog;
    const present = PICTURE_CODES.filter((code) => answers(code, encoders.active(code.name, 'image')));
    return present.length === 0 ? PLAIN.image : present.map(({ name }) => name);
  }

  /** All methods that can rank items of this kind now: the auto-encoder when there is one, other encoders, the plain ones. */
  names(kind: Kind): readonly string[] {
    const encoders = this.#workspace.activeEncoders(kind).map(({ method }) => method);
    if (encoders[0] !== AUTO_ENCODER) return [...encoders, ...this.plain(kind)];
    const paired = kind === 'text' ? PAIRED : [];
    return [...encoders.toSpliced(1, 0, AUTO_ENCODER_BITS), ...paired, ...this.plain(kind)];
  }

  /**
   * Those of {@link names} that can be used, and the reason why one cannot: an encoder whose files are damaged does not
   * silence the others.
   */
  async usable(kind: Kind, options: MethodOptions = {}): Promise<{ methods: Method[]; notes: string[] }> {
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
   * @throws SandglassError METHOD_UNKNOWN, METHOD_UNAVAILABLE, ENCODER_BROKEN, ENCODER_MISMATCH
   */
  get(name: string, kind: Kind, { exact = false, parts = false }: MethodOptions = {}): Promise<Method> {
    this.#forgetOld();
    const options = { exact, parts: parts && (kind === 'text' || this.catalog.frames.count() > 0) };
    const key = `${name}/${kind}/${exact}/${options.parts}`;
    let method = this.#built.get(key);
    if (!method) {
      method = this.#build(name, kind, options);
      this.#built.set(key, method);
      method.catch(() => this.#built.delete(key));
    }
    return method;
  }

  /** Drops what was built from another state of the catalog. */
  #forgetOld(): void {
    const generation = this.#workspace.catalog.generation();
    if (generation === this.#generation) return;
    this.#generation = generation;
    this.#built.clear();
    this.#words.clear();
  }

  async #build(name: string, kind: Kind, options: Required<MethodOptions>): Promise<Method> {
    this.#check(name, kind);
    const { catalog } = this.#workspace;
    if (PAIRED.includes(name)) {
      if (!this.#workspace.activeEncoder(kind)) throw withoutEncoder(name, kind);
      const codes = await this.#codes(AUTO_ENCODER, kind, options);
      const { tfidf } = this.words(options.parts);
      return name === 'hybrid' ? hybridMethod(tfidf, codes) : cascadeMethod(tfidf, codes);
    }
    if (!this.plain(kind).includes(name)) return this.#codes(name, kind, options);
    if (name === 'minhash') return catalog.read(() => minhashMethod(catalog.shingles.read()));
    if (kind === 'text') return this.words(options.parts)[name as 'bow' | 'tfidf' | 'bm25'];
    // One state of the catalog: another process may write meanwhile.
    return catalog.read(() => {
      const { codes: grids } = readCodeUnits(catalog, this.#encoderOf('pixels'), options.parts);
      const { codes, items } = readCodeUnits(catalog, this.#encoderOf(name), options.parts);
      return pictureMethod(pictureCode(name)!, items, codes as Uint8Array, grids as Uint8Array);
    });
  }

  #check(name: string, kind: Kind): void {
    if (LEARNED[kind].includes(name) || this.names(kind).includes(name)) return;
    if (kind === 'image' && pictureCode(name)) {
      throw new SandglassError(
        'METHOD_UNAVAILABLE',
        `The index was made before there was ${name}; bring it up to date with: sandglass index`,
      );
    }
    const other = kind === 'text' ? 'image' : 'text';
    if (LEARNED[other].includes(name) || this.names(other).includes(name)) {
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

  async #codes(name: string, kind: Kind, { exact, parts }: Required<MethodOptions>): Promise<Method> {
    const workspace = this.#workspace;
    const { catalog } = workspace;
    const method = OF_AUTO_ENCODER.includes(name) ? AUTO_ENCODER : name;
    for (;;) {
      const record = catalog.encoders.active(method, kind);
      if (!record) throw withoutEncoder(name, kind);
      const isStillAnswering = () => catalog.encoders.active(method, kind)?.id === record.id;
      let encoder: Encoder;
      try {
        encoder = await workspace.encoder(record);
      } catch (error) {
        if (isStillAnswering()) throw error;
        continue;
      }
      // Another process may have put a new encoder in its place meanwhile, and the codes of the former are gone.
      const form = this.#formOf(name, record, exact);
      const units = catalog.read(() =>
        isStillAnswering() ? readCodeUnits(catalog, record.id, parts, form) : undefined,
      );
      if (units === undefined) continue;
      const { items, codes } = units;
      if (name === AUTO_ENCODER_WIDE) return wideBitMethod({ name, encoder, items, codes: codes as Float32Array });
      if (name === AUTO_ENCODER_BITS || record.form !== 'float32')
        return bitMethod({ name, encoder, items, bits: codes as Uint8Array });
      const make = name === AUTO_ENCODER_TURNED ? turnedCodeMethod : codeMethod;
      return make({ name, encoder, codes: await this.#searched(units, form, exact) });
    }
  }

  /** The form in which a method reads the codes of its encoder. */
  #formOf(name: string, record: EncoderRecord, exact: boolean): PackedForm {
    if (record.form !== 'float32') return record.form;
    if (name === AUTO_ENCODER_BITS) return 'signs';
    return exact || name === AUTO_ENCODER_WIDE ? 'float32' : searchedForm(this.catalog, record);
  }

  async #searched(units: CodeUnits, form: PackedForm, exact: boolean): Promise<SearchedCodes> {
    const { encoder, items, codes } = units;
    if (!(codes instanceof Float32Array))
      return shortCodes(form as ShortForm, codes, items, (rows) => readSomeFloats(this.catalog, units, rows));
    const graph = exact ? undefined : await openGraph(this.#workspace, encoder, items);
    return floatCodes(codes, items, encoder.dimensions, graph);
  }

  /** The methods over words, and the words that two documents share. */
  words(withPassages = false): WordMethods {
    this.#forgetOld();
    const { catalog } = this.#workspace;
    let methods = this.#words.get(withPassages);
    if (methods === undefined) {
      methods = catalog.read(() => wordMethods(readWordUnits(catalog, withPassages), catalog.terms));
      this.#words.set(withPassages, methods);
    }
    return methods;
  }

  #encoderOf(method: string): number {
    const record = this.#workspace.catalog.encoders.active(method, 'image');
    if (!record) throw new SandglassError('NOTHING_INDEXED', 'The index holds no picture yet.');
    return record.id;
  }
}

function withoutEncoder(name: string, kind: Kind): SandglassError {
  return new SandglassError(
    'METHOD_UNAVAILABLE',
    `There is no encoder for ${name} over ${kind} items yet. Train one with: sandglass index --train always`,
  );
}

/** True when an encoder cannot be used that was there once; the plain methods still can. */
export function isBrokenEncoder(error: unknown): error is SandglassError {
  return error instanceof SandglassError && BROKEN.has(error.code);
}

/** True for the name of a method, whatever it ranks. */
export function isMethodName(name: string): boolean {
  return [...Object.values(PLAIN), ...Object.values(LEARNED)].some((names) => names.includes(name));
}
