// Where labels come from: the parent folder, or a table of paths and labels.
import { SandglassError } from '../errors.ts';

/** The label that a folder gives: the name of the parent folder; `undefined` for a file that lies in no folder. */
export function folderLabel(path: string): string | undefined {
  const segments = path.split(/[\\/]/).filter((segment) => segment !== '' && segment !== '.');
  return segments.at(-2);
}

/**
 * Reads a table of labels: one line a file, `path<TAB>label[,label…]`, UTF-8. Empty lines and lines that start with `#`
 * are passed over; white space around labels is dropped; a path stands in one line only.
 *
 * @param name What to call the table in errors, usually its path.
 * @returns The labels of each path, in the order of the file, paths as written.
 * @throws {SandglassError} LABELS_INVALID, naming the line.
 */
export function parseLabels(text: string, name: string): Map<string, readonly string[]> {
  const labels = new Map<string, readonly string[]>();
  const lineOf = new Map<string, number>();
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const number = index + 1;
    const fields = line.split('\t');
    const [path, list] = fields;
    if (fields.length !== 2 || path === undefined || list === undefined) {
      throw invalid(name, number, `path<TAB>label[,label] but received ${fields.length} column(s)`);
    }
    if (path.trim() === '') throw invalid(name, number, 'a path before the tab but received none');
    const found = list.split(',').map((label) => label.trim());
    if (found.includes(''))
      throw invalid(name, number, `labels between the commas but received ${JSON.stringify(list)}`);
    const earlier = lineOf.get(path);
    if (earlier !== undefined) {
      throw invalid(
        name,
        number,
        `each path once but received ${JSON.stringify(path)} again (first in line ${earlier})`,
      );
    }
    lineOf.set(path, number);
    labels.set(path, [...new Set(found)]);
  }
  if (labels.size === 0) {
    throw new SandglassError(
      'LABELS_INVALID',
      `Expected lines of path<TAB>label[,label] in ${name} but received none; write one line for each labelled file`,
    );
  }
  return labels;
}

function invalid(name: string, line: number, expected: string): SandglassError {
  return new SandglassError('LABELS_INVALID', `Expected ${expected}, in line ${line} of ${name}; correct that line`);
}
