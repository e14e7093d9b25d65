// Characters of old Word documents → text: marks of paragraphs, cells, fields and objects are characters among the others.
// Source: [MS-DOC], sections 2.4.1 (paragraphs), 2.4.3 (tables), 2.8.25 (fields).
import { TextBlocks } from './text-blocks.ts';

const CELL = '\x07';
const FIELD_BEGIN = '\x13';
const FIELD_RESULT = '\x14';
const FIELD_END = '\x15';
const MARKS = /[\x00-\x08\x0B-\x0F\x13-\x15\x1E\x1F\r\n]/g;
const LINE_ENDS = new Set(['\r', '\n', '\x0B', '\x0C', '\x0E']);

export class DocCharacters {
  readonly #blocks = new TextBlocks();
  /** Of each open field whether its result was reached; what comes before is an instruction. */
  readonly #fields: boolean[] = [];
  /** How many of them are still at their instructions. */
  #instructions = 0;
  #afterCell = false;

  take(text: string): void {
    let done = 0;
    for (const { 0: mark, index } of text.matchAll(MARKS)) {
      this.#add(text.slice(done, index));
      this.#mark(mark);
      done = index + 1;
    }
    this.#add(text.slice(done));
  }

  get full(): boolean {
    return this.#blocks.full;
  }

  content(): string {
    return this.#blocks.toString();
  }

  #add(text: string): void {
    if (text === '') return;
    this.#afterCell = false;
    if (this.#instructions === 0) this.#blocks.add(text);
  }

  #mark(mark: string): void {
    // a row ends with a mark like that of a cell, right after its last cell's
    if (mark === CELL && this.#afterCell) this.#blocks.endLine();
    else if (mark === CELL) this.#blocks.endCell();
    else if (LINE_ENDS.has(mark)) this.#blocks.endLine();
    else if (mark === '\x1E') this.#add('-');
    else this.#field(mark);
    this.#afterCell = mark === CELL && !this.#afterCell;
  }

  #field(mark: string): void {
    if (mark === FIELD_BEGIN) {
      this.#fields.push(false);
      this.#instructions++;
    } else if (mark === FIELD_RESULT && this.#fields.at(-1) === false) {
      this.#fields[this.#fields.length - 1] = true;
      this.#instructions--;
    } else if (mark === FIELD_END && this.#fields.pop() === false) this.#instructions--;
  }
}
