// The flat stream of tags and text of HTML and XML; never a tree, so a million nested tags cost nothing.
import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2';

export type Attributes = ReadonlyMap<string, string>;

export interface TagHandler {
  /** `name` in lower case, with its prefix. */
  open(name: string, attributes: Attributes): void;
  /** An end tag, or the end of `<a/>`. It need not have been opened. */
  close(name: string): void;
  /** Some of the text, references resolved: pieces follow one another without a break. */
  text(piece: string): void;
  /** An attribute of the tag that opens next. */
  attribute?(): void;
  /** Whose attributes are wanted. @default none */
  wantsAttributes?(name: string): boolean;
}

const MOST_ATTRIBUTES = 200;
const NONE: Attributes = new Map();

/** Goes through a source once. Declarations, comments and processing instructions are left out; entities are never expanded. */
export function scanTags(source: string, kind: 'html' | 'xml', handler: TagHandler): void {
  const tokenizer = new Tokenizer({ xmlMode: kind === 'xml', decodeEntities: true }, new Scan(source, kind, handler));
  tokenizer.write(source);
  tokenizer.end();
}

class Scan implements TokenizerCallbacks {
  readonly #source: string;
  readonly #xml: boolean;
  readonly #handler: TagHandler;
  #tag = '';
  #attributes: Map<string, string> | undefined;
  #attribute = '';
  #value = '';

  constructor(source: string, kind: 'html' | 'xml', handler: TagHandler) {
    this.#source = source;
    this.#xml = kind === 'xml';
    this.#handler = handler;
  }

  onopentagname(start: number, end: number): void {
    this.#tag = this.#source.slice(start, end).toLowerCase();
    this.#attributes = this.#handler.wantsAttributes?.(this.#tag) ? new Map() : undefined;
  }

  onattribname(start: number, end: number): void {
    this.#handler.attribute?.();
    if (this.#attributes === undefined) return;
    this.#attribute = this.#source.slice(start, end).toLowerCase();
    this.#value = '';
  }

  onattribdata(start: number, end: number): void {
    if (this.#attributes !== undefined) this.#value += this.#source.slice(start, end);
  }

  onattribentity(codePoint: number): void {
    if (this.#attributes !== undefined) this.#value += String.fromCodePoint(codePoint);
  }

  onattribend(): void {
    const attributes = this.#attributes;
    if (attributes === undefined || attributes.has(this.#attribute) || attributes.size >= MOST_ATTRIBUTES) return;
    attributes.set(this.#attribute, this.#value);
  }

  onopentagend(): void {
    this.#handler.open(this.#tag, this.#attributes ?? NONE);
  }

  onselfclosingtag(): void {
    this.#handler.open(this.#tag, this.#attributes ?? NONE);
    this.#handler.close(this.#tag);
  }

  onclosetag(start: number, end: number): void {
    this.#handler.close(this.#source.slice(start, end).toLowerCase());
  }

  ontext(start: number, end: number): void {
    this.#handler.text(this.#source.slice(start, end));
  }

  ontextentity(codePoint: number): void {
    this.#handler.text(String.fromCodePoint(codePoint));
  }

  oncdata(start: number, end: number, endOffset: number): void {
    if (this.#xml) this.#handler.text(this.#source.slice(start, end - endOffset));
  }

  oncomment(): void {}
  ondeclaration(): void {}
  onend(): void {}
  onprocessinginstruction(): void {}
}
