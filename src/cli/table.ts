// Tables without lines: columns as wide as their cells, wide characters and links counted as a terminal shows them.
import CliTable from 'cli-table3';

type Align = 'left' | 'right';

const NO_LINES = Object.fromEntries(
  ['top', 'bottom', 'left', 'mid', 'right']
    .flatMap((side) => [side, ...['mid', 'left', 'right'].map((end) => `${side}-${end}`)])
    .map((name) => [name, '']),
);

/** Rows below a head, cells apart by two spaces; no space at the end of a line. */
export function tableText(
  columns: readonly (readonly [head: string, align: Align])[],
  rows: readonly (readonly string[])[],
): string {
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
