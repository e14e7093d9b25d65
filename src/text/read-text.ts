// Bytes of a file → its text. One reader a format; what cannot be parsed is still read as plain text.
import { SandglassError } from '../errors.ts';
import { decodeText } from './decode-text.ts';
import { hasWord } from './has-word.ts';
import { isProbablyText } from './probably-text.ts';
import { metadata } from './readers/document-metadata.ts';
import { readFb2 } from './readers/fb2.ts';
import { parseJson, readJson, readJsonLines } from './readers/json.ts';
import { readMarkdown } from './readers/markdown.ts';
import { readNotebook } from './readers/notebook.ts';
import { plainTitle } from './readers/plain-title.ts';
import { readSubtitles } from './readers/subtitles.ts';
import { readTable } from './readers/table.ts';
import { writtenDate } from './readers/written-date.ts';
import { readXml } from './readers/xml.ts';
import type { CharacterFormat, DocumentContent, TextDocument } from './text-document.ts';
import { textFormat } from './text-format.ts';

/**
 * Reads a text file whose bytes are in memory. The format is chosen by content, then by the extension of `name`; JSON that
 * does not parse (comments, a cut end) is read as it stands, for its words are worth more than an error. Mail, too, is read as
 * it stands: `readDocument` decodes it.
 *
 * @param name the file's name or path, used as a hint and in messages only
 * @throws {SandglassError} FILE_EMPTY when there is no letter and no digit; TEXT_BINARY when the bytes are not text
 */
export async function readText(bytes: Uint8Array, name: string): Promise<TextDocument> {
  if (bytes.length === 0) throw new SandglassError('FILE_EMPTY', `Expected text in ${name} but it has no bytes.`);
  if (!isProbablyText(bytes)) {
    throw new SandglassError(
      'TEXT_BINARY',
      `Expected text in ${name} but received binary data; exclude it or rename it.`,
    );
  }
  const { text: source, charset } = decodeText(bytes);
  const read = await readFormat(source, textFormat(source, name), name);
  if (!hasWord(read.text)) {
    throw new SandglassError('FILE_EMPTY', `Expected words in ${name} but there is no letter and no digit in it.`);
  }
  return { ...read, charset };
}

type Read = DocumentContent & { readonly format: CharacterFormat };

async function readFormat(source: string, format: CharacterFormat, name: string): Promise<Read> {
  switch (format) {
    case 'html': {
      // finding a page's content takes a DOM, which other formats need not load
      const { readHtml } = await import('./readers/html.ts');
      return { ...readHtml(source), format };
    }
    case 'xml':
      return { ...readXml(source), format };
    case 'fb2':
      return { ...readFb2(source), format };
    case 'markdown':
      return { ...readMarkdown(source), format };
    case 'subtitles':
      return { ...readSubtitles(source), format };
    case 'csv':
    case 'tsv':
      return { ...readTable(source, format), format };
    case 'json':
    case 'jsonl':
    case 'notebook':
      return readJsonFormats(source);
    case 'code':
      return { text: source, format };
    case 'mail':
    case 'mbox':
    case 'txt':
      return { text: source, ...metadata({ title: plainTitle(source, name) }), ...headerFacts(source), format };
  }
}

function readJsonFormats(source: string): Read {
  const value = parseJson(source);
  if (value !== undefined) {
    const notebook = readNotebook(value);
    return notebook === undefined ? { ...readJson(value), format: 'json' } : { ...notebook, format: 'notebook' };
  }
  const lines = readJsonLines(source);
  return lines === undefined ? { text: source, format: 'txt' } : { ...lines, format: 'jsonl' };
}

const MAIL_HEADER = /^(?:[A-Za-z][A-Za-z0-9-]{1,40}:[ \t][^\n]*\n(?:[ \t]+\S[^\n]*\n)*)+/;
const SUBJECT = /^Subject:[ \t]*(?:Re:[ \t]*)*(.+)$/im;

/** What a mail or news post in plain text says of itself: a text that begins with header lines, one of them `Subject:`. */
function headerFacts(text: string): Omit<DocumentContent, 'text'> {
  const header = MAIL_HEADER.exec(text.slice(0, 8_192).replaceAll('\r\n', '\n'))?.[0];
  const title = header === undefined ? undefined : SUBJECT.exec(header)?.[1];
  if (header === undefined || title === undefined) return {};
  const line = (name: string) => new RegExp(`^${name}:[ \\t]*(.+)$`, 'im').exec(header)?.[1];
  return metadata({ title, author: line('From'), date: writtenDate(line('Date')) });
}
