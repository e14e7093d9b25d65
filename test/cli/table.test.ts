// Tables at narrow terminals.
import { describe, expect, it } from '@jest/globals';
import { tablesInWidth, tableText, widthOf } from '../../src/cli/table.ts';

const COLUMNS = [
  ['method', 'left'],
  ['first', 'right'],
  ['second', 'right'],
  ['third', 'right'],
] as const;
const ROWS = [
  ['ae', '0.100', '0.200', '0.300'],
  ['tfidf', '0.400', '0.500', '0.600'],
];

describe('a table', () => {
  it('stays whole where it fits, and where nothing bounds it', () => {
    const whole = tableText(COLUMNS, ROWS);
    expect(tablesInWidth(COLUMNS, ROWS, widthOf(whole))).toBe(whole);
    expect(tablesInWidth(COLUMNS, ROWS, Number.POSITIVE_INFINITY)).toBe(whole);
  });

  it('becomes several where it is too wide, each with the names of its rows', () => {
    const text = tablesInWidth(COLUMNS, ROWS, 24);
    expect(widthOf(text)).toBeLessThanOrEqual(24);
    expect(text.split('\n\n').map((table) => table.split('\n').map((line) => line.trim().split(/ +/)))).toEqual([
      [
        ['method', 'first', 'second'],
        ['ae', '0.100', '0.200'],
        ['tfidf', '0.400', '0.500'],
      ],
      [
        ['method', 'third'],
        ['ae', '0.300'],
        ['tfidf', '0.600'],
      ],
    ]);
  });

  it('keeps a column that is wider than the terminal', () => {
    expect(tablesInWidth(COLUMNS, ROWS, 5).split('\n\n')).toHaveLength(3);
  });

  it('is measured without its colours', () => {
    expect(widthOf('\u001b[1mbold\u001b[22m\nab')).toBe(4);
  });
});
