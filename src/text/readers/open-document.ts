// OpenDocument texts, sheets and slides (.odt, .ods, .odp) → text. Source: OpenDocument 1.3, parts 2 and 3.
import { hasWord } from '../has-word.ts';
import type { DocumentContent } from '../text-document.ts';
import { xmlDate } from './document-date.ts';
import { metadata } from './document-metadata.ts';
import { brokenDocument, documentWithoutText, lockedDocument } from './document-refusals.ts';
import { type OfficePackage, openOfficeZip } from './office-zip.ts';
import { OpenDocumentText } from './open-document-text.ts';
import { TextBlocks } from './text-blocks.ts';
import { attribute } from './xml-events.ts';

const MOST_OBJECTS = 1_000;

/**
 * @param name for messages
 * @throws SandglassError DOCUMENT_ENCRYPTED, DOCUMENT_BROKEN, DOCUMENT_WITHOUT_TEXT, FILE_EMPTY, FILE_TOO_LARGE
 */
export async function readOpenDocument(bytes: Uint8Array, name: string): Promise<DocumentContent> {
  const document = await openOfficeZip(bytes, name);
  if (await isLocked(document)) throw lockedDocument(name);
  const body = new OpenDocumentText('body');
  if (!(await document.readPart('content.xml', body))) throw brokenDocument(name, 'it has no part content.xml');

  const blocks = new TextBlocks();
  const heads = body.kind === 'text' ? await runningHeads(document) : [];
  for (const text of [body.content, ...body.notes, ...(await objectsOf(document, body)), ...heads]) {
    blocks.add(text);
    blocks.endLine();
  }
  const text = blocks.toString();
  if (!hasWord(text)) {
    throw documentWithoutText(
      name,
      document.names.some((path) => path.startsWith('Pictures/')),
    );
  }
  return { text, ...(await propertiesOf(document, body.title)) };
}

/** The manifest says of each part how it is encrypted. */
async function isLocked(document: OfficePackage): Promise<boolean> {
  let locked = false;
  await document.readPart('META-INF/manifest.xml', {
    open(tag) {
      locked ||= tag === 'encryption-data';
    },
  });
  return locked || document.names.includes('encrypted-package');
}

/** Formulas and charts, which are documents within the document. */
async function objectsOf(document: OfficePackage, body: OpenDocumentText): Promise<string[]> {
  const texts: string[] = [];
  for (const path of [...body.objects].slice(0, MOST_OBJECTS)) {
    const object = new OpenDocumentText('body');
    await document.readPart(`${path}/content.xml`, object);
    texts.push(object.content);
  }
  return texts;
}

/** Headers and footers of the pages, each text once. */
async function runningHeads(document: OfficePackage): Promise<string[]> {
  const heads = new OpenDocumentText('heads');
  await document.readPart('styles.xml', heads);
  return [...new Set(heads.notes)];
}

async function propertiesOf(
  document: OfficePackage,
  title: string | undefined,
): Promise<Omit<DocumentContent, 'text'>> {
  const fields = new Map<string, string>();
  let text = '';
  let pages: number | undefined;
  await document.readPart('meta.xml', {
    open(tag, attributes) {
      text = '';
      if (tag === 'document-statistic') pages = Number(attribute(attributes, 'page-count'));
    },
    text(piece) {
      text = (text + piece).slice(0, 10_000);
    },
    close(tag) {
      if (text.trim() !== '' && !fields.has(tag)) fields.set(tag, text.trim());
      text = '';
    },
  });
  return metadata({
    title: fields.get('title') ?? title,
    author: fields.get('initial-creator') ?? fields.get('creator'),
    date: xmlDate(fields.get('date')) ?? xmlDate(fields.get('creation-date')),
    language: fields.get('language'),
    pages: Number.isSafeInteger(pages) ? pages : undefined,
  });
}
