// Text or binary? Asked of every file, so it looks at the beginning only.
import { isAscii } from 'node:buffer';

/** Bytes that are looked at. */
const SAMPLE = 65_536;
/** One control character in a hundred bytes is dirt in a text; compressed data has eight, and high bytes everywhere. */
const CONTROLS_ALLOWED = 0.01;
const CONTROLS_ALLOWED_IN_ASCII = 0.3;

/** Control characters that occur in texts: backspace, tab, line feed, vertical tab, form feed, return, end of file, escape. */
const TEXT_CONTROLS = new Set([8, 9, 10, 11, 12, 13, 26, 27]);
const IS_CONTROL = Uint8Array.from({ length: 256 }, (_, byte) =>
  (byte < 32 && !TEXT_CONTROLS.has(byte)) || byte === 127 ? 1 : 0,
);

/** The UTF-16 or UTF-32 that a byte order mark announces. */
export function wideCharset(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be' | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 && bytes.length % 4 === 0 ? 'utf-32le' : 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  return a === 0 && b === 0 && c === 0xfe && d === 0xff ? 'utf-32be' : undefined;
}

/**
 * True when the bytes can be text in some character set: no NUL and hardly a control character in the first 64 KiB, or a
 * byte order mark of UTF-16 or UTF-32. Legacy 8-bit and East Asian character sets pass; no bytes at all pass too.
 */
export function isProbablyText(bytes: Uint8Array): boolean {
  if (wideCharset(bytes) !== undefined) return true;
  const sample = bytes.subarray(0, SAMPLE);
  if (sample.includes(0)) return false;
  let controls = 0;
  for (let i = 0; i < sample.length; i++) controls += IS_CONTROL[sample[i]!]!;
  const allowed = isAscii(sample) ? CONTROLS_ALLOWED_IN_ASCII : CONTROLS_ALLOWED;
  return controls <= sample.length * allowed;
}
