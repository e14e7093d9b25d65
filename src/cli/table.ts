// Tables without lines: columns as wide as their cells, wide characters and links counted as a terminal shows them.
import { stripVTControlCharacters } from 'node:util';
import CliTable from 'cli-table3';

type Align = 'left' | 'right';
type Column = readonly [head: string, align: Align];

const NO_LINES = Object.fromEntries(
  ['top', 'bottom', 'left', 'mid', 'right']
    .flatMap((side) => [side, ...['mid', 'left', 'right'].map((end) => `${side}-${end}`)])
    .map((name) => [name, '']),
);

/** Rows below a head, cells apart by two spaces; no space at the end of a line. */
export function tableText(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const table = new CliTable({
    head: columns.map(([head]) => head),
    colAligns: columns.map(([, align]) => align),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1 },
    chars: { ...NO_LINES, middle: ' ' },
  });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** A table that may be too wide for `width` columns: then several, one below the other, each with the first column. */
export function tablesInWidth(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string {
  const part = (from: number, to: number): string =>
    tableText(
      [columns[0]!, ...columns.slice(from, to)],
      rows.map((row) => [row[0]!, ...row.slice(from, to)]),
    );
  const tables: string[] = [];
  for (let from = 1; from < columns.length; ) {
    let to = columns.length;
    while (to > from + 1 && widthOf(part(from, to)) > width) to--;
    tables.push(part(from, to));
    from = to;
  }
  return tables.join('\n\n');
}

/** The columns that a text takes at a terminal, none of its characters being wider than one. */
export function widthOf(text: string): number {
  return Math.max(
    ...stripVTControlCharacters(text)
      .split('\n')
      .map((line) => line.length),
  );
}
