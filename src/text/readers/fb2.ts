// Books in FictionBook 2 → their text. Description of the format: the schema FictionBook2.21.xsd of its authors.
import { SandglassError } from '../../errors.ts';
import { decodeText } from '../decode-text.ts';
import type { DocumentContent } from '../text-document.ts';
import { metadata } from './document-metadata.ts';
import { brokenDocument } from './document-refusals.ts';
import { elementTexts } from './element-texts.ts';
import { textOfXml } from './markup-text.ts';
import { writtenDate } from './written-date.ts';
import { openZip } from './zip.ts';

/** The description stands first and is short. */
const HEAD = 200_000;

const UNREAD = new Set([
  'binary',
  'stylesheet',
  'document-info',
  'publish-info',
  'custom-info',
  'src-title-info',
  'title-info',
]);

/** The words of all bodies (text, notes); the annotation first; pictures left out. */
export function readFb2(source: string): DocumentContent {
  const info = (path: string) => `description/title-info/${path}`;
  const found = elementTexts(source.slice(0, HEAD), [
    info('book-title'),
    info('annotation'),
    info('lang'),
    info('date'),
    info('author/first-name'),
    info('author/middle-name'),
    info('author/last-name'),
    info('author/nickname'),
    info('author'),
  ]);
  const all = (path: string) => found.filter((element) => element.path.endsWith(info(path)));
  const title = all('book-title')[0]?.text;
  const date = all('date')[0];
  const text = textOfXml(source, UNREAD);
  const before = [title, all('annotation')[0]?.text].filter((part) => part);
  return {
    text: [...before, text].join('\n'),
    ...metadata({
      title,
      author: authorsOf(found, info('author')),
      date: writtenDate(date?.attributes.get('value')) ?? writtenDate(date?.text),
      language: all('lang')[0]?.text,
    }),
  };
}

function authorsOf(found: ReturnType<typeof elementTexts>, author: string): string {
  const authors: string[][] = [];
  for (const { path, text } of found) {
    if (path.endsWith(author)) authors.push([]);
    else if (path.includes(`${author}/`) && text !== '') authors.at(-1)?.push(text);
  }
  return authors
    .map((names) => names.join(' '))
    .filter((name) => name !== '')
    .join(', ');
}

/** A book packed as `.fb2.zip`: the archive's only book. */
export async function readPackedFb2(bytes: Uint8Array, name: string): Promise<DocumentContent> {
  const zip = await openZip(bytes, name);
  const book = zip.names.find((path) => /\.fb2$/i.test(path));
  const content = book === undefined ? undefined : await zip.read(book);
  if (content === undefined) throw brokenDocument(name, 'there is no book in the archive');
  if (content.length === 0) throw new SandglassError('FILE_EMPTY', `Expected a book in ${name} but it has no bytes.`);
  return readFb2(decodeText(content).text);
}
