// WebAssembly of this project (scripts/build-kernels.mjs), in base64: compiled once, where the machine has its 128-bit vectors.

// Node has WebAssembly, but only the DOM's type library describes it.
declare const WebAssembly: {
  validate(binary: Uint8Array): boolean;
  readonly Module: new (binary: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** Bytes of a page of WebAssembly's memory. */
export const WASM_PAGE = 1 << 16;

/** The memory that an instance has of its own. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** Kernels that were not compiled yet; `Exports` is what an instance of them gives. */
export class WasmKernels<Exports> {
  readonly #base64: string;
  #module: object | false | undefined;

  constructor(base64: string) {
    this.#base64 = base64;
  }

  /** False where the machine has no 128-bit vectors. */
  get canRun(): boolean {
    return this.#compiled() !== undefined;
  }

  /**
   * A new instance; undefined where {@link canRun} is false.
   *
   * @throws RangeError when there is no memory left for it
   */
  instantiate(imports: object = {}): Exports | undefined {
    const module = this.#compiled();
    return module && (new WebAssembly.Instance(module, imports).exports as Exports);
  }

  #compiled(): object | undefined {
    if (this.#module === undefined) {
      const binary = Buffer.from(this.#base64, 'base64');
      this.#module = WebAssembly.validate(binary) && new WebAssembly.Module(binary);
    }
    return this.#module || undefined;
  }
}
