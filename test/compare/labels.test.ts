// Labels from folders and from a table.
import { describe, expect, test } from '@jest/globals';
import { folderLabel, parseLabels } from '../../src/compare/labels.ts';

describe('parseLabels', () => {
  test.each([
    ['a line without a tab', 'a.txt\tnews\nb.txt news\n', /line 2 of labels\.tsv/],
    ['a line with a third column', 'a.txt\tnews\tsport\n', /3 column\(s\), in line 1 of labels\.tsv/],
    ['a line without a path', '\tnews\n', /a path before the tab.*line 1/],
    ['a line without a label', 'a.txt\t\n', /labels between the commas.*line 1/],
    ['an empty label between commas', '# fine\n\na.txt\tnews,,sport\n', /labels between the commas.*line 3/],
    ['a path that comes twice', 'a.txt\tx\nb.txt\tx\na.txt\ty\n', /"a\.txt" again \(first in line 1\), in line 3/],
    ['a table without a line', '# only a comment\n\n', /received none/],
  ])('refuses %s, naming it', (_, text, message) => {
    let thrown: unknown;
    try {
      parseLabels(text, 'labels.tsv');
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'LABELS_INVALID', message: expect.stringMatching(message) });
  });

  test('reads one label or several, comments, empty lines, Windows line ends and a byte order mark', () => {
    const labels = parseLabels(
      '\uFEFF# path\tlabels\r\na b.txt\tnews\r\n\r\ndir/c.txt\tnews, sport ,news\r\n',
      'labels.tsv',
    );
    expect([...labels]).toEqual([
      ['a b.txt', ['news']],
      ['dir/c.txt', ['news', 'sport']],
    ]);
  });
});

describe('folderLabel', () => {
  test.each([
    ['sport/1.txt', 'sport'],
    ['data/sport/1.txt', 'sport'],
    ['data\\sport\\1.txt', 'sport'],
    ['./sport//1.txt', 'sport'],
    ['1.txt', undefined],
    ['./1.txt', undefined],
  ])('takes from %s the label %s', (path, label) => {
    expect(folderLabel(path)).toBe(label);
  });
});
