// PDF → its text page by page, and what it says of itself.
import { SandglassError } from '../../errors.ts';
import { hasWord } from '../has-word.ts';
import type { DocumentContent } from '../text-document.ts';
import { pdfDate } from './document-date.ts';
import { metadata } from './document-metadata.ts';
import { brokenDocument, documentWithoutText, lockedDocument } from './document-refusals.ts';
import { MOST_TEXT } from './limits.ts';
import { joinBrokenWords } from './pdf-lines.ts';
import { openPdf, type PdfFile, PdfRefused } from './pdfium.ts';

/** A damaged file may promise any number of pages that it does not have. */
const MOST_MISSING_PAGES = 1_000;
const MOST_PAGES = 100_000;

/**
 * A document that opens with the empty password is read, whatever it forbids.
 *
 * @param name for messages
 * @throws SandglassError DOCUMENT_ENCRYPTED, DOCUMENT_BROKEN, DOCUMENT_WITHOUT_TEXT, FILE_EMPTY, FILE_TOO_LARGE
 */
export async function readPdf(bytes: Uint8Array, name: string): Promise<DocumentContent> {
  const file = await open(bytes, name);
  try {
    const { text, drawn, read } = pagesOf(file, name);
    if (read === 0) throw brokenDocument(name, 'none of its pages can be read');
    if (!hasWord(text)) throw documentWithoutText(name, drawn);
    return {
      text,
      ...metadata({
        title: file.field('Title'),
        author: file.field('Author'),
        date: pdfDate(file.field('ModDate')) ?? pdfDate(file.field('CreationDate')),
        language: file.language(),
        pages: file.pages,
      }),
    };
  } catch (error) {
    throw error instanceof SandglassError ? error : brokenDocument(name, String(error), error);
  } finally {
    file.close();
  }
}

async function open(bytes: Uint8Array, name: string): Promise<PdfFile> {
  try {
    return await openPdf(bytes);
  } catch (error) {
    if (!(error instanceof PdfRefused)) throw brokenDocument(name, String(error), error);
    switch (error.reason) {
      case 'password':
      case 'security':
        throw lockedDocument(name, error);
      case 'format':
      case 'unknown':
        throw brokenDocument(name, 'it has no readable table of objects', error);
    }
  }
}

function pagesOf(file: PdfFile, name: string): { text: string; drawn: boolean; read: number } {
  if (file.pages > MOST_PAGES) {
    throw new SandglassError(
      'FILE_TOO_LARGE',
      `Expected at most ${MOST_PAGES} pages in ${name} but it has ${file.pages}.`,
    );
  }
  const texts: string[] = [];
  let characters = 0;
  let drawn = false;
  let read = 0;
  for (let index = 0; index < file.pages && characters <= MOST_TEXT; index++) {
    const page = file.page(index);
    if (page === undefined) {
      if (index - read >= MOST_MISSING_PAGES) break;
      continue;
    }
    read++;
    drawn ||= page.drawn;
    const text = tidy(page.text);
    texts.push(text);
    characters += text.length;
    const known = oneLine(text);
    for (const remark of page.remarks.map(tidy)) if (!known.includes(oneLine(remark))) texts.push(remark);
  }
  return { text: joinBrokenWords(texts.filter((text) => text !== '').join('\n')), drawn, read };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

/** Compatibility forms of letters (ligatures, presentation forms of Arabic) become the letters they stand for. */
const LIGATURES = /[\uFB00-\uFB06\uFB13-\uFDFF\uFE70-\uFEFC]+/g;

function tidy(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\0\uFEFF]/g, '')
    .replace(LIGATURES, (forms) => forms.normalize('NFKC'))
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n[ \n]*/g, '\n')
    .trim();
}
