// CSV and TSV → text: the cells, a line a row.
import papaparse from 'papaparse';
import type { TextAndTitle } from '../text-document.ts';

/** The cells of a table without quotes and separators. A CSV's delimiter (comma, semicolon, tab, pipe) is found by itself. */
export function readTable(source: string, format: 'csv' | 'tsv'): TextAndTitle {
  const lines: string[] = [];
  papaparse.parse<string[]>(source, {
    ...(format === 'tsv' ? { delimiter: '\t' } : {}),
    skipEmptyLines: true,
    step: ({ data }) => {
      lines.push(data.join(' '));
    },
  });
  return { text: lines.join('\n') };
}
