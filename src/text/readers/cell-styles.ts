// Numbers in cells as their format shows them: dates as ISO 8601, percentages, others without the noise of binary fractions.
// Source: ECMA-376 part 1, sections 18.8.30 (number formats), 18.17.4 (dates).
import type { OfficePackage } from './office-zip.ts';
import { attribute } from './xml-events.ts';

export interface CellStyles {
  /** @param style the index of the cell's format */
  number(value: string, style: number): string;
}

type Shown = 'number' | 'percent' | 'date' | 'time' | 'date-time';

/** Formats with numbers of their own that are dates or times, those of East Asian versions too. */
const BUILT_IN: readonly (readonly [from: number, to: number, shown: Shown])[] = [
  [9, 10, 'percent'],
  [14, 17, 'date'],
  [18, 21, 'time'],
  [22, 22, 'date-time'],
  [27, 31, 'date'],
  [32, 35, 'time'],
  [36, 36, 'date'],
  [45, 47, 'time'],
  [50, 54, 'date'],
  [55, 56, 'time'],
  [57, 58, 'date'],
];
/** What is quoted, escaped or in brackets is no part of the pattern – but [h], [m] and [s] are elapsed time. */
const LITERALS = /"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]/gi;
const DAY = 86_400_000;
const LAST_DAY = 2_958_466;

/** @param path of the part with the styles; without it every number is shown as it is */
export async function cellStyles(
  document: OfficePackage,
  path: string | undefined,
  since1904: boolean,
): Promise<CellStyles> {
  const patterns = new Map<number, string>();
  const formats: number[] = [];
  let inCells = false;
  if (path !== undefined) {
    await document.readPart(path, {
      open(tag, attributes) {
        if (tag === 'numFmt') {
          patterns.set(Number(attribute(attributes, 'numFmtId')), attribute(attributes, 'formatCode') ?? '');
        } else if (tag === 'cellXfs') inCells = true;
        else if (tag === 'xf' && inCells) formats.push(Number(attribute(attributes, 'numFmtId') ?? 0));
      },
      close(tag) {
        if (tag === 'cellXfs') inCells = false;
      },
    });
  }
  const shown = formats.map((format) => shownAs(format, patterns.get(format)));
  return { number: (value, style) => show(value, shown[style] ?? 'number', since1904) };
}

function shownAs(format: number, pattern: string | undefined): Shown {
  if (pattern === undefined) return BUILT_IN.find(([from, to]) => format >= from && format <= to)?.[2] ?? 'number';
  const [first = ''] = pattern.replace(LITERALS, '').toLowerCase().split(';');
  const date = /[yd]/.test(first) || /(?:^|[^hs:.\]])m{3,5}(?:$|[^:])/.test(first);
  const time = /[hs]/.test(first);
  if (date) return time ? 'date-time' : 'date';
  if (time) return 'time';
  return first.includes('%') ? 'percent' : 'number';
}

function show(text: string, shown: Shown, since1904: boolean): string {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) return text;
  if (shown === 'percent') return `${plain(value * 100)}%`;
  if (shown === 'number' || value < 0 || value > LAST_DAY) return plain(value);
  // day 1 is 1 January 1900; the day after 28 February 1900 is one that never was
  const epoch = since1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, value < 60 ? 31 : 30);
  const iso = new Date(epoch + Math.round((value * DAY) / 1000) * 1000).toISOString();
  const time = iso.slice(11, 19).replace(/:00$/, '');
  if (shown === 'time') return value >= 1 ? plain(value) : time;
  return shown === 'date' ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${time}`;
}

/** As many digits as spreadsheets keep. */
function plain(value: number): string {
  return String(Number(value.toPrecision(15)));
}
