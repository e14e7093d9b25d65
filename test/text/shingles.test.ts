import { describe, expect, it } from '@jest/globals';
import { FEWEST_SHINGLES, LEAST_REUSE, SHINGLE_WINDOW, shingleHashes } from '../../src/text/shingles.ts';

/** `count` words that no other `seed` has. */
function words(seed: number, count: number): string {
  return Array.from({ length: count }, (_, i) => `w${seed}x${i}`).join(' ');
}

function shared(a: Uint32Array, b: Uint32Array): number {
  const other = new Set(b);
  return a.filter((hash) => other.has(hash)).length;
}

describe('The shingles of a text', () => {
  it('are none without a word', () => {
    for (const text of ['', ' \n\t', '… — !?', '\ud800', '\u00ad\ufeff']) expect(shingleHashes(text)).toHaveLength(0);
  });

  it('are one for a text shorter than a shingle, and it is that of the whole text', () => {
    expect(shingleHashes('word')).toHaveLength(1);
    expect(shingleHashes('Two  words!')).toEqual(shingleHashes('two words'));
    expect(shingleHashes('two words')).not.toEqual(shingleHashes('words two'));
  });

  it('survive control characters, lone surrogates and words without end', () => {
    expect(shingleHashes('\u0000one\u0001 \udc00two\ud800')).toEqual(shingleHashes('one two'));
    expect(shingleHashes('a'.repeat(1_000_000))).toHaveLength(1);
  });

  it('are one each when all words are the same, in little memory', () => {
    expect(shingleHashes('spam '.repeat(300_000))).toHaveLength(1);
  });

  it('are distinct, ascending, and two in nine', () => {
    const hashes = shingleHashes(`${words(1, 4000)} ${words(1, 4000)}`);
    expect(Array.from(hashes)).toEqual([...new Set(hashes)].sort((a, b) => a - b));
    const share = 2 / (SHINGLE_WINDOW + 1);
    expect(hashes.length / 4000).toBeGreaterThan(0.9 * share);
    expect(hashes.length / 4000).toBeLessThan(1.1 * share);
  });

  it('are all of a line, and at least a few of a short text', () => {
    expect(shingleHashes(words(2, 12))).toHaveLength(5);
    for (let seed = 0; seed < 20; seed++) {
      const hashes = shingleHashes(words(seed, 30));
      expect(hashes.length).toBeGreaterThanOrEqual(FEWEST_SHINGLES);
      expect(Array.from(hashes)).toEqual([...new Set(hashes)].sort((a, b) => a - b));
    }
  });

  it('see through case, punctuation, line ends, compatibility forms and invisible characters', () => {
    const plain = 'the final office of the cafe was closed on sunday and nobody came';
    const dressed = 'The ﬁnal "OFFICE" of\r\nthe ｃａｆｅ -- was clo\u00adsed on Sunday; and nobody\u00a0came.';
    expect(shingleHashes(dressed)).toEqual(shingleHashes(plain));
    expect(shingleHashes('l’été à la plage de nos rêves'.normalize('NFD'))).toEqual(
      shingleHashes('l’été à la plage de nos rêves'),
    );
  });

  it('keep what stemming and stop words would lose', () => {
    expect(shingleHashes('on monday we walk to the house we own')).not.toEqual(
      shingleHashes('on monday we walked to the house we own'),
    );
    expect(shingleHashes('on monday we walk to the house we own')).not.toEqual(
      shingleHashes('on monday we walk to a house we own'),
    );
  });

  it('of a passage are found in every text that holds it, wherever it stands', () => {
    for (let seed = 0; seed < 50; seed++) {
      const within = (length: number) => {
        const passage = words(1000 + seed, length);
        const first = shingleHashes(`${words(seed, 400 + seed)} ${passage} ${words(seed + 100, 300)}`);
        const second = shingleHashes(`${words(seed + 200, 50 + seed)}\n${passage}`);
        return shared(first, second);
      };
      expect(within(LEAST_REUSE)).toBeGreaterThanOrEqual(1);
      expect(within(50)).toBeGreaterThanOrEqual(5);
    }
  });

  it('of Chinese, Japanese and Thai passages do not depend on what stands before them', () => {
    const passages = [
      '北京时间昨天晚上中国队在主场以三比二战胜了来访的客队取得了本赛季的第一场胜利球迷们非常高兴',
      '昨日の夜に東京で開かれた会議では新しい計画についての話し合いが長い時間にわたって続けられました',
      'เมื่อวานนี้มีการประชุมครั้งใหญ่ที่กรุงเทพมหานครเพื่อหารือเกี่ยวกับแผนการใหม่ของรัฐบาล',
    ];
    for (const passage of passages) {
      const [first, second] = [1, 2].map((seed) =>
        shingleHashes(`${words(seed, 30)}。${passage.slice(7 * seed, 19)}${passage}，${words(seed + 2, 30)}`),
      );
      expect(shared(first!, second!)).toBeGreaterThanOrEqual(2);
    }
  });
});
