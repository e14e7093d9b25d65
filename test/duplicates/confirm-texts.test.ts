import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../../src/compare/random.ts';
import { confirmTexts, TEXT_COPY_SCORE, textSketch } from '../../src/duplicates/confirm-texts.ts';
import { relationAt } from '../../src/duplicates/relation.ts';

const WORDS =
  'harbour anchor oven dough knight castle tide flour gambit mast yeast rook storm salt pawn sail crust deck'.split(
    ' ',
  );

/** Words in an order that its seed alone decides. */
function prose(seed: string, words = 120): string {
  const random = seededRandom(seed);
  return Array.from({ length: words }, () => WORDS[Math.floor(random() * WORDS.length)]!).join(' ');
}

function invoice(numbers: readonly (number | string)[], customer: string): string {
  return `Invoice ${numbers[0]} of ${numbers[1]}. Dear ${customer}, for the maintenance of your boiler in the past quarter we
    charge ${numbers[2]} euros plus ${numbers[3]} euros of tax, in all ${numbers[4]} euros. Please pay within 14 days to the
    account that is named below. With kind regards, your heating engineers.`;
}

function relation(a: string, b: string): string | undefined {
  return relationAt(confirmTexts(textSketch(a), textSketch(b)), TEXT_COPY_SCORE);
}

describe('Two documents', () => {
  it('are nothing to one another when they share words but no runs of words', () => {
    expect(relation(prose('one'), prose('other'))).toBeUndefined();
    expect(relation(prose('one'), '')).toBeUndefined();
    expect(relation('', '')).toBeUndefined();
  });

  it('are the same text, whatever its case, lines and punctuation', () => {
    const text = prose('one');
    expect(relation(text, text.toUpperCase().replaceAll(' castle ', ',\n\n  castle. '))).toBe(
      text.includes(' castle ') ? 'same-text' : 'never',
    );
  });

  it('are revisions when some words were changed', () => {
    const text = prose('one');
    const changed = text
      .split(' ')
      .map((word, i) => (i % 17 === 5 ? 'changed' : word))
      .join(' ');
    expect(relation(text, changed)).toBe('revision');
    expect(relation(changed, text)).toBe('revision');
    expect(relation(text, `${text} ${prose('more', 20)}`)).toBe('revision');
  });

  it('contain one another when all of the shorter stands in the longer', () => {
    const text = prose('one', 60);
    expect(relation(text, `${prose('before')} ${text} ${prose('after')}`)).toBe('contains');
    expect(relation(`${prose('before')} ${text} ${prose('after')}`, text)).toBe('contains');
  });

  it('are one form filled in twice when all but the numbers is the same', () => {
    const one = invoice([4711, '2026-01-31', '180.00', '34.20', '214.20'], 'Ms Meier');
    expect(relation(one, invoice([4988, '2026-04-30', '220.00', '41.80', '261.80'], 'Ms Meier'))).toBe('template');
    expect(relation(one, invoice([5012, '2026-05-02', '99.00', '18.81', '117.81'], 'Mr Li'))).toBe('template');
    expect(relation(one, invoice([4711, '2026-01-31', '180.00', '34.20', '214.20'], 'Mr Meier'))).toBe('revision');
  });

  it('are related when a passage of one stands in the other', () => {
    const passage = prose('passage', 40);
    expect(relation(`${prose('one')} ${passage}`, `${passage} ${prose('other')}`)).toBe('related');
  });

  it('of a few words say little, however alike they are', () => {
    expect(
      confirmTexts(textSketch('best regards Anna'), textSketch(`best regards Anna ${prose('one')}`)).score,
    ).toBeLessThan(0.5);
  });

  it('in scripts without spaces are compared by characters', () => {
    const text = '今天天气很好我们一起去公园散步吧然后在湖边喝茶聊天直到太阳下山才回家吃晚饭'.repeat(1);
    expect(relation(text, `${text}明天再见`)).toBe('revision');
    expect(relation(text, '完全不同的一句话与前面没有任何相同之处可以用来比较两个文档是否相似的长度')).toBeUndefined();
  });
});
