// Text inside text: notes and text boxes stand in the middle of paragraphs, and are put together apart from them.
import { TextBlocks } from './text-blocks.ts';

interface Level {
  readonly blocks: TextBlocks;
  /** How many paragraphs are open at this level. */
  paragraphs: number;
  /** Texts of boxes in the open paragraph, which follow it. */
  boxes: string[];
}

export class TextLevels {
  readonly #levels: Level[] = [newLevel()];

  /** Of the outermost level, once all is read. */
  get content(): string {
    return this.#levels[0]!.blocks.toString();
  }

  get full(): boolean {
    return this.#levels[0]!.blocks.full;
  }

  get inParagraph(): boolean {
    return this.#innermost.paragraphs > 0;
  }

  add(text: string): void {
    this.#innermost.blocks.add(text);
  }

  /** Adds a line of its own. */
  addLine(text: string): void {
    this.add(text);
    this.endLine();
  }

  endLine(): void {
    this.#innermost.blocks.endLine();
  }

  endCell(): void {
    this.#innermost.blocks.endCell();
  }

  beginParagraph(): void {
    this.#innermost.paragraphs++;
  }

  /** @param endsLine false where the next paragraph goes on in the same line */
  endParagraph(endsLine = true): void {
    const level = this.#innermost;
    if (level.paragraphs > 0) level.paragraphs--;
    if (endsLine) level.blocks.endLine();
    if (level.paragraphs === 0) for (const box of level.boxes.splice(0)) this.addLine(box);
  }

  /** What comes until {@link leave} stands apart. */
  enter(): void {
    this.#levels.push(newLevel());
  }

  /** Back to the level before: the text that stood apart. */
  leave(): string {
    return this.#levels.length > 1 ? this.#levels.pop()!.blocks.toString() : '';
  }

  /** Adds a box after the paragraph in which it stands. */
  addBox(text: string): void {
    if (this.inParagraph) this.#innermost.boxes.push(text);
    else this.addLine(text);
  }

  get #innermost(): Level {
    return this.#levels.at(-1)!;
  }
}

function newLevel(): Level {
  return { blocks: new TextBlocks(), paragraphs: 0, boxes: [] };
}
