// Lines as they were set on pages → running lines: words broken at a line's end are put together.

/**
 * A hyphen at the end of a line, before a small letter. PDFium itself takes the next line up after a letter's hyphen, and puts a
 * mark in the hyphen's place.
 */
const BREAK = /(?<=[\p{L}\p{M}])(?:[\u0002\uFFFE]\s*|[-\u00AD\u2010] ?\n ?)(?=\p{Ll})/gu;
const COMPOUND = /(?<![\p{L}\p{M}])\p{L}[\p{L}\p{M}]{0,40}-\p{Ll}[\p{L}\p{M}]{0,40}/gu;
const END_OF_WORD = /\p{L}[\p{L}\p{M}]*$/u;
const BEGINNING_OF_WORD = /^[\p{L}\p{M}]*/u;
const LONGEST_PART = 41;

/**
 * Puts "exam-⏎ple" together. Where the same document writes the word with its hyphen inside a line, as in "well-⏎known",
 * the hyphen stays. The rest of a broken word is taken up into the line where it begins.
 *
 * @param text lines end with `\n`, with no more than one space before and after
 */
export function joinBrokenWords(text: string): string {
  const compounds = new Set<string>();
  for (const [compound] of text.matchAll(COMPOUND)) compounds.add(compound.toLowerCase());
  const joined = text.replace(BREAK, (hyphen, at: number) => {
    const start = END_OF_WORD.exec(text.slice(Math.max(0, at - LONGEST_PART), at))?.[0] ?? '';
    const after = at + hyphen.length;
    const end = BEGINNING_OF_WORD.exec(text.slice(after, after + LONGEST_PART))?.[0] ?? '';
    return compounds.has(`${start}-${end}`.toLowerCase()) ? '-' : '';
  });
  // marks where no word in small letters goes on
  return joined.replace(/[\u0002\uFFFE]/g, '-').replaceAll('\u00AD', '');
}
