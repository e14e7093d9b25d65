// The passage of a hit on a terminal: two or three lines around the words that it shares with the query.
import type { HitPassage } from '../sandglass.ts';
import type { Terminal } from './terminal.ts';
import { printable } from './terminal.ts';

const MOST_LINES = 3;
const FEWEST_COLUMNS = 40;
const MOST_COLUMNS = 110;

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
  const begin = start === 0 || space < 0 ? start : start + space + 1;
  return { start: begin, end: Math.min(text.length, begin + length) };
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
    if (end < text.length && gap > at && !/\s/.test(text[end] ?? ' ')) end = gap;
    if (end <= at) break;
    lines.push({ start: at, end });
    at = end;
  }
  return lines;
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
