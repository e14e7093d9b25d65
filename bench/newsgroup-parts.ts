// Headers, quotes and footers of newsgroup posts, found by the rules of scikit-learn's fetch_20newsgroups(remove=…).

/** Lines that quote, or that say who is quoted. */
const QUOTE = /(writes in|writes:|wrote:|says:|said:|^In article|^Quoted from|^\||^>)/;

export function withoutHeadersQuotesFooters(post: string): string {
  const text = post.replaceAll('\r\n', '\n');
  const blank = text.indexOf('\n\n');
  const body = blank < 0 ? '' : text.slice(blank + 2);
  return withoutFooter(
    body
      .split('\n')
      .filter((line) => !QUOTE.test(line))
      .join('\n'),
  );
}

/** What stands after the last blank line, or line of hyphens, is taken for a signature. */
function withoutFooter(text: string): string {
  const lines = text.trim().split('\n');
  for (let i = lines.length - 1; i > 0; i--) {
    if (/^-*$/.test(lines[i]!.trim())) return lines.slice(0, i).join('\n');
  }
  return text;
}
