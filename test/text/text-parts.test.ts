// What an index keeps of a text: the bag of the whole is that of the whole, though its words are read passage by passage.
import { describe, expect, it } from '@jest/globals';
import { splitPassages } from '../../src/text/passages.ts';
import { textParts } from '../../src/text/text-parts.ts';
import { countTerms } from '../../src/text/tokenize.ts';

const SENTENCE =
  'Sheep number NUMBER grazed quietly on the Hill of Röthen\u2011Fels, see https://hill.example/a?b=NUMBER. ';
const prose = (sentences: number) =>
  Array.from(
    { length: sentences },
    (_, i) => SENTENCE.replaceAll('NUMBER', String(i % 97)) + (i % 9 === 8 ? '\n\n' : ''),
  ).join('');

const TEXTS: readonly (readonly [what: string, text: string, language: string])[] = [
  ['one passage', prose(5), 'en'],
  ['paragraphs', prose(120), 'en'],
  ['lines', prose(120).replaceAll(' ', '\n'), 'en'],
  ['ligatures, full-width letters and soft hyphens', prose(90).replaceAll('Fels', 'ﬁne ＡＢＣ co\u00adoperate'), 'de'],
  ['no-break spaces', prose(90).replaceAll(' ', '\u00a0'), 'en'],
  ['Chinese sentences', '人工智能正在改变世界，研究人员发现了新的方法。'.repeat(80), 'zh'],
  ['Chinese without a full stop', '人工智能正在改变世界研究人员发现了新的方法'.repeat(80), 'zh'],
  ['Thai', 'ปัญญาประดิษฐ์กำลังเปลี่ยนแปลงโลก '.repeat(120), 'th'],
  ['a run without a space', `${prose(40)}${'aGVsbG8gd29ybGQ'.repeat(900)} ${prose(40)}`, 'en'],
  ['an address that is cut', `${prose(30)}https://hill.example/${'path/'.repeat(3000)} end`, 'en'],
  ['stop words only', 'to be or not to be '.repeat(200), 'en'],
  ['passages of stop words only', `${'to be or not to be '.repeat(100)}\n\n${prose(60)}`, 'en'],
];

const counted = ({ terms, counts }: { terms: readonly string[]; counts: Uint16Array }) =>
  terms.map((term, i) => [term, counts[i]!] as const);

describe('the words of a text and of its passages', () => {
  it.each(TEXTS)('are those that are counted by themselves: %s', (_what, text, language) => {
    const { feature, passages } = textParts(text, language);
    expect(counted(feature)).toEqual(counted(countTerms(text, { language })));
    expect(feature).toMatchObject({ kind: 'text', language, text });
    expect(passages.map(({ start, end }) => ({ start, end }))).toEqual(splitPassages(text));
    for (const passage of passages) {
      expect(counted(passage)).toEqual(counted(countTerms(text.slice(passage.start, passage.end), { language })));
    }
  });

  it('are capped at the largest count, which passages together may pass', () => {
    const { feature, passages } = textParts('sheep '.repeat(70_000), 'en');
    expect(passages.length).toBeGreaterThan(200);
    expect(counted(feature)).toEqual([['sheep', 65_535]]);
  });
});
