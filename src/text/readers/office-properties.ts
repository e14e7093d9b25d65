// What documents of Word, Excel and PowerPoint say of themselves: docProps/core.xml and app.xml.
// Source: ECMA-376 part 2, section 11 (core properties), part 1, section 22.2 (extended properties).
import type { DocumentContent } from '../text-document.ts';
import { xmlDate } from './document-date.ts';
import { metadata } from './document-metadata.ts';
import { type OfficePackage, targetsOf } from './office-zip.ts';

const MOST_CHARACTERS = 10_000;

/** @param title where the properties have none */
export async function officeProperties(
  document: OfficePackage,
  title: string | undefined,
): Promise<Omit<DocumentContent, 'text'>> {
  const relations = await document.relations('');
  const core = await fieldsOf(document, targetsOf(relations, 'core-properties')[0] ?? 'docProps/core.xml');
  const extended = await fieldsOf(document, targetsOf(relations, 'extended-properties')[0] ?? 'docProps/app.xml');
  const pages = Number(extended.get('Pages') ?? extended.get('Slides'));
  const own = metadata({
    title: core.get('title'),
    author: core.get('creator'),
    date: xmlDate(core.get('modified')) ?? xmlDate(core.get('created')),
    language: core.get('language'),
    ...(Number.isSafeInteger(pages) ? { pages } : {}),
  });
  return own.title === undefined ? { ...own, ...metadata({ title }) } : own;
}

/** The first text of each element that has some. */
async function fieldsOf(document: OfficePackage, path: string): Promise<Map<string, string>> {
  const fields = new Map<string, string>();
  let present = '';
  let text = '';
  await document.readPart(path, {
    open(name) {
      present = name;
      text = '';
    },
    text(piece) {
      if (text.length < MOST_CHARACTERS) text += piece;
    },
    close(name) {
      if (name === present && text.trim() !== '' && !fields.has(name)) fields.set(name, text.trim());
    },
  });
  return fields;
}
