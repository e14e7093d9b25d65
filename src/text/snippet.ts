// The first words of a text, for lists of hits.

/** The beginning of a text on one line: white space and control characters collapsed, cut at a word, "…" when there is more. */
export function snippetOf(text: string, length = 240): string {
  const line = text
    .slice(0, 4 * length)
    .replace(/[\s\x00-\x1f\x7f]+/g, ' ')
    .trim();
  if (line.length <= length && text.length <= 4 * length) return line;
  const cut = line.slice(0, length);
  const lastSpace = cut.lastIndexOf(' ');
  const whole = lastSpace > length / 2 ? cut.slice(0, lastSpace) : cut.replace(/[\ud800-\udbff]$/, '');
  return `${whole} …`;
}
