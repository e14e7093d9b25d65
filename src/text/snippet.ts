// The first words of a text, for lists of hits.

/** White space mostly takes less than a quarter; where it takes more, more of the text is looked at. */
const FIRST_LOOK = 1.25;
const LAST_LOOK = 4;

/** The beginning of a text on one line: white space and control characters collapsed, cut at a word, "…" when there is more. */
export function snippetOf(text: string, length = 240): string {
  let line = lineOf(text.slice(0, FIRST_LOOK * length));
  if (line.length <= length) {
    line = lineOf(text.slice(0, LAST_LOOK * length));
    if (line.length <= length && text.length <= LAST_LOOK * length) return line;
  }
  const cut = line.slice(0, length);
  const lastSpace = cut.lastIndexOf(' ');
  const whole = lastSpace > length / 2 ? cut.slice(0, lastSpace) : cut.replace(/[\ud800-\udbff]$/, '');
  return `${whole} …`;
}

function lineOf(text: string): string {
  return text.replace(/[\s\x00-\x1f\x7f]+/g, ' ').trim();
}
