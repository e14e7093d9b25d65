// Excel sheets (.xlsx) → text: each sheet with its name, rows as lines, cells with tabs between them; comments, words in drawings.
// Source: ECMA-376 part 1, section 18 (SpreadsheetML).
import { hasWord } from '../has-word.ts';
import type { DocumentContent } from '../text-document.ts';
import { cellStyles } from './cell-styles.ts';
import { brokenDocument, documentWithoutText } from './document-refusals.ts';
import { DrawingText, drawingTexts } from './drawing-text.ts';
import { officeProperties } from './office-properties.ts';
import { mainPart, type OfficePackage, openOfficeZip, relationOf, targetsOf } from './office-zip.ts';
import { SharedStrings, SheetText } from './sheet-text.ts';
import { TextBlocks } from './text-blocks.ts';
import { attribute } from './xml-events.ts';

const MOST_SHEETS = 10_000;

interface Sheet {
  readonly name: string;
  readonly relation: string;
}

/**
 * Hidden sheets are not read; of formulas, the values they last had.
 *
 * @param name for messages
 * @throws SandglassError DOCUMENT_ENCRYPTED, DOCUMENT_BROKEN, DOCUMENT_WITHOUT_TEXT, FILE_EMPTY, FILE_TOO_LARGE
 */
export async function readXlsx(bytes: Uint8Array, name: string): Promise<DocumentContent> {
  const document = await openOfficeZip(bytes, name);
  const main = await mainPart(document, 'xl/workbook.xml');
  const workbook = await workbookOf(document, main);
  if (workbook === undefined) throw brokenDocument(name, `it has no part ${main}`);
  const relations = await document.relations(main);
  const strings = new SharedStrings();
  for (const target of targetsOf(relations, 'sharedStrings')) await document.readPart(target, strings);
  const styles = await cellStyles(document, targetsOf(relations, 'styles')[0], workbook.since1904);

  const blocks = new TextBlocks();
  let drawn = false;
  for (const sheet of workbook.sheets.slice(0, MOST_SHEETS)) {
    const path = relations.get(sheet.relation)?.target;
    if (path === undefined || blocks.full) continue;
    const cells = new SheetText(strings.texts, styles);
    await document.readPart(path, cells);
    const around = await aroundSheet(document, path);
    drawn ||= around.length > 0;
    const texts = [cells.content, ...around].filter((text) => text !== '');
    if (texts.length === 0) continue;
    for (const text of [sheet.name, ...texts]) {
      blocks.add(text);
      blocks.endLine();
    }
  }
  const text = blocks.toString();
  if (!hasWord(text)) throw documentWithoutText(name, drawn);
  return { text, ...(await officeProperties(document, undefined)), pages: workbook.sheets.length };
}

async function workbookOf(
  document: OfficePackage,
  path: string,
): Promise<{ sheets: Sheet[]; since1904: boolean } | undefined> {
  const sheets: Sheet[] = [];
  let since1904 = false;
  const found = await document.readPart(path, {
    open(tag, attributes) {
      if (tag === 'workbookPr') since1904 = /^(?:1|true)$/.test(attribute(attributes, 'date1904') ?? '');
      if (tag !== 'sheet' || /hidden/i.test(attribute(attributes, 'state') ?? '')) return;
      sheets.push({ name: attribute(attributes, 'name') ?? '', relation: relationOf(attributes) });
    },
  });
  return found ? { sheets, since1904 } : undefined;
}

/** Comments on cells, text in shapes, diagrams and charts. */
async function aroundSheet(document: OfficePackage, path: string): Promise<string[]> {
  const texts: string[] = [];
  const relations = await document.relations(path);
  for (const target of targetsOf(relations, 'comments', 'threadedComment')) {
    const comments = new SharedStrings('comment');
    await document.readPart(target, comments);
    texts.push(...comments.texts);
  }
  for (const target of targetsOf(relations, 'drawing')) {
    const drawing = new DrawingText();
    await document.readPart(target, drawing);
    texts.push(drawing.content, ...(await drawingTexts(document, await document.relations(target))));
  }
  return texts;
}
