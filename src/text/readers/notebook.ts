// Jupyter notebooks → their cells: words, code and the text it put out. Source: the notebook format, nbformat 4 (and 3).
import type { DocumentContent } from '../text-document.ts';
import { metadata } from './document-metadata.ts';
import { readMarkdown } from './markdown.ts';

/** Of each output; longer ones are logs and tables of numbers. */
const LONGEST_OUTPUT = 2_000;

type Values = Readonly<Record<string, unknown>>;

/** The cells of a notebook in their order; undefined when the value is none. Pictures and numbers of cells are left out. */
export function readNotebook(value: unknown): DocumentContent | undefined {
  if (!isObject(value)) return undefined;
  const cells = cellsOf(value);
  if (cells === undefined || !('nbformat' in value)) return undefined;
  const texts: string[] = [];
  let heading: string | undefined;
  for (const cell of cells) {
    if (!isObject(cell)) continue;
    const source = joined(cell.source ?? cell.input);
    if (cell.cell_type === 'markdown' || cell.cell_type === 'heading') {
      const page = readMarkdown(cell.cell_type === 'heading' ? `# ${source}` : source);
      heading ??= page.title;
      texts.push(page.text);
    } else {
      texts.push(source, ...outputsOf(cell));
    }
  }
  const about = isObject(value.metadata) ? value.metadata : {};
  const authors = Array.isArray(about.authors)
    ? about.authors.map((author) => (isObject(author) ? author.name : author))
    : [];
  return {
    text: texts.filter((text) => text.trim() !== '').join('\n\n'),
    ...metadata({
      title: typeof about.title === 'string' ? about.title : heading,
      author: authors.filter((author) => typeof author === 'string').join(', '),
    }),
  };
}

function cellsOf(value: Values): readonly unknown[] | undefined {
  if (Array.isArray(value.cells)) return value.cells;
  if (!Array.isArray(value.worksheets)) return undefined;
  return value.worksheets.flatMap((sheet: unknown) =>
    isObject(sheet) && Array.isArray(sheet.cells) ? sheet.cells : [],
  );
}

function outputsOf(cell: Values): string[] {
  if (!Array.isArray(cell.outputs)) return [];
  return cell.outputs.filter(isObject).map((output) => {
    const data = isObject(output.data) ? output.data['text/plain'] : undefined;
    return joined(output.text ?? data).slice(0, LONGEST_OUTPUT);
  });
}

function joined(lines: unknown): string {
  if (typeof lines === 'string') return lines;
  return Array.isArray(lines) ? lines.filter((line) => typeof line === 'string').join('') : '';
}

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
