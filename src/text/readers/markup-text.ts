// HTML and XML → text without markup, one line a block.
import { scanTags, type TagHandler } from './scan-tags.ts';

/** Elements whose content no reader of a page sees. Their closing tag, or the end of the file, ends them. */
const UNSEEN = new Set(['script', 'style', 'template', 'noscript', 'svg', 'math', 'iframe', 'object', 'head', 'title']);

/** Elements that stand around the content of a page: menus, footers, what is beside the matter. */
const AROUND = new Set(['nav', 'aside', 'footer', 'dialog', 'select', 'button', 'datalist']);

/** Elements that do not break a line of text; all others do. */
const INLINE_HTML = new Set(
  (
    'a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd label mark q ruby rp rt s samp ' +
    'small span strike strong sub sup time tt u var wbr'
  ).split(' '),
);

/** The same in XML, where names mean other things: those of FictionBook, OpenDocument, DocBook and TEI that are safe. */
const INLINE_XML = new Set('emphasis strong style strikethrough sub sup text:span text:a hi phrase ulink'.split(' '));

const HEADING = /^h[1-6]$/;
/** Elements whose end tag may be left out: many of them open at once are no depth. */
const CLOSED_BY_THE_NEXT = new Set(
  'p li dt dd tr td th thead tbody tfoot option colgroup rb rt rp body html'.split(' '),
);
const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));

export interface PageText {
  /** All that is seen of the page. */
  readonly text: string;
  /** The same without menus, footers and asides; equals `text` when there are none. */
  readonly inner: string;
  /** Of `inner`, characters that are not part of a link, white space left out. */
  readonly unlinked: number;
  readonly heading?: string;
  /** Elements and pieces of text: what a tree of the page would be made of. */
  readonly nodes: number;
  readonly attributes: number;
  /** How deep elements are nested at most, and in sum over all elements. */
  readonly depth: number;
  readonly totalDepth: number;
}

/** The text of an HTML page, and what its size and shape are. */
export function pageText(source: string): PageText {
  const page = new Page();
  scanTags(source, 'html', page);
  return page.result();
}

/** The text of a piece of HTML: a chapter of a book, the body of a mail. */
export function textOfHtml(source: string): string {
  return pageText(source).text;
}

/** The character data of an XML document without those of the elements in `unread` (lower case), one line an element. */
export function textOfXml(source: string, unread: ReadonlySet<string> = new Set()): string {
  const pieces: string[] = [];
  let passing: string | undefined;
  let depth = 0;
  scanTags(source, 'xml', {
    open(name) {
      if (passing !== undefined) {
        if (name === passing) depth++;
      } else if (unread.has(name)) {
        passing = name;
        depth = 1;
      } else if (!INLINE_XML.has(name)) {
        pieces.push('\n');
      }
    },
    close(name) {
      if (passing === undefined) {
        if (!INLINE_XML.has(name)) pieces.push('\n');
      } else if (name === passing && --depth === 0) {
        passing = undefined;
      }
    },
    text(piece) {
      if (passing === undefined) pieces.push(piece);
    },
  });
  return tidy(pieces);
}

class Page implements TagHandler {
  readonly #pieces: string[] = [];
  readonly #inner: string[] = [];
  readonly #heading: string[] = [];
  /** The element whose content is being passed over, and how often it stands inside itself. */
  #unseen: string | undefined;
  #unseenDepth = 0;
  #around: string | undefined;
  #aroundDepth = 0;
  #links = 0;
  #unlinked = 0;
  #inHeading = false;
  #headingDone = false;
  #nodes = 0;
  #attributes = 0;
  #totalDepth = 0;
  #open = 0;
  #depth = 0;

  open(tag: string): void {
    this.#nodes++;
    this.#totalDepth += this.#open;
    if (!VOID.has(tag) && !CLOSED_BY_THE_NEXT.has(tag)) this.#depth = Math.max(this.#depth, ++this.#open);
    if (this.#unseen !== undefined) {
      if (tag === this.#unseen) this.#unseenDepth++;
      // a page without </head> still has its text
      else if (this.#unseen === 'head' && tag === 'body') this.#unseen = undefined;
    } else if (UNSEEN.has(tag)) {
      this.#unseen = tag;
      this.#unseenDepth = 1;
    } else {
      if (this.#around === undefined && AROUND.has(tag)) {
        this.#around = tag;
        this.#aroundDepth = 1;
      } else if (tag === this.#around) this.#aroundDepth++;
      if (tag === 'a') this.#links++;
      if (!this.#headingDone && HEADING.test(tag)) this.#inHeading = true;
      this.#break(tag);
    }
  }

  close(tag: string): void {
    if (this.#open > 0 && !VOID.has(tag) && !CLOSED_BY_THE_NEXT.has(tag)) this.#open--;
    if (this.#unseen !== undefined) {
      if (tag === this.#unseen && --this.#unseenDepth === 0) this.#unseen = undefined;
      return;
    }
    if (tag === 'a' && this.#links > 0) this.#links--;
    if (this.#inHeading && HEADING.test(tag)) {
      this.#inHeading = false;
      this.#headingDone = this.#heading.length > 0;
    }
    this.#break(tag);
    if (tag === this.#around && --this.#aroundDepth === 0) this.#around = undefined;
  }

  attribute(): void {
    this.#attributes++;
  }

  text(piece: string): void {
    this.#nodes++;
    if (this.#unseen !== undefined) return;
    if (this.#inHeading) this.#heading.push(piece);
    this.#pieces.push(piece);
    if (this.#around !== undefined) return;
    this.#inner.push(piece);
    if (this.#links === 0) this.#unlinked += piece.length - spacesIn(piece);
  }

  result(): PageText {
    const text = tidy(this.#pieces);
    const heading = this.#heading.join('').trim();
    return {
      text,
      inner: this.#inner.length === this.#pieces.length ? text : tidy(this.#inner),
      unlinked: this.#unlinked,
      ...(heading === '' ? {} : { heading }),
      nodes: this.#nodes,
      attributes: this.#attributes,
      depth: this.#depth,
      totalDepth: this.#totalDepth,
    };
  }

  #break(tag: string): void {
    if (INLINE_HTML.has(tag)) return;
    if (this.#pieces.at(-1) !== '\n') this.#pieces.push('\n');
    if (this.#around === undefined && this.#inner.at(-1) !== '\n') this.#inner.push('\n');
  }
}

function spacesIn(piece: string): number {
  let spaces = 0;
  for (let i = 0; i < piece.length; i++) if (piece.charCodeAt(i) <= 32) spaces++;
  return spaces;
}

function tidy(pieces: readonly string[]): string {
  return pieces
    .join('')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n[ \n]*/g, '\n')
    .trim();
}
