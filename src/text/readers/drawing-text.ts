// Text in drawings of Word, Excel and PowerPoint: slides, shapes, diagrams, the words of charts.
// Source: ECMA-376 part 1, section 21 (DrawingML).
import { type OfficePackage, type Relation, targetsOf } from './office-zip.ts';
import { TextBlocks } from './text-blocks.ts';
import { type Attributes, attribute, type XmlEvents } from './xml-events.ts';

/** Placeholders that repeat what is no one's text: page numbers, dates, running heads of notes. */
const PASSED_PLACEHOLDERS = new Set(['sldNum', 'dt', 'hdr', 'sldImg']);

/** The paragraphs of a drawing, its tables, and the words (not the numbers) of a chart. */
export class DrawingText implements XmlEvents {
  readonly #blocks = new TextBlocks();
  #inText = false;
  #inWords = false;
  #passed = 0;
  #placeholder = '';
  #shape = '';
  #title: string | undefined;

  /** The text of the shape that holds a slide's title. */
  get title(): string | undefined {
    return this.#title;
  }

  /** All of it, once the part was read. */
  get content(): string {
    return this.#blocks.toString();
  }

  text(piece: string): void {
    if (!this.#inText || this.#passed > 0 || PASSED_PLACEHOLDERS.has(this.#placeholder)) return;
    this.#blocks.add(piece);
    this.#shape += piece;
  }

  enough(): boolean {
    return this.#blocks.full;
  }

  open(name: string, attributes: Attributes): void {
    if (this.#passed > 0 || name === 'Fallback') {
      this.#passed++;
      return;
    }
    if (name === 't') this.#inText = true;
    else if (name === 'sp') {
      this.#placeholder = '';
      this.#shape = '';
    } else if (name === 'ph') this.#placeholder = attribute(attributes, 'type') ?? 'body';
    else if (name === 'br') this.#blocks.add('\n');
    else if (name === 'strCache') this.#inWords = true;
    else if (name === 'v' && this.#inWords) this.#inText = true;
  }

  close(name: string): void {
    if (this.#passed > 0) {
      this.#passed--;
      return;
    }
    if (name === 't') this.#inText = false;
    else if (name === 'p') {
      this.#blocks.endLine();
      this.#shape += ' ';
    } else if (name === 'tc') this.#blocks.endCell();
    else if (name === 'tr') this.#blocks.endLine();
    else if (name === 'sp') this.#endShape();
    else if (name === 'strCache') this.#inWords = false;
    else if (name === 'v' && this.#inWords) {
      this.#inText = false;
      this.#blocks.endLine();
    }
  }

  #endShape(): void {
    if (/^(?:title|ctrTitle)$/.test(this.#placeholder) && this.#shape.trim() !== '') this.#title ??= this.#shape;
    this.#placeholder = '';
  }
}

/** The texts of the diagrams and charts that a part shows. */
export async function drawingTexts(
  document: OfficePackage,
  relations: ReadonlyMap<string, Relation>,
): Promise<string[]> {
  const texts: string[] = [];
  for (const target of targetsOf(relations, 'diagramData', 'chart')) {
    const drawing = new DrawingText();
    await document.readPart(target, drawing);
    // each series of a chart repeats the words of its axis
    texts.push([...new Set(drawing.content.split('\n'))].join('\n'));
  }
  return texts;
}
