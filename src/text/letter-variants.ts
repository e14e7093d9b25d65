// How a word typed without its own letters may be meant: "malmo" for malmö, "mueller" for müller, "ano" for año.

/** For each language what is typed, and what may be meant. */
const MEANT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  de: { ae: 'ä', oe: 'ö', ue: 'ü' },
  sv: { a: 'åä', o: 'ö' },
  fi: { a: 'äå', o: 'ö' },
  da: { a: 'å', o: 'ø', aa: 'å', ae: 'æ', oe: 'ø' },
  no: { a: 'å', o: 'ø', aa: 'å', ae: 'æ', oe: 'ø' },
  es: { n: 'ñ' },
  gl: { n: 'ñ' },
  et: { a: 'ä', o: 'öõ', u: 'ü' },
  is: { d: 'ð', th: 'þ', ae: 'æ', o: 'ö' },
  tr: { c: 'ç', g: 'ğ', i: 'ı', o: 'ö', s: 'ş', u: 'ü' },
  az: { c: 'ç', e: 'ə', g: 'ğ', i: 'ı', o: 'ö', s: 'ş', u: 'ü' },
};

/** A long word may have more; nobody waits for them. */
const MOST_VARIANTS = 256;

/** The ways a lower-case word may be meant in a language, itself not among them; at most 256. */
export function letterVariants(word: string, language: string): string[] {
  const meant = MEANT[language];
  if (meant === undefined) return [];
  const variants: string[] = [];
  const extend = (begun: string, at: number): void => {
    if (variants.length >= MOST_VARIANTS) return;
    if (at >= word.length) {
      if (begun !== word) variants.push(begun);
      return;
    }
    for (const length of [2, 1]) {
      const typed = word.slice(at, at + length);
      if (typed.length === length) for (const letter of meant[typed] ?? '') extend(begun + letter, at + length);
    }
    extend(begun + word[at], at + 1);
  };
  extend('', 0);
  return variants;
}
