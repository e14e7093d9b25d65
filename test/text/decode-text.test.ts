import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { decodeText } from '../../src/text/decode-text.ts';

const GERMAN =
  'Übung macht den Meister, sagte die größte Bäckerin der Straße. Die Züge fahren heute früher als gewöhnlich.';
const FRENCH =
  'L’été dernier, nous avons mangé des crêpes à la plage – où le garçon, très gêné, a oublié l’addition : 12 €.';
const RUSSIAN = 'Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему.';
const JAPANESE =
  '吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。何でも薄暗いじめじめした所で泣いていた。';
const CHINESE = '话说天下大势，分久必合，合久必分。周末七国分争，并入于秦。及秦灭之后，楚、汉分争，又并入于汉。';
const KOREAN = '모든 국민은 법 앞에 평등하다. 누구든지 성별 종교 또는 사회적 신분에 의하여 차별을 받지 아니한다.';

describe('decodeText', () => {
  test.each([
    ['windows-1252', 'latin1', GERMAN],
    ['windows-1252', 'windows-1252', FRENCH],
    ['windows-1251', 'windows-1251', RUSSIAN],
    ['koi8-r', 'koi8-r', RUSSIAN],
    ['shift_jis', 'shift_jis', JAPANESE],
    ['euc-jp', 'euc-jp', JAPANESE],
    ['gb18030', 'gb18030', CHINESE],
    ['big5', 'big5', '話說天下大勢，分久必合，合久必分。周末七國分爭，并入於秦。及秦滅之後，楚、漢分爭，又并入於漢。'],
    ['euc-kr', 'euc-kr', KOREAN],
  ])('finds that bytes are in %s', (charset, encoding, text) => {
    expect(decodeText(iconv.encode(text, encoding))).toEqual({ text, charset });
  });

  test.each(['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'])('follows the byte order mark of %s', (charset) => {
    expect(decodeText(iconv.encode(CHINESE, charset, { addBOM: true }))).toEqual({ text: CHINESE, charset });
  });

  test('drops the byte order mark of UTF-8', () => {
    expect(decodeText(Buffer.from(`\ufeff${GERMAN}`))).toEqual({ text: GERMAN, charset: 'utf-8' });
  });

  test('one sign in a long English text is read as windows-1252', () => {
    const text = `${'Nothing but plain English words here. '.repeat(2_000)}A café.`;
    expect(decodeText(Buffer.from(text, 'latin1')).text).toBe(text);
  });

  test('believes what the text declares', () => {
    const page = '<html><head><meta charset="iso-8859-2"></head>Łódź</html>';
    expect(decodeText(iconv.encode(page, 'iso-8859-2'))).toEqual({ text: page, charset: 'iso-8859-2' });
  });

  test('does not believe a character set that does not exist', () => {
    const page = '<meta charset="klingon">Grüße aus der schönen Stadt Köln';
    expect(decodeText(Buffer.from(page, 'latin1')).text).toBe(page);
  });

  test('valid UTF-8 comes back as it was, and any bytes at all give a string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        expect(decodeText(Buffer.from(`a${text}`)).text).toBe(`a${text}`);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(typeof decodeText(bytes).text).toBe('string');
      }),
    );
  });
});
