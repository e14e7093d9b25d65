// Lines as they were set on pages → running lines: words broken at a line's end are put together.

/**
 * A hyphen at the end of a line and what goes on. PDFium itself takes the next line up after a letter's hyphen, and puts a mark
 * in the hyphen's place.
 */
const BROKEN = /(\p{L}[\p{L}\p{M}]*)(?:[\u0002\uFFFE]\s*|[-\u00AD\u2010][ \t]*\n[ \t]*)(\p{Ll}[\p{L}\p{M}]*)/gu;
const COMPOUND = /\p{L}[\p{L}\p{M}]*-\p{Ll}[\p{L}\p{M}]*/gu;

/**
 * Puts "exam-⏎ple" together. Where the same document writes the word with its hyphen inside a line, as in "well-⏎known",
 * the hyphen stays. The rest of a broken word is taken up into the line where it begins.
 *
 * @param text lines end with `\n`
 */
export function joinBrokenWords(text: string): string {
  const compounds = new Set<string>();
  for (const [compound] of text.matchAll(COMPOUND)) compounds.add(compound.toLowerCase());
  const joined = text.replace(BROKEN, (_, start: string, end: string) =>
    compounds.has(`${start}-${end}`.toLowerCase()) ? `${start}-${end}` : `${start}${end}`,
  );
  // marks where no word in small letters goes on
  return joined.replace(/[\u0002\uFFFE]/g, '-').replaceAll('\u00AD', '');
}
