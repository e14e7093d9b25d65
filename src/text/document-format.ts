// Which document is in these bytes? For formats that are not plain characters: PDF, RTF, archives, compound files.
import { OLE_SIGNATURE, oleStreams } from './ole-streams.ts';
import type { OfficeFormat } from './text-document.ts';

/** Formats that are read from bytes, not from characters. `fb2` is a book packed as `.fb2.zip`. */
export type PackedFormat = OfficeFormat | 'epub' | 'fb2';

/**
 * `format`: one that is read. `locked`: a document of that format in an encrypted wrapper. `type`: one that is known and not
 * read. `container` alone: an archive or compound file whose kind cannot be told from these bytes.
 */
export interface DocumentGuess {
  readonly format?: PackedFormat;
  readonly locked?: true;
  readonly type?: string;
  readonly container?: 'zip' | 'ole';
}

const ZIP_SIGNATURE = Buffer.from('PK\x03\x04', 'latin1');
const LONGEST_MIME = 100;

const PDF = /^(?:\xef\xbb\xbf)?\s*%PDF-\d/;
const PDF_AFTER_JUNK = /%PDF-\d/;
const RTF = /^(?:\xef\xbb\xbf)?\s*\{\\rtf/;
/** What some programs leave of RTF when they write it to be put into another document. */
const RTF_FRAGMENT = /^(?:\xef\xbb\xbf)?\s*\{\\[a-z]/;

const BY_MIME: readonly (readonly [beginning: string, format: PackedFormat])[] = [
  ['application/epub+zip', 'epub'],
  ['application/vnd.oasis.opendocument.text', 'odt'],
  ['application/vnd.oasis.opendocument.spreadsheet', 'ods'],
  ['application/vnd.oasis.opendocument.presentation', 'odp'],
];

/** Names of packed documents, as they claim to be; templates and documents with macros are read like the others. */
const BY_EXTENSION: Readonly<Record<string, PackedFormat>> = {
  pdf: 'pdf',
  rtf: 'rtf',
  doc: 'doc',
  dot: 'doc',
  docx: 'docx',
  docm: 'docx',
  dotx: 'docx',
  dotm: 'docx',
  odt: 'odt',
  ott: 'odt',
  ods: 'ods',
  ots: 'ods',
  odp: 'odp',
  otp: 'odp',
  pptx: 'pptx',
  pptm: 'pptx',
  ppsx: 'pptx',
  potx: 'pptx',
  xlsx: 'xlsx',
  xlsm: 'xlsx',
  xltx: 'xlsx',
  epub: 'epub',
};

/** The format of packed documents that an extension (lower case, no dot) promises. */
export function packedFormatOf(extension: string): PackedFormat | undefined {
  return Object.hasOwn(BY_EXTENSION, extension) ? BY_EXTENSION[extension] : undefined;
}

/**
 * What the bytes are by their content; undefined for all that is no document of these kinds.
 *
 * @param bytes the file or its beginning; the more there is, the surer the answer
 * @param extension of the name, lower case: where a wrapper hides what is in it
 */
export function documentFormat(bytes: Uint8Array, extension: string): DocumentGuess | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const beginning = file.toString('latin1', 0, 1_024);
  if (PDF.test(beginning) || (extension === 'pdf' && PDF_AFTER_JUNK.test(beginning))) return { format: 'pdf' };
  if (RTF.test(beginning) || (extension === 'rtf' && RTF_FRAGMENT.test(beginning))) return { format: 'rtf' };
  if (file.subarray(0, 8).equals(OLE_SIGNATURE)) return oleFormat(file, extension);
  if (file.subarray(0, 4).equals(ZIP_SIGNATURE)) return zipFormat(entriesOf(file));
  if (beginning.startsWith('PK\x05\x06')) return { container: 'zip' };
  if (file.toString('latin1', 60, 68) === 'BOOKMOBI') return { type: 'mobi' };
  if (beginning.startsWith('AT&TFORM')) return { type: 'djvu' };
  if (beginning.startsWith('ITSF')) return { type: 'chm' };
  return beginning.startsWith('\xffWPC') ? { type: 'wpd' } : undefined;
}

function oleFormat(file: Buffer, extension: string): DocumentGuess {
  const streams = oleStreams(file);
  if (streams === undefined) return { container: 'ole' };
  if (streams.has('EncryptedPackage') || streams.has('EncryptionInfo')) {
    const format = packedFormatOf(extension);
    return { format: format === 'pptx' || format === 'xlsx' ? format : 'docx', locked: true };
  }
  if (streams.has('WordDocument')) return { format: 'doc' };
  if (streams.has('Workbook') || streams.has('Book')) return { type: 'xls' };
  if (streams.has('PowerPoint Document') || streams.has('PP97_DUALSTORAGE')) return { type: 'ppt' };
  if (streams.has('__properties_version1.0')) return { type: 'msg' };
  if (streams.has('VisioDocument')) return { type: 'vsd' };
  if (streams.has('BodyText') && streams.has('FileHeader')) return { type: 'hwp' };
  return { type: 'cfb' };
}

/** Entries of an archive by what stands before each of them, so that its beginning is enough. */
export interface ZipEntries {
  readonly names: readonly string[];
  /** The content of the entry `mimetype`, where it has one. */
  readonly mime?: string;
}

function entriesOf(file: Buffer): ZipEntries {
  const names: string[] = [];
  let mime: string | undefined;
  let at = 0;
  while (at !== -1 && at + 30 <= file.length) {
    const nameEnd = at + 30 + file.readUInt16LE(at + 26);
    const start = nameEnd + file.readUInt16LE(at + 28);
    const name = file.toString('utf8', at + 30, nameEnd).replaceAll('\\', '/');
    names.push(name);
    const stored = file.readUInt16LE(at + 8) === 0;
    if (name === 'mimetype' && stored) {
      const size = file.readUInt32LE(at + 18) || LONGEST_MIME;
      mime = file.toString('latin1', start, start + Math.min(size, LONGEST_MIME));
    }
    // what is in an entry is passed over: it may be a document itself
    const sizeFollows = (file.readUInt16LE(at + 6) & 8) !== 0;
    at = file.indexOf(ZIP_SIGNATURE, sizeFollows ? start : start + file.readUInt32LE(at + 18));
  }
  return mime === undefined ? { names } : { names, mime };
}

/** What an archive with these entries is. */
export function zipFormat({ names, mime }: ZipEntries): DocumentGuess {
  const declared = mime?.trim();
  if (declared !== undefined) {
    const known = BY_MIME.find(([beginning]) => declared.startsWith(beginning));
    if (known) return { format: known[1] };
    if (declared.startsWith('application/vnd.oasis.opendocument.')) return { type: 'odf' };
  }
  const some = (pattern: RegExp) => names.some((name) => pattern.test(name));
  if (names.includes('META-INF/container.xml')) return { format: 'epub' };
  if (some(/^word\//)) return { format: 'docx' };
  if (some(/^ppt\//)) return { format: 'pptx' };
  if (names.includes('xl/workbook.bin')) return { type: 'xlsb' };
  if (some(/^xl\//)) return { format: 'xlsx' };
  if (some(/^Index\/.*\.iwa$|^Index\.zip$/)) return { type: 'iwork' };
  if (some(/\.fdseq$|^FixedDocSeq/)) return { type: 'xps' };
  if (names.length > 0 && names.length <= 3 && some(/\.fb2$/i)) return { format: 'fb2' };
  return { container: 'zip' };
}
