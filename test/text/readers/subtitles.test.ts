import { describe, expect, test } from '@jest/globals';
import { readText } from '../../../src/text/read-text.ts';

const read = (lines: readonly string[], name: string) => readText(Buffer.from(lines.join('\n')), name);

describe('subtitles without words', () => {
  test.each([
    ['no cue', ['WEBVTT', '']],
    ['cues without text', ['1', '00:00:01,000 --> 00:00:02,000', '']],
    ['only notes', ['WEBVTT', '', 'NOTE', 'by somebody']],
  ])('%s is empty', async (_, lines) => {
    await expect(read(lines, 'a.vtt')).rejects.toThrow(expect.objectContaining({ code: 'FILE_EMPTY' }));
  });
});

describe('subtitles', () => {
  test('SubRip gives what is said, without numbers and times', async () => {
    const lines = [
      '\uFEFF1',
      '00:00:01,600 --> 00:00:04,200 X1:1',
      '<i>Two</i> {\\an8}words',
      'in 1999',
      '',
      '2',
      '00:00:05,000 --> 00:00:06,000',
      '- Yes.',
      '',
    ];
    expect(await read(lines, 'a.txt')).toEqual({
      text: 'Two words in 1999\n- Yes.',
      format: 'subtitles',
      charset: 'utf-8',
    });
  });

  test('cues that no empty line parts lose their numbers too', async () => {
    expect(
      (await read(['1', '00:00:01,000 --> 00:00:02,000', 'one', '2', '00:00:02,000 --> 00:00:03,000', 'two'], 'a.srt'))
        .text,
    ).toBe('one two');
  });

  test('WebVTT gives its title and language; styles, notes, names of cues and repeated lines are left out', async () => {
    const lines = [
      'WEBVTT - The talk',
      'Kind: captions',
      'Language: en',
      '',
      'STYLE',
      '::cue { color: red }',
      '',
      'NOTE a remark',
      '',
      'intro',
      '00:01.000 --> 00:02.000 align:start',
      '<v Ann>Hello<00:01.500> there &amp; all',
      '',
      '00:02.000 --> 00:03.000',
      'Hello there & all',
      'again',
    ];
    expect(await read(lines, 'a')).toMatchObject({
      text: 'Hello there & all\nagain',
      title: 'The talk',
      language: 'en',
    });
  });
});
