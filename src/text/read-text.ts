// Bytes of a file → its text. One reader a format; what cannot be parsed is still read as plain text.
import { SandglassError } from '../errors.ts';
import { decodeText } from './decode-text.ts';
import { isProbablyText } from './probably-text.ts';
import { readHtml, readXml } from './read-html.ts';
import { parseJson, readJson, readJsonLines } from './read-json.ts';
import { readMarkdown } from './read-markdown.ts';
import { readTable } from './read-table.ts';
import { type TextAndTitle, type TextDocument, type TextFormat, titled } from './text-document.ts';
import { textFormat } from './text-format.ts';

const HAS_WORD = /[\p{L}\p{N}]/u;

/**
 * Reads a text file whose bytes are in memory. The format is chosen by content, then by the extension of `name`; JSON that
 * does not parse (comments, a cut end) is read as it stands, for its words are worth more than an error.
 *
 * @param name the file's name or path, used as a hint and in messages only
 * @throws {SandglassError} FILE_EMPTY when there is no letter and no digit; TEXT_BINARY when the bytes are not text
 */
export function readText(bytes: Uint8Array, name: string): TextDocument {
  if (bytes.length === 0) throw new SandglassError('FILE_EMPTY', `Expected text in ${name} but it has no bytes.`);
  if (!isProbablyText(bytes)) {
    throw new SandglassError(
      'TEXT_BINARY',
      `Expected text in ${name} but received binary data; exclude it or rename it.`,
    );
  }
  const { text: source, charset } = decodeText(bytes);
  const read = readFormat(source, textFormat(source, name));
  if (!HAS_WORD.test(read.text)) {
    throw new SandglassError('FILE_EMPTY', `Expected words in ${name} but there is no letter and no digit in it.`);
  }
  return { ...read, charset };
}

function readFormat(source: string, format: TextFormat): TextAndTitle & { readonly format: TextFormat } {
  switch (format) {
    case 'html':
      return { ...readHtml(source), format };
    case 'xml':
      return { ...readXml(source), format };
    case 'markdown':
      return { ...readMarkdown(source), format };
    case 'csv':
    case 'tsv':
      return { ...readTable(source, format), format };
    case 'json':
    case 'jsonl':
      return readJsonFormats(source);
    case 'code':
      return { text: source, format };
    case 'txt':
      return { ...titled(source, subjectOf(source)), format };
  }
}

function readJsonFormats(source: string): TextAndTitle & { readonly format: TextFormat } {
  const value = parseJson(source);
  if (value !== undefined) return { ...readJson(value), format: 'json' };
  const lines = readJsonLines(source);
  return lines === undefined ? { text: source, format: 'txt' } : { ...lines, format: 'jsonl' };
}

const MAIL_HEADER = /^(?:[A-Za-z][A-Za-z0-9-]{1,40}:[ \t][^\n]*\n(?:[ \t]+\S[^\n]*\n)*)+/;
const SUBJECT = /^Subject:[ \t]*(?:Re:[ \t]*)*(.+)$/im;

/** The subject of a mail or news post: a text that begins with header lines, one of them `Subject:`. */
function subjectOf(text: string): string | undefined {
  const header = MAIL_HEADER.exec(text.slice(0, 8_192).replaceAll('\r\n', '\n'));
  return header === null ? undefined : SUBJECT.exec(header[0])?.[1];
}
