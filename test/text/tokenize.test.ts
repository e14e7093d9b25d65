import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readText } from '../../src/text/read-text.ts';
import { countTerms, LARGEST_COUNT, tokenize } from '../../src/text/tokenize.ts';
import { NEWSGROUPS_ABSENT, readPosts } from './newsgroups.ts';

const AS_WRITTEN = { stem: false, stopWords: false, fold: false, pieces: false };

describe('what is no word', () => {
  test.each(['', ' \n\t', '... !? --', '\0\u0001\u007f', '👍🏽', '\ud800', '\udc00\ud800'])(
    '%j has no terms',
    (text) => {
      expect(tokenize(text, AS_WRITTEN)).toEqual([]);
      expect(countTerms(text)).toEqual({ kind: 'text', terms: [], counts: new Uint16Array(0) });
    },
  );

  test('a lone surrogate only separates', () => {
    expect(tokenize('left\ud800right', AS_WRITTEN)).toEqual(['left', 'right']);
  });

  test('a line of ten million letters is dropped, the word after it is not', () => {
    expect(tokenize(`${'a'.repeat(10_000_000)} word`)).toEqual(['word']);
  });

  test('hashes, keys and long numbers are dropped, years and short numbers kept', () => {
    expect(tokenize('d41d8cd98f00b204e9800998ecf8427e 20261123 1993 486', AS_WRITTEN)).toEqual(['1993', '486']);
  });
});

describe('words', () => {
  test('are lower-case, of letters, digits and marks', () => {
    expect(tokenize('Straße, NAÏVE utf8—x86; Ελλάδα हिन्दी', AS_WRITTEN)).toEqual([
      'straße',
      'naïve',
      'utf8',
      'x86',
      'ελλάδα',
      'हिन्दी',
    ]);
  });

  test('are the same in full width, with ligatures, decomposed or with soft hyphens', () => {
    expect(tokenize('Ｆｉｌｅ ﬁle cafe\u0301 café in\u00advisible', AS_WRITTEN)).toEqual([
      'file',
      'file',
      'café',
      'café',
      'invisible',
    ]);
  });

  test('of English are stemmed, stop words left out', () => {
    expect(tokenize('The movies that John was watching')).toEqual(['movi', 'john', 'watch']);
    expect(tokenize("They've said it's what we'll do, and a sailor too")).toEqual(['sailor']);
  });

  test('outside the basic plane are kept whole', () => {
    expect(tokenize('𐐀𐐁 x', AS_WRITTEN)).toEqual(['𐐨𐐩', 'x']);
  });
});

describe('scripts without spaces', () => {
  test.each([
    ['自然语言处理', ['自然', '语言', '处理']],
    ['我喜欢看电影。', ['我', '喜欢', '看', '电影']],
    ['コーヒーと東京', ['コーヒー', 'と', '東京']],
    ['ｺｰﾋｰ', ['コーヒー']],
    ['สวัสดีชาวโลก', ['สวัสดี', 'ชาว', 'โลก']],
    ['나는 학교에 갑니다', ['나는', '학교에', '갑니다']],
    ['使用Node编写API接口', ['使用', 'node', '编写', 'api', '接口']],
  ])('%s is segmented', (text, words) => {
    expect(tokenize(text, AS_WRITTEN)).toEqual(words);
  });

  test('a run without any punctuation, a hundred thousand characters long, is segmented too', () => {
    const terms = tokenize('语言处理'.repeat(25_000));
    expect(terms.length).toBeGreaterThan(49_000);
    expect(new Set(terms).size).toBeLessThan(10);
  });
});

describe('words without fixed bounds', () => {
  test('of Chinese count as a whole and as their characters, each once', () => {
    expect(tokenize('电影 看看 书', { language: 'zh' })).toEqual(['电影', '电', '影', '看看', '书']);
  });

  test('of Korean meet whatever particle is attached', () => {
    const [school, atSchool] = ['학교', '학교에서'].map((word) => tokenize(word, { language: 'ko' }));
    expect(school).toEqual(['학교']);
    expect(atSchool).toEqual(expect.arrayContaining(['학교에서', '학교']));
  });

  test('of mixed texts are each treated as their script asks for', () => {
    expect(tokenize('我们用 TypeScript 写 programs', { language: 'zh', pieces: false })).toEqual(
      expect.arrayContaining(['typescript', 'type', 'script', '写', 'program']),
    );
    expect(tokenize('книги about книгах', { language: 'en' })).toEqual(['книг', 'книг']);
  });
});

describe('a text of stop words only', () => {
  test.each([
    ['to be or not to be', 'en', ['to', 'be', 'or', 'not', 'to', 'be']],
    ['The Who', 'und', ['the', 'who']],
    ['die und der', 'de', ['die', 'und', 'der']],
    ['a', 'en', ['a']],
    ['的', 'zh', ['的']],
  ])('%j keeps its words', (text, language, terms) => {
    expect(tokenize(text, { language })).toEqual(terms);
    expect(countTerms(text, { language }).terms).toEqual([...new Set(terms)]);
  });
});

describe('accents', () => {
  test.each([
    ['café CAFÉ cafe\u0301 cafe', 'fr', ['caf', 'caf', 'caf', 'caf']],
    ['naïve café Malmö', 'en', ['naiv', 'cafe', 'malmo']],
    ['éléphants elephants', 'fr', ['eleph', 'eleph']],
    ['año ano', 'es', ['año', 'ano']],
    ['canción cancion', 'es', ['cancion', 'cancion']],
    ['får far', 'sv', ['får', 'far']],
    ['Häuser Haus Strasse Straße', 'de', ['haus', 'haus', 'strass', 'strass']],
    ['ёлка елка', 'ru', ['елк', 'елк']],
    ['ΟΔΟΣ οδός', 'el', ['οδ', 'οδ']],
    ['IŞIK ışık', 'tr', ['ışık', 'ışık']],
    ['كِتاب كتاب', 'ar', ['كتاب', 'كتاب']],
    ['ma má mạ', 'vi', ['ma', 'má', 'mạ']],
  ])('of %s in %s', (text, language, terms) => {
    expect(tokenize(text, { language, stopWords: false })).toEqual(terms);
  });
});

describe('elisions and contractions', () => {
  test.each([
    ["l'homme qu’il n'aime aujourd'hui", 'fr', ['homm', 'aim']],
    ["dell'arte", 'it', ['arte']],
    ["she doesn't sail", 'en', ['sail']],
  ])('of %s leave nothing over', (text, language, terms) => {
    expect(tokenize(text, { language })).toEqual(terms);
  });
});

test('ten million words are counted', () => {
  const { terms, counts } = countTerms('ox elk '.repeat(5_000_000));
  expect(terms).toEqual(['ox', 'elk']);
  expect(counts).toEqual(Uint16Array.of(LARGEST_COUNT, LARGEST_COUNT));
});

describe('code, addresses and URLs', () => {
  test('identifiers count as a whole and as their parts', () => {
    expect(tokenize('getUserName HTTPServer max_share __init__', AS_WRITTEN)).toEqual([
      ...['getusername', 'get', 'user', 'name'],
      ...['httpserver', 'http', 'server'],
      ...['max_share', 'max', 'share'],
      'init',
    ]);
    expect(tokenize('getUserName', { ...AS_WRITTEN, identifiers: false })).toEqual(['getusername']);
  });

  test('a URL gives its host and path, not its scheme, query and fragment', () => {
    expect(tokenize('see https://www.example.org/some/page.html?utm_source=x&y=1#top now', AS_WRITTEN)).toEqual(
      'see www example org some page html now'.split(' '),
    );
    expect(tokenize('(http://a.example/b)next，http://c.example/d。下', AS_WRITTEN)).toEqual(
      'a example b next c example d 下'.split(' '),
    );
  });

  test('an e-mail address gives its parts', () => {
    expect(tokenize('john.doe@cs.example.edu', AS_WRITTEN)).toEqual(['john', 'doe', 'cs', 'example', 'edu']);
  });
});

describe('counting', () => {
  test('is capped at what a feature holds', () => {
    const { terms, counts } = countTerms('word '.repeat(LARGEST_COUNT + 10));
    expect([terms, Array.from(counts)]).toEqual([['word'], [LARGEST_COUNT]]);
  });

  test('goes on rightly after more distinct words than are remembered', () => {
    const many = Array.from({ length: 210_000 }, (_, i) => `word${i.toString(36)}x`).join(' ');
    expect(countTerms(many).terms).toHaveLength(210_000);
    expect(countTerms('red dog red')).toEqual({ kind: 'text', terms: ['red', 'dog'], counts: Uint16Array.of(2, 1) });
  });

  test('agrees with the list of terms, for any text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc
        .array(fc.constantFrom('The', 'movie', 'movies', 'getName', '电影', 'http://', '?', '\ud83d', '1993'), {
          maxLength: 30,
        })
        .map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(text, (string) => {
        const expected = new Map<string, number>();
        for (const term of tokenize(string)) expected.set(term, (expected.get(term) ?? 0) + 1);
        const { terms, counts } = countTerms(string);
        expect(new Map(terms.map((term, i) => [term, counts[i]!]))).toEqual(expected);
        expect(terms.filter((term) => !/^[\p{L}\p{N}\p{M}_]{1,40}$/u.test(term))).toEqual([]);
      }),
    );
  });

  test('does not depend on what was counted before', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, text) => {
        const first = countTerms(text);
        countTerms(before);
        expect(countTerms(text)).toEqual(first);
      }),
    );
  });
});

describe('20 Newsgroups', () => {
  const posts = NEWSGROUPS_ABSENT === undefined ? readPosts('train') : [];
  const withPosts = NEWSGROUPS_ABSENT === undefined ? test : test.skip;

  withPosts(
    `every post has words, and nearly every one a subject${NEWSGROUPS_ABSENT ? ` (${NEWSGROUPS_ABSENT})` : ''}`,
    async () => {
      expect(posts).toHaveLength(11_314);
      let subjects = 0;
      let fewest = Number.POSITIVE_INFINITY;
      const vocabulary = new Set<string>();
      for (const { name, bytes } of posts) {
        const { text, title } = await readText(bytes, name);
        if (title !== undefined) subjects++;
        const { terms } = countTerms(text);
        fewest = Math.min(fewest, terms.length);
        for (const term of terms) vocabulary.add(term);
      }
      expect(fewest).toBeGreaterThan(3);
      expect(subjects / posts.length).toBeGreaterThan(0.99);
      expect(vocabulary.size).toBeGreaterThan(80_000);
      expect(vocabulary).toContain('encrypt');
    },
  );
});
