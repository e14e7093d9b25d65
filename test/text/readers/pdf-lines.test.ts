import { expect, test } from '@jest/globals';
import { joinBrokenWords } from '../../../src/text/readers/pdf-lines.ts';

test.each([
  ['exam-\nple', 'example'],
  ['exam- \n ple', 'example'],
  ['exam\u00AD\nple', 'example'],
  ['exam\u0002ple', 'example'],
  ['exam\uFFFE\nple', 'example'],
  ['e\u0301xam-\nple', 'e\u0301xample'],
  ['a well-known and a well-\nknown', 'a well-known and a well-known'],
  ['Well-known, well\u0002known', 'Well-known, well-known'],
  ['pages 10-\n20', 'pages 10-\n20'],
  ['Anne\u0002Marie', 'Anne-Marie'],
  ['a -\nb', 'a -\nb'],
  ['two\nlines', 'two\nlines'],
  ['in\u00ADside', 'inside'],
])('%j becomes %j', (lines, running) => {
  expect(joinBrokenWords(lines)).toBe(running);
});

test('a million letters without a space, and a million hyphens, take no longer than other text', () => {
  const word = 'a'.repeat(1_000_000);
  expect(joinBrokenWords(`${word}-\n${word}`)).toHaveLength(2_000_000);
  expect(joinBrokenWords('a-\n'.repeat(300_000))).toHaveLength(300_000 + 2);
});
