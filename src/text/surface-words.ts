// The words of a text as they are written, each with its place: what verbatim reuse is recognised by.
import { CLASSES, classOfCodePoint, classOfCodeUnit, SEGMENTED, SEPARATOR, SURROGATE, WORD } from './characters.ts';
import { codeUnits } from './scan-words.ts';

/** What a word between spaces weighs; see {@link SurfaceWordVisitor}. */
export const WORD_WEIGHT = 4;
/** What one character of Chinese, Japanese or Korean weighs: two make a word. */
const IDEOGRAPH_WEIGHT = 2;
/** What one letter of Thai, Lao, Khmer or Burmese weighs: four make a word. */
const LETTER_WEIGHT = 1;

/**
 * @param hash 32 bits of the word in lower case
 * @param start where it begins in the text that was given, in UTF-16 code units
 * @param end where it ends
 * @param weight {@link WORD_WEIGHT} for a word; less for a single character of scripts that put no spaces between words
 *
 * It must not scan another text.
 */
export type SurfaceWordVisitor = (hash: number, start: number, end: number, weight: number) => void;

const NOT_ASCII = /[^\x00-\x7f]/;
/** What NFKC has to see together: a character and the marks, voiced marks and jamo that join it. */
const JOINED = /[\s\S][\p{M}\u{ff9e}\u{ff9f}\u{1160}-\u{11ff}]*/gu;

const FNV_OFFSET = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;

/** For code units of ASCII letters, digits and `_` the same in lower case; 0 for all others. */
const LOWER_ASCII = new Uint8Array(0x10000);
for (let code = 0; code < 128; code++) {
  if (CLASSES[code] === WORD) LOWER_ASCII[code] = String.fromCharCode(code).toLowerCase().charCodeAt(0);
}

/**
 * Calls `visit` with every word of a text in order: NFKC and lower case, but nothing stemmed, nothing left out and numbers of
 * any length kept. Scripts without spaces give their characters one by one, so that where a passage stands does not
 * change what it consists of, as it would with a segmenter. Never fails, whatever the string holds.
 */
export function surfaceWords(text: string, visit: SurfaceWordVisitor): void {
  const normal = NOT_ASCII.test(text) ? text.normalize('NFKC') : text;
  if (normal === text) {
    scan(text, visit);
    return;
  }
  const { joined, places } = normaliseByPlace(text);
  scan(joined, (hash, start, end, weight) => {
    const from = places[start]!;
    // of a character that becomes several words (½), each has the whole
    visit(hash, from, Math.max(from + 1, places[end]!), weight);
  });
}

/** NFKC in small pieces, and for each code unit of the result (and its end) where its piece begins in the text. */
function normaliseByPlace(text: string): { joined: string; places: Uint32Array } {
  const parts: string[] = [];
  // no character grows to more than 18 code units, and few grow at all
  let places = new Uint32Array(text.length + 64);
  let length = 0;
  for (const { 0: piece, index } of text.matchAll(JOINED)) {
    const part = piece.normalize('NFKC');
    if (length + part.length >= places.length) {
      const larger = new Uint32Array(2 * (length + part.length));
      larger.set(places);
      places = larger;
    }
    const unchanged = part.length === piece.length;
    for (let i = 0; i < part.length; i++) places[length + i] = index + (unchanged ? i : 0);
    parts.push(part);
    length += part.length;
  }
  places[length] = text.length;
  return { joined: parts.join(''), places };
}

function scan(text: string, visit: SurfaceWordVisitor): void {
  const { length } = text;
  const codes = codeUnits(text);
  let at = 0;
  while (at < length) {
    // the common case first: a word of ASCII letters and digits
    const begin = at;
    let plainHash = FNV_OFFSET;
    for (let lower = 0; at < length; at++) {
      lower = LOWER_ASCII[codes[at]!]!;
      if (lower === 0) break;
      plainHash = Math.imul(plainHash ^ lower, FNV_PRIME);
    }
    if (at > begin && (at === length || codes[at]! < 128)) {
      visit(plainHash, begin, at, WORD_WEIGHT);
      continue;
    }
    at = begin;
    const kind = classAt(text, at);
    if (kind === SEPARATOR) {
      at++;
      continue;
    }
    const start = at;
    if (kind === SEGMENTED) {
      at += text.codePointAt(at)! > 0xffff ? 2 : 1;
      visit(hashOf(text, start, at), start, at, weightOf(text.charCodeAt(start)));
      continue;
    }
    let plain = true;
    do {
      const code = text.charCodeAt(at);
      if (code >= 128) plain = false;
      at += isLeading(code) ? 2 : 1;
    } while (at < length && (classAt(text, at) === WORD || isInvisible(text.charCodeAt(at))));
    if (plain) {
      visit(hashOf(text, start, at), start, at, WORD_WEIGHT);
    } else {
      const word = text.slice(start, at).toLowerCase();
      visit(hashOf(word, 0, word.length), start, at, WORD_WEIGHT);
    }
  }
}

/** The class of the code point at `at`; a surrogate on its own is a separator. */
function classAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  const known = code < 128 ? CLASSES[code]! : classOfCodeUnit(code);
  return known === SURROGATE ? classOfCodePoint(text.codePointAt(at)!) : known;
}

/** FNV-1a over UTF-16 code units, letters of ASCII in lower case, without characters that nobody sees. */
function hashOf(text: string, start: number, end: number): number {
  let hash = FNV_OFFSET;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code >= 128 && isInvisible(code)) continue;
    hash = Math.imul(hash ^ (code >= 65 && code <= 90 ? code | 32 : code), FNV_PRIME);
  }
  return hash;
}

/** Soft hyphen, joiners, byte order mark: they stand inside words. */
function isInvisible(code: number): boolean {
  return code === 0xad || code === 0x200c || code === 0x200d || code === 0x2060 || code === 0xfeff;
}

function isLeading(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

/** Thai and Lao, Burmese, Khmer write a word with several letters; the other scripts without spaces with one or two. */
function weightOf(code: number): number {
  const isLetter =
    (code >= 0x0e00 && code < 0x0f00) || (code >= 0x1000 && code < 0x10a0) || (code >= 0x1780 && code < 0x1800);
  return isLetter ? LETTER_WEIGHT : IDEOGRAPH_WEIGHT;
}
