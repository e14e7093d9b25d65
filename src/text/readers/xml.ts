// XML of any kind → its character data.
import type { DocumentContent } from '../text-document.ts';
import { metadata } from './document-metadata.ts';
import { elementTexts } from './element-texts.ts';
import { textOfXml } from './markup-text.ts';
import { writtenDate } from './written-date.ts';

/** What a document says of itself stands near its beginning. */
const HEAD = 100_000;

/** Things in which characters stand for something else. */
const UNREAD = new Set([
  'office:binary-data',
  'office:styles',
  'office:automatic-styles',
  'office:settings',
  'office:scripts',
]);

/** The character data of an XML document, one line an element; its title is the first `title` element (also `dc:title`). */
export function readXml(source: string): DocumentContent {
  const found = elementTexts(source.slice(0, HEAD), [
    'title',
    'creator',
    'author',
    'date',
    'pubdate',
    'updated',
    'language',
  ]);
  const first = (...names: string[]) =>
    found.find(({ path, text }) => text !== '' && names.includes(path.slice(path.lastIndexOf('/') + 1)))?.text;
  return {
    text: textOfXml(source, UNREAD),
    ...metadata({
      title: first('title'),
      author: first('creator', 'author'),
      date: writtenDate(first('date', 'pubdate', 'updated')),
      language: first('language'),
    }),
  };
}
