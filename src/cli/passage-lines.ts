// The passage of a hit on a terminal: two or three lines around the words that it shares with the query.
import type { HitPassage } from '../sandglass.ts';
import type { Terminal } from './terminal.ts';
import { printable } from './terminal.ts';

const MOST_LINES = 3;
const FEWEST_COLUMNS = 40;
const MOST_COLUMNS = 110;

const WITHOUT_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uff65]/u;
const LATE_MARK = /[，。、；：？！）》」』】”’…]/u;

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * @param indent columns that stand before the lines
 * @returns lines of the passage, its shared words in bold; where no word is shared, its beginning
 */
export function passageLines({ text, highlights }: HitPassage, out: Terminal, indent: number): string[] {
  const columns = Math.min(MOST_COLUMNS, Math.max(FEWEST_COLUMNS, out.width - indent - 1));
  const window = bestWindow(text, highlights, columns * (highlights.length > 0 ? MOST_LINES : MOST_LINES - 1));
  return linesOf(text, window, columns).map((line) => styled(text, line, highlights, out));
}

/** The piece of so many characters that has most of the highlights, the first of equal ones, cut between words. */
function bestWindow(text: string, highlights: readonly Span[], length: number): Span {
  let [first, count] = [0, 0];
  for (let from = 0, to = 0; from < highlights.length; from++) {
    while (to < highlights.length && highlights[to]!.end - highlights[from]!.start <= length) to++;
    if (to - from > count) [first, count] = [from, to - from];
  }
  if (count === 0) return { start: 0, end: Math.min(text.length, length) };
  const covered = { start: highlights[first]!.start, end: highlights[first + count - 1]!.end };
  const spare = Math.max(0, length - (covered.end - covered.start));
  const start = Math.max(0, Math.min(covered.start - Math.floor(spare / 3), text.length - length));
  const space = text.slice(start, covered.start).search(/\s\S/);
  const begin = start === 0 ? 0 : space < 0 ? wordStart(text, start) : start + space + 1;
  return { start: begin, end: Math.min(text.length, begin + length) };
}

const LONGEST_CUT_WORD = 20;

/** The beginning of the word that goes on at `at`, unless it is far away. */
function wordStart(text: string, at: number): number {
  const before = text.slice(Math.max(0, at - LONGEST_CUT_WORD), at);
  const space = before.search(/\s\S*$/);
  return space < 0 || WITHOUT_SPACES.test(text[at - 1]!) ? at : at - before.length + space + 1;
}

/** The pieces of a window that lines show: broken at white space where there is some, else anywhere. */
function linesOf(text: string, window: Span, columns: number): Span[] {
  const lines: Span[] = [];
  let at = window.start;
  while (at < window.end && lines.length < MOST_LINES) {
    while (at < window.end && /\s/.test(text[at]!)) at++;
    let end = at;
    let gap = -1;
    for (let width = 0; end < window.end; end++) {
      const blank = /\s/.test(text[end]!);
      if (blank) gap = end;
      // A run of white space is shown as one space; characters of East Asia are twice as wide.
      if (!(blank && /\s/.test(text[end - 1] ?? ''))) width += text.charCodeAt(end) >= 0x1100 ? 2 : 1;
      if (width > columns) break;
    }
    if (end < text.length && gap > at && !mayBreakAt(text, end)) end = gap;
    // marks that end a phrase stay with it
    while (end < window.end && end - at > 2 && LATE_MARK.test(text[end]!)) end--;
    if (end <= at) break;
    lines.push({ start: at, end });
    at = end;
  }
  return lines;
}

/** Between words, and between characters of scripts that write none apart. */
function mayBreakAt(text: string, at: number): boolean {
  const after = text[at] ?? ' ';
  return /\s/.test(after) || (WITHOUT_SPACES.test(after) && WITHOUT_SPACES.test(text[at - 1] ?? ' '));
}

function styled(text: string, line: Span, highlights: readonly Span[], out: Terminal): string {
  const plain = (from: number, to: number) => printable(text.slice(from, to).replace(/\s+/g, ' '));
  let shown = '';
  let at = line.start;
  for (const { start, end } of highlights) {
    if (end <= line.start || start >= line.end) continue;
    const [from, to] = [Math.max(at, start), Math.min(line.end, end)];
    shown += out.style('dim', plain(at, from)) + out.style('bold', plain(from, to));
    at = to;
  }
  return (shown + out.style('dim', plain(at, line.end))).trim();
}
