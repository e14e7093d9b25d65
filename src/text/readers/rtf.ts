// RTF → text. Source: Rich Text Format Specification 1.9.1.
import { hasWord } from '../has-word.ts';
import type { DocumentContent } from '../text-document.ts';
import { metadata } from './document-metadata.ts';
import { brokenDocument, documentWithoutText } from './document-refusals.ts';
import { RtfScanner } from './rtf-scanner.ts';
import { RtfText } from './rtf-text.ts';

/**
 * The body, then footnotes, comments, headers and footers. What is hidden or was deleted is left out.
 *
 * @param name for messages
 * @throws SandglassError DOCUMENT_BROKEN, DOCUMENT_WITHOUT_TEXT, FILE_EMPTY
 */
export async function readRtf(bytes: Uint8Array, name: string): Promise<DocumentContent> {
  const scanner = new RtfScanner(bytes);
  if (!scanner.begins()) throw brokenDocument(name, 'it does not begin like RTF');
  const document = new RtfText();
  for (let token = scanner.next(); token !== undefined && !document.full; token = scanner.next()) document.take(token);
  const text = document.content();
  if (!hasWord(text)) throw documentWithoutText(name, document.pictures);
  return {
    text,
    ...metadata({ title: document.title, author: document.author, date: document.date, pages: document.pages }),
  };
}
