// Text that is put together while a document is read: lines for paragraphs and rows, tabs between cells.
import { MOST_TEXT } from './limits.ts';

type Separator = '' | '\t' | '\n';

/** Breaks are written once something follows them: empty paragraphs and empty cells leave no trace. */
export class TextBlocks {
  readonly #pieces: string[] = [];
  #length = 0;
  #separator: Separator = '';

  get length(): number {
    return this.#length;
  }

  /** Whether as much was added as is read of one document; what comes later is left out. */
  get full(): boolean {
    return this.#length >= MOST_TEXT;
  }

  /** Adds to the present line; line breaks in it stay. */
  add(text: string): void {
    if (text === '' || this.full) return;
    if (this.#length > 0) this.#write(this.#separator);
    this.#separator = '';
    this.#write(text);
  }

  /** Ends a paragraph or a row. */
  endLine(): void {
    this.#separator = '\n';
  }

  /** Ends a cell: the end of its last paragraph is no end of a line. */
  endCell(): void {
    this.#separator = '\t';
  }

  /** The lines without white space around them, and without empty ones. */
  toString(): string {
    return this.#pieces
      .join('')
      .replace(/[\0\uFEFF\u00AD]/g, '')
      .replace(/[^\S\n\t]+/g, ' ')
      .replace(/ ?\t[ \t]*/g, '\t')
      .replace(/[^\S\n]*\n\s*/g, '\n')
      .trim();
  }

  #write(text: string): void {
    this.#pieces.push(text);
    this.#length += text.length;
  }
}
