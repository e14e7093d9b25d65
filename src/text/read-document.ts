// Bytes of a document in any format that is read → its text and what it says of itself.
import { extname } from 'node:path';
import { SandglassError } from '../errors.ts';
import { decodeText } from './decode-text.ts';
import { type DocumentGuess, documentFormat, type PackedFormat, packedFormatOf, zipFormat } from './document-format.ts';
import { hasWord } from './has-word.ts';
import { isProbablyText } from './probably-text.ts';
import { readText } from './read-text.ts';
import { brokenDocument, lockedDocument } from './readers/document-refusals.ts';
import { MOST_TEXT } from './readers/limits.ts';
import type { DocumentContent, TextDocument } from './text-document.ts';
import { textFormat } from './text-format.ts';
import { unsupportedDocument } from './unsupported-documents.ts';

const MAIL_NAME = /\.(?:emlx?|mht(?:ml)?|mbo?x)$/i;

/**
 * Reads a document whose bytes are in memory: in the format that its content shows, else in the one its name claims.
 *
 * @param name the file's name or path, used as a hint and in messages only
 * @throws {SandglassError} FILE_EMPTY when there is no letter and no digit; TEXT_BINARY when the bytes are no document;
 * KIND_UNSUPPORTED for documents of kinds that are not read; DOCUMENT_ENCRYPTED; DOCUMENT_BROKEN; DOCUMENT_WITHOUT_TEXT
 * when there are only pictures; FILE_TOO_LARGE when it unpacks to more than the limits
 */
export async function readDocument(bytes: Uint8Array, name: string): Promise<TextDocument> {
  if (bytes.length === 0) throw new SandglassError('FILE_EMPTY', `Expected text in ${name} but it has no bytes.`);
  const extension = extname(name).slice(1).toLowerCase();
  const guess = documentFormat(bytes, extension) ?? claimed(bytes, extension);
  const document = guess === undefined ? await readCharacters(bytes, name) : await readPacked(bytes, name, guess);
  return document.text.length <= MOST_TEXT ? document : { ...document, text: cut(document.text) };
}

/** A document of no kind that shows: what its name says, unless it can be read as characters. */
function claimed(bytes: Uint8Array, extension: string): DocumentGuess | undefined {
  const format = packedFormatOf(extension);
  return format === undefined || isProbablyText(bytes) ? undefined : { format };
}

/** Mail is decoded part by part, each in its own character set; all else as one text. */
async function readCharacters(bytes: Uint8Array, name: string): Promise<TextDocument> {
  if (!mayBeMail(bytes, name) || !isProbablyText(bytes)) return readText(bytes, name);
  const head = decodeText(bytes.subarray(0, 65_536)).text;
  const format = textFormat(head, name);
  if (format !== 'mail' && format !== 'mbox') return readText(bytes, name);
  const { readMail, readMailbox } = await import('./readers/mail.ts');
  const mail = await (format === 'mail' ? readMail(bytes) : readMailbox(bytes));
  // what only seems to be mail is read as it stands
  return hasWord(mail.text) ? { ...mail, format } : readText(bytes, name);
}

/** Without decoding anything: asked of every text. */
function mayBeMail(bytes: Uint8Array, name: string): boolean {
  return MAIL_NAME.test(name) || Buffer.from(bytes.subarray(0, 5)).toString('latin1') === 'From ';
}

async function readPacked(bytes: Uint8Array, name: string, guess: DocumentGuess): Promise<TextDocument> {
  const extension = extname(name).slice(1).toLowerCase();
  const { format, locked, type } = guess.container === 'zip' ? await lookInside(bytes, name, extension) : guess;
  if (locked) throw lockedDocument(name);
  if (type !== undefined) throw unsupportedDocument(type, name);
  const meant = format ?? packedFormatOf(extension);
  if (meant === undefined) throw unsupportedDocument(guess.container === 'zip' ? 'zip' : 'cfb', name);
  return withWords(await readFormat(meant, bytes, name), name);
}

/** The first entries of an archive did not tell what it is: its directory lists them all. */
async function lookInside(bytes: Uint8Array, name: string, extension: string): Promise<DocumentGuess> {
  const { openZip } = await import('./readers/zip.ts');
  const { names } = await openZip(bytes, name);
  const guess = zipFormat({ names });
  if (guess.container === undefined || packedFormatOf(extension) === undefined) return guess;
  // an OpenDocument file that does not say which
  if (names.includes('content.xml')) return guess;
  throw brokenDocument(name, `it is an archive without a .${extension} document in it`);
}

async function readFormat(format: PackedFormat, bytes: Uint8Array, name: string): Promise<TextDocument> {
  if (format === 'epub') {
    const { readEpub } = await import('./readers/epub.ts');
    return { ...(await readEpub(bytes, name)), format };
  }
  if (format === 'fb2') {
    const { readPackedFb2 } = await import('./readers/fb2.ts');
    return { ...(await readPackedFb2(bytes, name)), format };
  }
  const { readOfficeDocument } = await import('./readers/office.ts');
  return readOfficeDocument(format, bytes, name);
}

function withWords<D extends DocumentContent>(document: D, name: string): D {
  if (hasWord(document.text)) return document;
  throw new SandglassError('FILE_EMPTY', `Expected words in ${name} but there is no letter and no digit in it.`);
}

/** Not between the halves of a surrogate pair. */
function cut(text: string): string {
  const last = text.charCodeAt(MOST_TEXT - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? MOST_TEXT - 1 : MOST_TEXT);
}
