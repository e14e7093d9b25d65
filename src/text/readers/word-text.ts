// One part of a Word document → its text as a reader sees it: what was deleted, hidden or moved away is left out.
import { TextLevels } from './text-levels.ts';
import { type Attributes, attribute, isOn, type XmlEvents } from './xml-events.ts';

export type NoteType = 'footnote' | 'endnote' | 'comment';

/** Elements that are passed over with all that is in them. `Fallback` repeats what `Choice` has said. */
const PASSED_OVER = new Set(['del', 'moveFrom', 'Fallback', 'rt', 'instrText', 'delText', 'delInstrText']);
const TITLE_STYLE = /^title$/i;
const HEADING_STYLE = /^heading ?1$/i;

export class WordText implements XmlEvents {
  /** What the part refers to, in its order. */
  readonly references = new Map<NoteType, Set<string>>();
  /** In a part of notes: their texts by identifier. */
  readonly notes = new Map<string, string>();
  readonly #noteType: NoteType | undefined;
  readonly #levels = new TextLevels();
  /** How deep we are inside an element that is passed over. */
  #passed = 0;
  #inText = false;
  #inRun = 0;
  #hidden = false;
  #initial = false;
  #style = '';
  #paragraph = '';
  #heading: string | undefined;
  #title: string | undefined;
  #note = '';

  /** @param noteType the kind of notes the part consists of */
  constructor(noteType?: NoteType) {
    this.#noteType = noteType;
  }

  /** The first paragraph in the style of titles, else of first headings. */
  get title(): string | undefined {
    return this.#title ?? this.#heading;
  }

  /** All of it, once the part was read. */
  get content(): string {
    return this.#levels.content;
  }

  text(piece: string): void {
    if (this.#inText && this.#passed === 0) this.#add(piece);
  }

  enough(): boolean {
    return this.#levels.full;
  }

  open(name: string, attributes: Attributes): void {
    if (this.#passed > 0 || PASSED_OVER.has(name)) {
      this.#passed++;
      return;
    }
    switch (name) {
      case 'p':
        this.#levels.beginParagraph();
        break;
      case 'r':
        this.#inRun++;
        this.#hidden = false;
        break;
      case 't':
        this.#inText = true;
        break;
      case 'vanish':
        if (this.#inRun > 0) this.#hidden = isOn(attribute(attributes, 'val'));
        break;
      case 'tab':
      case 'ptab':
        // outside of runs these are stops, not tabs
        if (this.#inRun > 0) this.#add('\t');
        break;
      case 'br':
      case 'cr':
        if (this.#inRun > 0 || name === 'br') this.#add('\n');
        break;
      case 'noBreakHyphen':
        this.#add('-');
        break;
      case 'framePr':
        // a large initial is a paragraph of its own, in a frame before the one whose first letter it is
        this.#initial = /^(?:drop|margin)$/.test(attribute(attributes, 'dropCap') ?? '');
        break;
      case 'pStyle':
        this.#style = attribute(attributes, 'val') ?? '';
        break;
      case 'footnoteReference':
      case 'endnoteReference':
      case 'commentReference':
        this.#refer(name.slice(0, -'Reference'.length) as NoteType, attribute(attributes, 'id'));
        break;
      case 'txbxContent':
        this.#levels.enter();
        break;
      case this.#noteType:
        this.#note = attribute(attributes, 'id') ?? '';
        this.#levels.enter();
        break;
    }
  }

  close(name: string): void {
    if (this.#passed > 0) {
      this.#passed--;
      return;
    }
    switch (name) {
      case 'r':
        this.#inRun--;
        this.#hidden = false;
        break;
      case 't':
        this.#inText = false;
        break;
      case 'p':
        this.#endParagraph();
        break;
      case 'tc':
        this.#levels.endCell();
        break;
      case 'tr':
        this.#levels.endLine();
        break;
      case 'txbxContent':
        this.#levels.addBox(this.#levels.leave());
        break;
      case this.#noteType:
        this.notes.set(this.#note, this.#levels.leave());
        break;
    }
  }

  #add(text: string): void {
    if (this.#hidden) return;
    this.#levels.add(text);
    if (this.#style !== '') this.#paragraph += text;
  }

  #refer(type: NoteType, identifier: string | undefined): void {
    if (identifier === undefined) return;
    const known = this.references.get(type) ?? new Set();
    this.references.set(type, known.add(identifier));
  }

  #endParagraph(): void {
    if (this.#paragraph.trim() !== '') {
      if (TITLE_STYLE.test(this.#style)) this.#title ??= this.#paragraph;
      if (HEADING_STYLE.test(this.#style)) this.#heading ??= this.#paragraph;
    }
    this.#style = '';
    this.#paragraph = '';
    this.#levels.endParagraph(!this.#initial);
    this.#initial = false;
  }
}
