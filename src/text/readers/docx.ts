// Word documents (.docx) → text: the body, then notes, comments, headers and footers.
// Source: ECMA-376 part 1, section 17 (WordprocessingML).
import { hasWord } from '../has-word.ts';
import type { DocumentContent } from '../text-document.ts';
import { brokenDocument, documentWithoutText } from './document-refusals.ts';
import { drawingTexts } from './drawing-text.ts';
import { officeProperties } from './office-properties.ts';
import { mainPart, type OfficePackage, openOfficeZip, type Relation, targetsOf } from './office-zip.ts';
import { TextBlocks } from './text-blocks.ts';
import { WordText } from './word-text.ts';

/**
 * @param name for messages
 * @throws SandglassError DOCUMENT_ENCRYPTED, DOCUMENT_BROKEN, DOCUMENT_WITHOUT_TEXT, FILE_EMPTY, FILE_TOO_LARGE
 */
export async function readDocx(bytes: Uint8Array, name: string): Promise<DocumentContent> {
  const document = await openOfficeZip(bytes, name);
  const main = await mainPart(document, 'word/document.xml');
  const body = new WordText();
  if (!(await document.readPart(main, body))) throw brokenDocument(name, `it has no part ${main}`);
  const relations = await document.relations(main);

  const blocks = new TextBlocks();
  const line = (text: string) => {
    blocks.add(text);
    blocks.endLine();
  };
  line(body.content);
  for (const note of await notesOf(document, relations, body)) line(note);
  for (const text of await drawingTexts(document, relations)) line(text);
  const around = new Set<string>();
  for (const target of targetsOf(relations, 'header', 'footer')) around.add(await textOf(document, target));
  for (const text of around) line(text);

  const text = blocks.toString();
  if (!hasWord(text)) throw documentWithoutText(name, targetsOf(relations, 'image').length > 0);
  return { text, ...(await officeProperties(document, body.title)) };
}

/** Footnotes, endnotes and comments in the order in which the body refers to them. */
async function notesOf(
  document: OfficePackage,
  relations: ReadonlyMap<string, Relation>,
  body: WordText,
): Promise<string[]> {
  const texts: string[] = [];
  for (const [type, identifiers] of body.references) {
    const notes = new Map<string, string>();
    for (const target of targetsOf(relations, `${type}s`)) {
      const part = new WordText(type);
      await document.readPart(target, part);
      for (const [identifier, text] of part.notes) notes.set(identifier, text);
    }
    for (const identifier of identifiers) texts.push(notes.get(identifier) ?? '');
  }
  return texts;
}

async function textOf(document: OfficePackage, path: string): Promise<string> {
  const part = new WordText();
  await document.readPart(path, part);
  return part.content;
}
