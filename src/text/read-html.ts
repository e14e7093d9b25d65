// HTML and XML → text. Works on the tokenizer's flat stream of tags, never on a tree: a million nested tags cost nothing.
import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2';
import { type TextAndTitle, titled } from './text-document.ts';

/** Elements whose content is not read. Their closing tag, or the end of the file, ends them. */
const UNREAD = new Set(['script', 'style', 'template', 'noscript', 'svg', 'math', 'iframe', 'object', 'head']);

/** Elements that do not break a line of text; all others do. */
const INLINE = new Set(
  (
    'a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd label mark q ruby rp rt s samp ' +
    'small span strike strong sub sup time tt u var wbr'
  ).split(' '),
);

const HEADING = /^h[1-6]$/;

/** The text of an HTML page, its title first, one line a block; the title is `<title>`, else the first heading. */
export function readHtml(source: string): TextAndTitle {
  const page = new TextOfTags(source, true);
  const title = page.title();
  return titled(title === undefined ? page.text() : `${title.trim()}\n${page.text()}`, title ?? page.heading());
}

/** The character data of an XML document, one line an element, and its first `title` element. */
export function readXml(source: string): TextAndTitle {
  const page = new TextOfTags(source, false);
  return titled(page.text(), page.title());
}

class TextOfTags implements TokenizerCallbacks {
  readonly #source: string;
  readonly #html: boolean;
  readonly #pieces: string[] = [];
  readonly #title: string[] = [];
  readonly #heading: string[] = [];
  /** The element whose content is being passed over, and how often it stands inside itself. */
  #unread: string | undefined;
  #unreadDepth = 0;
  #tag = '';
  #inTitle = false;
  #titleDone = false;
  #inHeading = false;
  #headingDone = false;

  constructor(source: string, html: boolean) {
    this.#source = source;
    this.#html = html;
    const tokenizer = new Tokenizer({ xmlMode: !html, decodeEntities: true }, this);
    tokenizer.write(source);
    tokenizer.end();
  }

  text(): string {
    return this.#pieces
      .join('')
      .replace(/[^\S\n]+/g, ' ')
      .replace(/ ?\n[ \n]*/g, '\n')
      .trim();
  }

  title(): string | undefined {
    return this.#title.length > 0 ? this.#title.join('') : undefined;
  }

  heading(): string | undefined {
    return this.#heading.length > 0 ? this.#heading.join('') : undefined;
  }

  onopentagname(start: number, end: number): void {
    const tag = this.#nameAt(start, end);
    this.#tag = tag;
    if (tag === 'title' && !this.#titleDone && (this.#unread === undefined || this.#unread === 'head')) {
      this.#inTitle = true;
    } else if (this.#unread !== undefined) {
      if (tag === this.#unread) this.#unreadDepth++;
      // a page without </head> still has its text
      else if (this.#unread === 'head' && tag === 'body') this.#unread = undefined;
    } else if (this.#html && UNREAD.has(tag)) {
      this.#unread = tag;
      this.#unreadDepth = 1;
    } else {
      if (this.#html && !this.#headingDone && HEADING.test(tag)) this.#inHeading = true;
      this.#break(tag);
    }
  }

  onclosetag(start: number, end: number): void {
    const tag = this.#nameAt(start, end);
    if (tag === 'title' && this.#inTitle) {
      this.#inTitle = false;
      this.#titleDone = true;
    } else if (tag === this.#unread) {
      if (--this.#unreadDepth === 0) this.#unread = undefined;
    } else if (this.#unread === undefined) {
      if (this.#inHeading && HEADING.test(tag)) {
        this.#inHeading = false;
        this.#headingDone = true;
      }
      this.#break(tag);
    }
  }

  onselfclosingtag(): void {
    if (this.#tag === this.#unread && --this.#unreadDepth === 0) this.#unread = undefined;
  }

  ontext(start: number, end: number): void {
    this.#add(this.#source.slice(start, end));
  }

  ontextentity(codePoint: number): void {
    this.#add(String.fromCodePoint(codePoint));
  }

  oncdata(start: number, end: number, endOffset: number): void {
    if (!this.#html) this.#add(this.#source.slice(start, end - endOffset));
  }

  onattribdata(): void {}
  onattribentity(): void {}
  onattribend(): void {}
  onattribname(): void {}
  oncomment(): void {}
  ondeclaration(): void {}
  onend(): void {}
  onopentagend(): void {}
  onprocessinginstruction(): void {}

  #nameAt(start: number, end: number): string {
    return this.#source.slice(start, end).toLowerCase();
  }

  #break(tag: string): void {
    if (this.#html && INLINE.has(tag)) return;
    if (this.#pieces.at(-1) !== '\n') this.#pieces.push('\n');
  }

  #add(text: string): void {
    if (this.#inTitle) this.#title.push(text);
    if (this.#unread !== undefined || (this.#html && this.#inTitle)) return;
    if (this.#inHeading) this.#heading.push(text);
    this.#pieces.push(text);
  }
}
