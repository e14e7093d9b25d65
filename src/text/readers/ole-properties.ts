// What old Office documents say of themselves: the stream of summary information. Source: [MS-OLEPS].
import iconv from 'iconv-lite';
import type { DocumentContent } from '../text-document.ts';
import { metadata } from './document-metadata.ts';

const CODE_PAGE = 1;
const TITLE = 2;
const AUTHOR = 4;
const CREATED = 12;
const SAVED = 13;
const PAGES = 14;
const INT16 = 2;
const INT32 = 3;
const STRING = 30;
const WIDE_STRING = 31;
const TIME = 64;

const MOST_PROPERTIES = 1_000;
const LONGEST_STRING = 10_000;
/** From 1601 to 1970, in milliseconds. */
const EPOCH = 11_644_473_600_000;

/** @param stream of the name `\x05SummaryInformation`; whatever is damaged in it is left out */
export function oleProperties(stream: Buffer | undefined): Omit<DocumentContent, 'text'> {
  if (stream === undefined || stream.length < 48) return {};
  const start = stream.readUInt32LE(44);
  if (start + 8 > stream.length) return {};
  const values = new Map<number, string | number | Buffer | Date>();
  const count = Math.min(MOST_PROPERTIES, stream.readUInt32LE(start + 4));
  for (let index = 0; index < count; index++) {
    const at = start + 8 + 8 * index;
    if (at + 8 > stream.length) break;
    const value = valueAt(stream, start + stream.readUInt32LE(at + 4));
    if (value !== undefined) values.set(stream.readUInt32LE(at), value);
  }
  const page = Number(values.get(CODE_PAGE) ?? 1_252) & 0xffff;
  const string = (id: number) => {
    const value = values.get(id);
    return Buffer.isBuffer(value) ? decode(value, page) : typeof value === 'string' ? value : undefined;
  };
  const time = (id: number) => {
    const value = values.get(id);
    return value instanceof Date ? value.toISOString().replace(/\.\d+Z$/, 'Z') : undefined;
  };
  const pages = values.get(PAGES);
  return metadata({
    title: string(TITLE),
    author: string(AUTHOR),
    date: time(SAVED) ?? time(CREATED),
    pages: typeof pages === 'number' ? pages : undefined,
  });
}

function valueAt(stream: Buffer, at: number): string | number | Buffer | Date | undefined {
  if (at + 8 > stream.length) return undefined;
  const type = stream.readUInt32LE(at);
  switch (type) {
    case INT16:
      return stream.readInt16LE(at + 4);
    case INT32:
      return stream.readInt32LE(at + 4);
    case STRING:
    case WIDE_STRING: {
      const length = Math.min(LONGEST_STRING, stream.readUInt32LE(at + 4)) * (type === STRING ? 1 : 2);
      const bytes = stream.subarray(at + 8, at + 8 + length);
      return type === STRING ? bytes : bytes.toString('utf16le').replace(/\0.*$/s, '');
    }
    case TIME: {
      if (at + 12 > stream.length) return undefined;
      const time = new Date(Number(stream.readBigUInt64LE(at + 4) / 10_000n) - EPOCH);
      // zero, and durations, are no dates
      return time.getTime() > 0 ? time : undefined;
    }
    default:
      return undefined;
  }
}

function decode(bytes: Buffer, page: number): string {
  const charset = page === 65_001 ? 'utf-8' : page === 1_200 ? 'utf-16le' : `cp${page}`;
  return iconv.decode(bytes, iconv.encodingExists(charset) ? charset : 'windows-1252').replace(/\0.*$/s, '');
}
