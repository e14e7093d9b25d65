// The content or the styles of an OpenDocument → text as a reader sees it: what was deleted or hidden is left out.
import { TextLevels } from './text-levels.ts';
import { type Attributes, attribute, type XmlEvents } from './xml-events.ts';

/** Elements that are passed over with all that is in them. */
const PASSED_OVER = new Set([
  'tracked-changes',
  'note-citation',
  'ruby-text',
  'covered-table-cell',
  'forms',
  'script',
  'hidden-paragraph',
  'title',
  'desc',
]);
/** Elements whose paragraphs are read apart, after the rest: notes, comments, running heads. */
const NOTES = new Set(['note-body', 'annotation']);
const HEADS = new Set(['header', 'footer', 'header-left', 'footer-left', 'header-first', 'footer-first']);
const KINDS = { text: 'text', spreadsheet: 'spreadsheet', presentation: 'presentation' } as const;
const TITLE_STYLE = /^title$/i;
const MOST_SPACES = 100;

export class OpenDocumentText implements XmlEvents {
  /** Texts that stand apart: footnotes, endnotes and comments; of styles, the headers and footers. */
  readonly notes: string[] = [];
  /** Folders of the formulas and charts that are shown. */
  readonly objects = new Set<string>();
  /** What the body is. */
  kind: keyof typeof KINDS | undefined;
  readonly #apart: ReadonlySet<string>;
  readonly #levels = new TextLevels();
  readonly #hiddenStyles = new Set<string>();
  #style = '';
  #passed = 0;
  #space = false;
  #formula = false;
  #heading: 'title' | 'heading' | undefined;
  #headingText = '';
  #title: string | undefined;
  #firstHeading: string | undefined;

  /** @param part `body` for content.xml, `heads` for styles.xml, of which only headers and footers are read */
  constructor(part: 'body' | 'heads') {
    this.#apart = part === 'body' ? NOTES : HEADS;
  }

  /** The first paragraph in the style of titles, else the first heading. */
  get title(): string | undefined {
    return this.#title ?? this.#firstHeading;
  }

  /** All but the notes, once the part was read. */
  get content(): string {
    return this.#levels.content;
  }

  enough(): boolean {
    return this.#levels.full;
  }

  text(piece: string): void {
    if (this.#passed > 0) return;
    if (this.#formula) {
      this.#levels.add(piece.trim());
      return;
    }
    if (!this.#levels.inParagraph) return;
    // white space of the file counts as one space, and as none at the beginning of a paragraph
    const spaced = piece.replace(/\s+/g, ' ');
    this.#add(this.#space ? spaced.replace(/^ /, '') : spaced);
    this.#space = spaced.endsWith(' ');
  }

  open(name: string, attributes: Attributes): void {
    if (this.#passed > 0 || PASSED_OVER.has(name) || this.#isHidden(name, attributes)) {
      this.#passed++;
      return;
    }
    if (this.#apart.has(name)) {
      this.#levels.enter();
      return;
    }
    switch (name) {
      case 'style':
        this.#style = attribute(attributes, 'name') ?? '';
        break;
      case 'text-properties':
        if (attribute(attributes, 'display') === 'none') this.#hiddenStyles.add(this.#style);
        break;
      case 'text':
      case 'spreadsheet':
      case 'presentation':
        this.kind ??= name;
        break;
      case 'table':
        if (this.kind === 'spreadsheet') this.#levels.addLine(attribute(attributes, 'name') ?? '');
        break;
      case 'p':
      case 'h':
        this.#openParagraph(name, attributes);
        break;
      case 'object':
        this.#refer(attribute(attributes, 'href'));
        break;
      case 'math':
        this.#formula = true;
        break;
      case 's':
        this.#add(' '.repeat(Math.min(MOST_SPACES, Number(attribute(attributes, 'c') ?? 1) || 1)));
        break;
      case 'tab':
        this.#add('\t');
        break;
      case 'line-break':
        this.#add('\n');
        break;
      case 'text-box':
        this.#levels.enter();
        break;
    }
  }

  close(name: string): void {
    if (this.#passed > 0) {
      this.#passed--;
      return;
    }
    if (this.#apart.has(name)) {
      const note = this.#levels.leave();
      if (note !== '') this.notes.push(note);
      return;
    }
    switch (name) {
      case 'p':
      case 'h':
        this.#closeParagraph();
        break;
      case 'table-cell':
        this.#levels.endCell();
        break;
      case 'table-row':
        this.#levels.endLine();
        break;
      case 'math':
        this.#formula = false;
        this.#levels.endLine();
        break;
      case 'text-box':
        this.#levels.addBox(this.#levels.leave());
        break;
    }
  }

  #add(text: string): void {
    if (!this.#levels.inParagraph) return;
    this.#levels.add(text);
    this.#space = text.endsWith(' ');
    if (this.#heading !== undefined) this.#headingText += text;
  }

  /** `./Object 1` → `Object 1`; others lie outside of the document. */
  #refer(target: string | undefined): void {
    const path = target?.replace(/^\.\//, '');
    if (path !== undefined && /^[^/:]+$/.test(path)) this.objects.add(path);
  }

  #isHidden(name: string, attributes: Attributes): boolean {
    if (name === 'hidden-text') return attribute(attributes, 'is-hidden') !== 'false';
    if (name === 'section') return attribute(attributes, 'display') === 'none';
    if (name !== 'p' && name !== 'h' && name !== 'span') return false;
    return this.#hiddenStyles.size > 0 && this.#hiddenStyles.has(attribute(attributes, 'style-name') ?? '');
  }

  #openParagraph(name: string, attributes: Attributes): void {
    this.#levels.beginParagraph();
    this.#space = true;
    const isTitle = TITLE_STYLE.test(attribute(attributes, 'style-name') ?? '');
    this.#heading = isTitle ? 'title' : name === 'h' ? 'heading' : undefined;
    this.#headingText = '';
  }

  #closeParagraph(): void {
    this.#levels.endParagraph();
    if (this.#headingText.trim() !== '') {
      if (this.#heading === 'title') this.#title ??= this.#headingText;
      else this.#firstHeading ??= this.#headingText;
    }
    this.#heading = undefined;
    this.#headingText = '';
  }
}
