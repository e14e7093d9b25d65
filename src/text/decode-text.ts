// Bytes → a string: which character set is it?
import { isUtf8 } from 'node:buffer';
import { analyse } from 'chardet';
import iconv from 'iconv-lite';
import { wideCharset } from './probably-text.ts';

export interface DecodedText {
  readonly text: string;
  /** Lower case. */
  readonly charset: string;
}

/** What Western text without any other sign is in; a superset of ISO-8859-1, and every byte means something in it. */
const FALLBACK = 'windows-1252';

/** Bytes a guess is made from, beginning shortly before the first one that is not ASCII. */
const SAMPLE = 32_768;
const SAMPLE_LEAD = 1_024;

/** Guesses below this confidence (of 100) are no better than the fallback. */
const MIN_CONFIDENCE = 20;

/** `<meta charset=…>`, `<?xml encoding=…?>` and Python's `coding:` in the first kilobyte. */
const DECLARATION = /(?:charset|encoding|coding)\s*[=:]\s*["']?([\w.:-]{2,30})/i;

/**
 * Decodes text: by its byte order mark; as UTF-8 when it is valid UTF-8; by the character set it declares; by the one
 * its bytes look like. Invalid bytes become U+FFFD; never fails.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const wide = wideCharset(bytes);
  if (wide !== undefined) return { text: iconv.decode(bytes, wide), charset: wide };
  if (isUtf8(bytes)) {
    const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    return { text: asBuffer(bytes).toString('utf8', bom ? 3 : 0), charset: 'utf-8' };
  }
  const charset = declaredCharset(bytes) ?? guessedCharset(bytes) ?? FALLBACK;
  return { text: iconv.decode(bytes, charset), charset };
}

function declaredCharset(bytes: Uint8Array): string | undefined {
  const head = asBuffer(bytes.subarray(0, 1_024)).toString('latin1');
  return usable(DECLARATION.exec(head)?.[1]);
}

function guessedCharset(bytes: Uint8Array): string | undefined {
  const from = Math.max(0, bytes.findIndex((byte) => byte >= 128) - SAMPLE_LEAD);
  const sample = bytes.subarray(from, from + SAMPLE);
  for (const guess of analyse(sample)) {
    const charset = guess.confidence >= MIN_CONFIDENCE ? usable(guess.name) : undefined;
    if (charset !== undefined) return charset;
  }
  return undefined;
}

/** The name as iconv-lite knows it, when it does and when it can be meant: without a byte order mark it is not UTF-16. */
function usable(name: string | undefined): string | undefined {
  if (name === undefined || /^(?:utf-?(?:16|32|7)|ucs|binary|base64|hex|ascii|us-ascii)/i.test(name)) return undefined;
  const lower = name.toLowerCase();
  if (lower === 'iso-8859-1' || lower === 'latin1') return FALLBACK;
  return iconv.encodingExists(lower) ? lower : undefined;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
