// A long document in passages: paragraphs together, about two hundred words each, so that a part of it can be found and shown.

/** Where a passage stands in its text, in UTF-16 code units; no white space at either end. */
export interface PassageSpan {
  readonly start: number;
  readonly end: number;
}

/** Words of a passage: it ends with the first paragraph after the fewest, or with the last sentence before the most. */
const FEWEST_WORDS = 150;
const MOST_WORDS = 250;
/** A document of fewer words is a passage itself. */
const WORDS_OF_ONE_PASSAGE = 300;
/** How far from the middle the last two passages may meet, when they share what is left. */
const MIDDLE_SLACK = 30;
/** A longer run without a space counts as several words. */
const LONGEST_WORD = 40;

/** Characters of a Chinese or Japanese word, and of a Thai, Lao, Burmese or Khmer one, on average: these write no spaces. */
const WORDS_PER_IDEOGRAPH = 1 / 1.6;
const WORDS_PER_LETTER = 1 / 4.5;

/** Below it, all scripts put spaces between words, and a sentence does not end without one. */
const NEVER_UNSPACED = 0x0e00;

const CLOSERS = new Set(Array.from('"\'’”»›)]}」』）】〉》', (character) => character.charCodeAt(0)));
const ENDERS = new Set(Array.from('.!?…', (character) => character.charCodeAt(0)));
/** They end a sentence without a space after them. */
const FULL_WIDTH_ENDERS = new Set(Array.from('。！？｡', (character) => character.charCodeAt(0)));
const FULL_STOP = 0x2e;
const LINE_FEED = 0x0a;
/** "Dr.", "Mrs.", "J.", "St.": no sentence ends there. */
const ABBREVIATION = /(?:^|[\s("'])\p{Lu}\p{Ll}{0,2}$/u;
const LOWER_CASE = /^\p{Ll}/u;

/**
 * The passages of a text, in order and apart from each other: whole paragraphs where they are short enough, else whole
 * sentences, else lines, else words. Empty for a text of fewer than 300 words. Takes time in proportion to the text.
 */
export function splitPassages(text: string): PassageSpan[] {
  if (nextCut(text, 0, WORDS_OF_ONE_PASSAGE, WORDS_OF_ONE_PASSAGE).at === text.length) return [];
  const cuts = [0];
  let words = 0;
  for (let from = 0; from < text.length; ) {
    const cut = nextCut(text, from, FEWEST_WORDS, MOST_WORDS);
    cuts.push(cut.at);
    from = cut.at;
    words = cut.words;
  }
  if (words < FEWEST_WORDS) shareRest(text, cuts);
  const spans: PassageSpan[] = [];
  for (let i = 1; i < cuts.length; i++) {
    const span = trimmed(text, cuts[i - 1]!, cuts[i]!);
    if (span.end > span.start) spans.push(span);
  }
  return spans;
}

/** What is left at the end is too short for a passage: it becomes a part of the one before, or takes a part of it. */
function shareRest(text: string, cuts: number[]): void {
  if (cuts.length < 3) return;
  const from = cuts.at(-3)!;
  const { words } = nextCut(text, from, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  cuts.splice(-2);
  if (words > MOST_WORDS) cuts.push(nextCut(text, from, words / 2 - MIDDLE_SLACK, words / 2 + MIDDLE_SLACK).at);
  cuts.push(text.length);
}

/**
 * Where a passage that begins at `from` ends, and how many words were counted up to there: after the first paragraph with
 * `least` words or more, else before `most` words after a sentence, a line, a word, or between any two characters.
 */
function nextCut(text: string, from: number, least: number, most: number): { at: number; words: number } {
  let [sentence, line, gap] = [-1, -1, -1];
  let words = 0;
  let run = 0;
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isSpace(code)) {
      const before = at;
      let lines = 0;
      for (; at < text.length && isSpace(text.charCodeAt(at)); at++) if (text.charCodeAt(at) === LINE_FEED) lines++;
      run = 0;
      if (words < least) continue;
      if (lines > 1) return { at, words };
      if (endsSentence(text, before, at)) sentence = at;
      else if (lines === 1) line = at;
      gap = at;
      continue;
    }
    // the most common case first: a letter inside a word
    if (code < NEVER_UNSPACED && run % LONGEST_WORD !== 0) {
      run++;
      at++;
      continue;
    }
    const unspaced = wordsPerCharacter(code);
    if (unspaced > 0) {
      words += unspaced;
      run = 0;
    } else if (run++ % LONGEST_WORD === 0) words++;
    if (words >= most && at > from) {
      const end = [sentence, line, gap].find((place) => place > from);
      return { at: end ?? (isLowSurrogate(code) ? at - 1 : at), words };
    }
    at++;
    if (code >= NEVER_UNSPACED && FULL_WIDTH_ENDERS.has(code)) {
      while (at < text.length && CLOSERS.has(text.charCodeAt(at))) at++;
      if (words >= least) sentence = at;
    }
  }
  return { at, words };
}

/** @param at the white space after a word, @param next what follows that */
function endsSentence(text: string, at: number, next: number): boolean {
  let last = at - 1;
  while (last >= 0 && CLOSERS.has(text.charCodeAt(last))) last--;
  const code = text.charCodeAt(last);
  if (FULL_WIDTH_ENDERS.has(code)) return true;
  if (!ENDERS.has(code) || LOWER_CASE.test(text.slice(next, next + 2))) return false;
  return code !== FULL_STOP || !ABBREVIATION.test(text.slice(Math.max(0, last - 4), last));
}

/** Above 0 in scripts that are written without spaces. */
function wordsPerCharacter(code: number): number {
  if (code < NEVER_UNSPACED) return 0;
  if (code < 0x0f00 || (code >= 0x1000 && code < 0x10a0) || (code >= 0x1780 && code < 0x1800)) return WORDS_PER_LETTER;
  // Han, kana and their punctuation; of the rarer characters, which are pairs, the first half.
  const ideograph = (code >= 0x2e80 && code < 0xa000) || (code >= 0xf900 && code < 0xfb00);
  return ideograph || (code >= 0xd840 && code < 0xd880) ? WORDS_PER_IDEOGRAPH : 0;
}

function isSpace(code: number): boolean {
  if (code < 0xa0) return code <= 0x20;
  return code === 0xa0 || code === 0x3000 || code === 0x2028 || code === 0x2029;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}

function trimmed(text: string, from: number, to: number): PassageSpan {
  let [start, end] = [from, to];
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return { start, end };
}
