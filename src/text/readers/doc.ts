// Word documents of versions before 2007 (.doc) → text. Source: [MS-DOC] Word (.doc) Binary File Format.
import { hasWord } from '../has-word.ts';
import type { DocumentContent } from '../text-document.ts';
import { DocCharacters } from './doc-characters.ts';
import { type Piece, type TextRange, unseenRanges, visibleBytes } from './doc-ranges.ts';
import { brokenDocument, documentWithoutText, lockedDocument } from './document-refusals.ts';
import { OleDamaged, OleFile } from './ole-file.ts';
import { oleProperties } from './ole-properties.ts';
import { TextBlocks } from './text-blocks.ts';

/** Fields of the file information block: what it is, flags, where the text of old versions stands. */
const MAGIC = 0xa5ec;
const OLD_MAGIC = 0xa5dc;
const FIRST_97 = 0x00c1;
const ENCRYPTED = 0x0100;
const SECOND_TABLE = 0x0200;
/** Lengths of the document's parts, in this order, from this place on. */
const PARTS = ['main', 'footnotes', 'heads', 'macros', 'comments', 'endnotes', 'boxes', 'head boxes'] as const;
const LENGTHS = 0x4c;
const PIECES = 0x1a2;
const FORMATS = 0xfa;
const READ_ORDER: readonly (typeof PARTS)[number][] = [
  'main',
  'boxes',
  'footnotes',
  'endnotes',
  'comments',
  'heads',
  'head boxes',
];

/**
 * The body, then text boxes, notes, comments, headers and footers. What is hidden or was deleted is left out.
 *
 * @param name for messages
 * @throws SandglassError DOCUMENT_ENCRYPTED, DOCUMENT_BROKEN, DOCUMENT_WITHOUT_TEXT
 */
export async function readDoc(bytes: Uint8Array, name: string): Promise<DocumentContent> {
  try {
    const file = new OleFile(bytes);
    const stream = file.stream('WordDocument');
    if (stream === undefined) {
      if (file.stream('EncryptedPackage') !== undefined) throw lockedDocument(name);
      throw brokenDocument(name, 'it has no stream WordDocument');
    }
    const text = textOf(stream, file, name);
    if (!hasWord(text)) throw documentWithoutText(name, file.stream('Data') !== undefined);
    return { text, ...oleProperties(file.stream('\x05SummaryInformation')) };
  } catch (error) {
    if (error instanceof OleDamaged || error instanceof RangeError) throw brokenDocument(name, error.message, error);
    throw error;
  }
}

function textOf(stream: Buffer, file: OleFile, name: string): string {
  const magic = stream.readUInt16LE(0);
  if (magic !== MAGIC && magic !== OLD_MAGIC) throw brokenDocument(name, 'its text does not begin like one of Word');
  const flags = stream.readUInt16LE(10);
  if ((flags & ENCRYPTED) !== 0) throw lockedDocument(name);
  if (stream.readUInt16LE(2) < FIRST_97) return textOfWord95(stream);

  const table = file.stream((flags & SECOND_TABLE) === 0 ? '0Table' : '1Table');
  if (table === undefined) throw new OleDamaged('it has no table of its pieces');
  const pieces = piecesOf(table, stream);
  const unseen = unseenRanges(stream, section(table, stream, FORMATS));
  const parts = new Map<string, TextRange>();
  let start = 0;
  for (const [index, part] of PARTS.entries()) {
    const length = stream.readInt32LE(LENGTHS + 4 * index);
    if (length < 0) throw new OleDamaged('a part of it has a length below zero');
    parts.set(part, { start, end: start + length });
    start += length;
  }
  const blocks = new TextBlocks();
  for (const part of READ_ORDER) {
    const characters = new DocCharacters();
    const range = parts.get(part)!;
    for (const piece of pieces) {
      if (characters.full) break;
      for (const text of visibleBytes(stream, piece, range, unseen)) characters.take(text);
    }
    const text = characters.content();
    blocks.add(part === 'heads' ? [...new Set(text.split('\n'))].join('\n') : text);
    blocks.endLine();
  }
  return blocks.toString();
}

/** Bytes of the table stream that a field of the information block points at. */
function section(table: Buffer, stream: Buffer, field: number): Buffer {
  const start = stream.readUInt32LE(field);
  return table.subarray(start, start + stream.readUInt32LE(field + 4));
}

function piecesOf(table: Buffer, stream: Buffer): Piece[] {
  const list = section(table, stream, PIECES);
  let at = 0;
  // formats that pieces share come first
  while (list[at] === 1) at += 3 + list.readUInt16LE(at + 1);
  if (list[at] !== 2) throw new OleDamaged('its table of pieces is damaged');
  const size = list.readUInt32LE(at + 1);
  const count = Math.floor((Math.min(size, list.length - at - 5) - 4) / 12);
  const positions = at + 5;
  const pieces: Piece[] = [];
  for (let index = 0; index < count; index++) {
    const descriptor = positions + 4 * (count + 1) + 8 * index;
    const place = list.readUInt32LE(descriptor + 2);
    const wide = (place & 0x40000000) === 0;
    pieces.push({
      start: list.readUInt32LE(positions + 4 * index),
      end: list.readUInt32LE(positions + 4 * (index + 1)),
      at: wide ? place : (place & 0x3fffffff) >>> 1,
      wide,
    });
  }
  return pieces;
}

/** Word 6 and 95 keep their characters in one run. */
function textOfWord95(stream: Buffer): string {
  const start = stream.readUInt32LE(0x18);
  const length = stream.readUInt32LE(0x34);
  const characters = new DocCharacters();
  characters.take(new TextDecoder('windows-1252').decode(stream.subarray(start, start + length)));
  return characters.content();
}
