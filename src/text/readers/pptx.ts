// PowerPoint slides (.pptx) → text: slide by slide, each followed by its notes.
// Source: ECMA-376 part 1, section 19 (PresentationML).
import { hasWord } from '../has-word.ts';
import type { DocumentContent } from '../text-document.ts';
import { brokenDocument, documentWithoutText } from './document-refusals.ts';
import { DrawingText, drawingTexts } from './drawing-text.ts';
import { officeProperties } from './office-properties.ts';
import { mainPart, type OfficePackage, openOfficeZip, relationOf, targetsOf } from './office-zip.ts';
import { TextBlocks } from './text-blocks.ts';

const MOST_SLIDES = 10_000;

/**
 * @param name for messages
 * @throws SandglassError DOCUMENT_ENCRYPTED, DOCUMENT_BROKEN, DOCUMENT_WITHOUT_TEXT, FILE_EMPTY, FILE_TOO_LARGE
 */
export async function readPptx(bytes: Uint8Array, name: string): Promise<DocumentContent> {
  const document = await openOfficeZip(bytes, name);
  const main = await mainPart(document, 'ppt/presentation.xml');
  const slides = await slidesOf(document, main);
  if (slides === undefined) throw brokenDocument(name, `it has no part ${main}`);
  const blocks = new TextBlocks();
  let title: string | undefined;
  for (const path of slides.slice(0, MOST_SLIDES)) {
    if (blocks.full) break;
    const slide = new DrawingText();
    await document.readPart(path, slide);
    const relations = await document.relations(path);
    const texts = [slide.content, ...(await drawingTexts(document, relations))];
    for (const target of targetsOf(relations, 'notesSlide', 'comments')) {
      const notes = new DrawingText();
      await document.readPart(target, notes);
      texts.push(notes.content);
    }
    for (const text of texts) {
      blocks.add(text);
      blocks.endLine();
    }
    title ??= slide.title;
  }
  const text = blocks.toString();
  if (!hasWord(text)) throw documentWithoutText(name, slides.length > 0);
  return { text, ...(await officeProperties(document, title)), pages: slides.length };
}

/** The paths of the slides in the order in which they are shown. */
async function slidesOf(document: OfficePackage, main: string): Promise<string[] | undefined> {
  const identifiers: string[] = [];
  const found = await document.readPart(main, {
    open(tag, attributes) {
      // `id` is a number of the slide's own; the relation is in the `id` with a prefix
      if (tag === 'sldId') identifiers.push(relationOf(attributes));
    },
  });
  if (!found) return undefined;
  const relations = await document.relations(main);
  return identifiers.flatMap((identifier) => relations.get(identifier)?.target ?? []);
}
