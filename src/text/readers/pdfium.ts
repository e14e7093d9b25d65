// PDFium as WebAssembly, the only importer of its package: bytes of a PDF → pages of text and the document's own fields.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { WrappedPdfiumModule } from '@embedpdf/pdfium';

/** Why PDFium does not open a document: its FPDF_GetLastError. */
export type PdfRefusal = 'password' | 'security' | 'format' | 'unknown';

/** Thrown by {@link openPdf}. */
export class PdfRefused extends Error {
  override readonly name = 'PdfRefused';
  readonly reason: PdfRefusal;

  constructor(reason: PdfRefusal) {
    super(`PDFium refused the document: ${reason}`);
    this.reason = reason;
  }
}

export interface PdfPage {
  /** As PDFium finds it: lines end with `\r\n`, a hyphen that PDFium takes for a broken word's is U+0002 (or U+FFFE). */
  readonly text: string;
  /** What was typed into fields or noted at the margin; some of it is in the text too. */
  readonly remarks: readonly string[];
  /** Whether anything at all is drawn on the page. */
  readonly drawn: boolean;
}

export interface PdfFile {
  readonly pages: number;
  /** The page of that index from 0; undefined when it cannot be loaded. */
  page(index: number): PdfPage | undefined;
  /** A field of the document's information dictionary: `Title`, `Author`, `CreationDate`, … */
  field(name: string): string | undefined;
  /** The language of the whole, BCP 47. */
  language(): string | undefined;
  close(): void;
}

const REFUSALS: Readonly<Record<number, PdfRefusal>> = { 3: 'format', 4: 'password', 5: 'security' };

/** Memory of WebAssembly never shrinks: an engine that grew beyond this is given up after its document. */
const LARGEST_KEPT_HEAP = 256 << 20;
const LONGEST_FIELD = 65_536;

/** FPDFPage_Flatten: as on the screen. */
const FLATTEN_NORMAL = 0;
const FLATTEN_SUCCESS = 1;
const HIDDEN = 2;
const WIDGET = 20;
/** Notes, typed text, marks in the text and carets: what someone wrote about them counts as text. */
const REMARKS: ReadonlySet<number> = new Set([1, 3, 9, 10, 11, 12, 14]);
/** FPDF_OBJECT_STRING; the values of buttons are names. */
const STRING = 3;

let engine: Promise<WrappedPdfiumModule> | undefined;

async function startEngine(): Promise<WrappedPdfiumModule> {
  const { init } = await import('@embedpdf/pdfium');
  const wasm = await readFile(fileURLToPath(import.meta.resolve('@embedpdf/pdfium/pdfium.wasm')));
  const silent = () => {};
  const started = await init({
    wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength),
    print: silent,
    printErr: silent,
  });
  started.PDFiumExt_Init();
  return started;
}

/**
 * Opens a PDF with the empty password. Close it before the next one is opened.
 *
 * @throws PdfRefused; WebAssembly.RuntimeError where the engine itself fails – the next document gets a new one
 */
export async function openPdf(bytes: Uint8Array): Promise<PdfFile> {
  engine ??= startEngine();
  const present = engine;
  const pdfium = await present.catch((error: unknown) => {
    engine = undefined;
    throw error;
  });
  const giveUp = () => {
    if (engine === present) engine = undefined;
  };
  return guarded(giveUp, () => new OpenPdf(pdfium, bytes, giveUp));
}

/** After a trap the engine's memory is in no known state. */
function guarded<T>(giveUp: () => void, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof PdfRefused)) giveUp();
    throw error;
  }
}

class OpenPdf implements PdfFile {
  readonly pages: number;
  readonly #pdfium: WrappedPdfiumModule;
  readonly #giveUp: () => void;
  /** PDFium reads from these bytes as long as the document is open. */
  readonly #memory: number;
  readonly #document: number;

  constructor(pdfium: WrappedPdfiumModule, bytes: Uint8Array, giveUp: () => void) {
    this.#pdfium = pdfium;
    this.#giveUp = giveUp;
    this.#memory = this.#allocate(bytes.length);
    this.#heap().set(bytes, this.#memory);
    this.#document = pdfium.FPDF_LoadMemDocument(this.#memory, bytes.length, '');
    if (this.#document === 0) {
      const reason = REFUSALS[pdfium.FPDF_GetLastError()] ?? 'unknown';
      this.#free(this.#memory);
      throw new PdfRefused(reason);
    }
    this.pages = pdfium.FPDF_GetPageCount(this.#document);
  }

  page(index: number): PdfPage | undefined {
    return guarded(this.#giveUp, () => {
      const pdfium = this.#pdfium;
      let page = pdfium.FPDF_LoadPage(this.#document, index);
      if (page === 0) return undefined;
      const remarks = this.#remarks(page);
      // forms, stamps and typed notes become content, in their places
      if (
        pdfium.FPDFPage_GetAnnotCount(page) > 0 &&
        pdfium.FPDFPage_Flatten(page, FLATTEN_NORMAL) === FLATTEN_SUCCESS
      ) {
        pdfium.FPDF_ClosePage(page);
        page = pdfium.FPDF_LoadPage(this.#document, index);
        if (page === 0) return undefined;
      }
      try {
        return { text: this.#textOf(page), remarks, drawn: pdfium.FPDFPage_CountObjects(page) > 0 };
      } finally {
        pdfium.FPDF_ClosePage(page);
      }
    });
  }

  field(name: string): string | undefined {
    return this.#utf16((buffer, length) => this.#pdfium.FPDF_GetMetaText(this.#document, name, buffer, length));
  }

  language(): string | undefined {
    return this.#utf16((buffer, length) => this.#pdfium.FPDFCatalog_GetLanguage(this.#document, buffer, length));
  }

  close(): void {
    guarded(this.#giveUp, () => {
      this.#pdfium.FPDF_CloseDocument(this.#document);
      this.#free(this.#memory);
    });
    if (this.#heap().length > LARGEST_KEPT_HEAP) this.#giveUp();
  }

  #textOf(page: number): string {
    const text = this.#pdfium.FPDFText_LoadPage(page);
    if (text === 0) return '';
    try {
      const characters = this.#pdfium.FPDFText_CountChars(text);
      if (characters <= 0) return '';
      // twice the room that is asked for: characters beyond the first plane are written as two
      const buffer = this.#allocate((characters + 1) * 4);
      try {
        const written = this.#pdfium.FPDFText_GetText(text, 0, characters, buffer);
        return this.#string(buffer, written - 1);
      } finally {
        this.#free(buffer);
      }
    } finally {
      this.#pdfium.FPDFText_ClosePage(text);
    }
  }

  /** What was typed into fields, and notes. Not all of them have a drawing that becomes part of the page. */
  #remarks(page: number): string[] {
    const pdfium = this.#pdfium;
    const remarks: string[] = [];
    const count = pdfium.FPDFPage_GetAnnotCount(page);
    for (let index = 0; index < count; index++) {
      const note = pdfium.FPDFPage_GetAnnot(page, index);
      if (note === 0) continue;
      if ((pdfium.FPDFAnnot_GetFlags(note) & HIDDEN) === 0) {
        const key = this.#keyOfRemark(note);
        const remark =
          key && this.#utf16((buffer, length) => pdfium.FPDFAnnot_GetStringValue(note, key, buffer, length));
        if (remark !== undefined) remarks.push(remark);
      }
      pdfium.FPDFPage_CloseAnnot(note);
    }
    return remarks;
  }

  #keyOfRemark(note: number): string | undefined {
    const kind = this.#pdfium.FPDFAnnot_GetSubtype(note);
    if (kind === WIDGET) return this.#pdfium.FPDFAnnot_GetValueType(note, 'V') === STRING ? 'V' : undefined;
    return REMARKS.has(kind) ? 'Contents' : undefined;
  }

  /** Calls that tell how many bytes they need, and fill a buffer with UTF-16 that ends with a zero. */
  #utf16(call: (buffer: number, length: number) => number): string | undefined {
    return guarded(this.#giveUp, () => {
      const length = call(0, 0);
      if (length <= 2 || length > LONGEST_FIELD) return undefined;
      const buffer = this.#allocate(length);
      try {
        call(buffer, length);
        return this.#string(buffer, length / 2 - 1);
      } finally {
        this.#free(buffer);
      }
    });
  }

  #string(at: number, units: number): string {
    const heap = this.#heap();
    return Buffer.from(heap.buffer, at, Math.max(0, Math.floor(units)) * 2).toString('utf16le');
  }

  #allocate(bytes: number): number {
    const at = this.#pdfium.pdfium.wasmExports.malloc(Math.max(1, bytes));
    if (at === 0) throw new Error(`no memory for ${bytes} bytes`);
    return at;
  }

  #free(at: number): void {
    this.#pdfium.pdfium.wasmExports.free(at);
  }

  /** Asked for anew each time: it moves as it grows. */
  #heap(): Uint8Array {
    return (this.#pdfium.pdfium as unknown as { readonly HEAPU8: Uint8Array }).HEAPU8;
  }
}
