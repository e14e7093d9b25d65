import { expect, test } from '@jest/globals';
import { plainTitle } from '../../../src/text/readers/plain-title.ts';

test.each([
  ['a.tex', '\\documentclass{article}\n\\title[short]{On \\\\ harbours}\n', 'On   harbours'],
  ['a.org', '# remark\n#+title: Plans\n', 'Plans'],
  ['a.adoc', '// remark\n= The guide\nAnn\n', 'The guide'],
  ['a.RST', '.. remark\r\n\r\n=====\r\nGuide\r\n=====\r\n', 'Guide'],
  ['a.rst', 'Guide\n-----\ntext', 'Guide'],
  ['a.rst', 'no title\nat all', undefined],
  ['a.tex', '\\title{', undefined],
  ['a.txt', '= no title', undefined],
  ['constructor', '= no title', undefined],
  ['a.rst', `${'='.repeat(100_000)}\n`, undefined],
])('%s: %j', (name, source, title) => {
  expect(plainTitle(source, name)).toBe(title);
});
