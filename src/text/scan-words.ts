// The first half of tokenizing: where does each word begin and end?
import { CLASSES, classOfCodePoint, classOfCodeUnit, SEGMENTED, SEPARATOR, SURROGATE, WORD } from './characters.ts';
import { segmentWords } from './segment-words.ts';

/** Longer runs of letters and digits (base64, hashes, one endless line) are not words and are passed over. */
export const LONGEST_WORD = 40;

/** Receives a word as a piece of UTF-16 code units that is valid only during the call; it must not scan another text. */
export type WordVisitor = (codes: Uint16Array, start: number, end: number) => void;

/** Invisible characters that stand inside words: soft hyphen, joiners, byte order mark. */
const INVISIBLE = /\u00ad|\u200c|\u200d|\u2060|\ufeff/g;
const NOT_ASCII = /[^\x00-\x7f]/;
const MARK = /^\p{M}$/u;

const [COLON, SLASH, QUESTION_MARK, HASH] = [58, 47, 63, 35];
/** ASCII characters that end a URL in running text, beside white space and everything that is not ASCII. */
const URL_END = new Set(Array.from('"\'<>()[]{}|\\^`', (character) => character.charCodeAt(0)));

/** NFKC (full-width to plain, ligatures to letters), without invisible characters; ASCII text is returned as it is. */
export function normaliseText(text: string): string {
  return NOT_ASCII.test(text) ? text.normalize('NFKC').replace(INVISIBLE, '') : text;
}

/**
 * Calls `visit` with every word of a text, in order, as it is written (case kept): runs of letters, digits, marks and
 * underscores. Scripts without spaces are segmented. Of a URL the host and path are read; its scheme, query and
 * fragment are not. E-mail addresses give their parts.
 */
export function scanWords(text: string, visit: WordVisitor): void {
  scanNormalised(normaliseText(text), visit);
}

/** {@link scanWords} of a text that {@link normaliseText} gave. */
export function scanNormalised(text: string, visit: WordVisitor): void {
  scanRange(codeUnits(text), 0, text.length, visit, false);
}

/** Texts of up to this many code units share one buffer; larger ones get their own, which is let go afterwards. */
const SHARED_LENGTH = 1 << 17;
const shared = new Uint16Array(SHARED_LENGTH);

/**
 * The code units of a text, at the beginning of an array that the next call may fill anew. Reading them from an array is twice
 * as fast as from a string, copying included.
 */
export function codeUnits(text: string): Uint16Array {
  const codes = text.length <= SHARED_LENGTH ? shared : new Uint16Array(text.length);
  Buffer.from(codes.buffer).write(text, 'utf16le');
  return codes;
}

function scanRange(codes: Uint16Array, from: number, to: number, visit: WordVisitor, insideUrl: boolean): void {
  let at = from;
  while (at < to) {
    // the common cases first, and without a call: millions of characters pass here
    if (CLASSES[codes[at]!] === SEPARATOR) {
      at++;
      continue;
    }
    const start = at;
    while (at < to && CLASSES[codes[at]!] === WORD) at++;
    const kind = at > start ? WORD : classAt(codes, at, to);
    if (kind === SEPARATOR) {
      at++;
      continue;
    }
    if (at < to && CLASSES[codes[at]!] !== SEPARATOR) at = endOfRun(codes, at, to, kind);
    if (kind === SEGMENTED) {
      segmentRun(codes, start, at, visit);
    } else if (codes[at] === COLON && !insideUrl && at + 2 < to && codes[at + 1] === SLASH && codes[at + 2] === SLASH) {
      at = scanUrl(codes, at + 3, to, visit);
    } else if (at - start <= LONGEST_WORD) {
      visit(codes, start, at);
    }
  }
}

/** The end of a run of class `kind` that goes on at `from`, where the next character may not have been classified yet. */
function endOfRun(codes: Uint16Array, from: number, to: number, kind: number): number {
  let at = from;
  while (at < to) {
    const unit = classOfCodeUnit(codes[at]!);
    if (unit === kind) at++;
    else if (unit === SURROGATE && classAt(codes, at, to) === kind) at += 2;
    // a combining mark belongs to the segmented character before it
    else if (kind === SEGMENTED && unit === WORD && MARK.test(String.fromCharCode(codes[at]!))) at++;
    else break;
  }
  return at;
}

/** The class of the code point at `at`; a surrogate on its own is a separator. */
function classAt(codes: Uint16Array, at: number, to: number): number {
  const unit = classOfCodeUnit(codes[at]!);
  if (unit !== SURROGATE) return unit;
  const pair = String.fromCharCode(codes[at]!, at + 1 < to ? codes[at + 1]! : 0);
  return classOfCodePoint(pair.codePointAt(0)!);
}

function segmentRun(codes: Uint16Array, start: number, end: number, visit: WordVisitor): void {
  segmentWords(codes, start, end, (from, to) => {
    if (to - from <= LONGEST_WORD) visit(codes, from, to);
  });
}

function scanUrl(codes: Uint16Array, from: number, to: number, visit: WordVisitor): number {
  let end = from;
  let query = -1;
  for (; end < to; end++) {
    const code = codes[end]!;
    if (code <= 32 || code >= 127 || URL_END.has(code)) break;
    if (query < 0 && (code === QUESTION_MARK || code === HASH)) query = end;
  }
  scanRange(codes, from, query < 0 ? end : query, visit, true);
  return end;
}
