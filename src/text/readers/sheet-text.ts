// Parts of an Excel workbook → text: the list of strings that cells share, and the cells of one sheet.
import type { CellStyles } from './cell-styles.ts';
import { TextBlocks } from './text-blocks.ts';
import { type Attributes, attribute, type XmlEvents } from './xml-events.ts';

const MOST_STRINGS = 10_000_000;

/** Rich strings, one a `si`, without the phonetic readings that are shown above them. */
export class SharedStrings implements XmlEvents {
  readonly texts: string[] = [];
  readonly #element: string;
  #text = '';
  #inText = false;
  #phonetic = false;

  /** @param element what holds one string: `si` in the list that is shared, `comment` in a sheet's comments */
  constructor(element = 'si') {
    this.#element = element;
  }

  enough(): boolean {
    return this.texts.length >= MOST_STRINGS;
  }

  open(name: string): void {
    if (name === this.#element) this.#text = '';
    else if (name === 'rPh') this.#phonetic = true;
    else if (name === 't') this.#inText = true;
  }

  text(piece: string): void {
    if (this.#inText && !this.#phonetic) this.#text += piece;
  }

  close(name: string): void {
    if (name === this.#element) this.texts.push(this.#text);
    else if (name === 'rPh') this.#phonetic = false;
    else if (name === 't') this.#inText = false;
  }
}

export class SheetText implements XmlEvents {
  readonly #strings: readonly string[];
  readonly #styles: CellStyles;
  readonly #blocks = new TextBlocks();
  #type = '';
  #style = 0;
  #value = '';
  #inValue = false;

  constructor(strings: readonly string[], styles: CellStyles) {
    this.#strings = strings;
    this.#styles = styles;
  }

  /** All of it, once the part was read. */
  get content(): string {
    return this.#blocks.toString();
  }

  enough(): boolean {
    return this.#blocks.full;
  }

  open(name: string, attributes: Attributes): void {
    if (name === 'c') {
      this.#type = attribute(attributes, 't') ?? 'n';
      this.#style = Number(attribute(attributes, 's') ?? 0);
      this.#value = '';
    } else if (name === 'v' || name === 't') this.#inValue = true;
  }

  text(piece: string): void {
    if (this.#inValue) this.#value += piece;
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.#inValue = false;
    else if (name === 'c') {
      this.#blocks.add(this.#shown().replace(/\s+/g, ' '));
      this.#blocks.endCell();
    } else if (name === 'row') this.#blocks.endLine();
  }

  #shown(): string {
    switch (this.#type) {
      case 's':
        return this.#strings[Number(this.#value)] ?? '';
      case 'n':
        return this.#styles.number(this.#value, this.#style);
      case 'b':
        return this.#value === '1' ? 'TRUE' : 'FALSE';
      case 'd':
        return this.#value.replace(/T00:00:00(?:\.0+)?Z?$/, '');
      default:
        return this.#value;
    }
  }
}
