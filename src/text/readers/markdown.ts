// Markdown → HTML → text.
import { Marked } from 'marked';
import type { DocumentContent } from '../text-document.ts';
import { metadata } from './document-metadata.ts';
import { frontMatter } from './front-matter.ts';
import { pageText } from './markup-text.ts';

/** The renderer's time can grow with the square of what it is given, so long documents are given in parts. */
const LARGEST_RENDERED = 100_000;

const FIRST_HEADING = /^#{1,6}[ \t]+(.{1,300}?)[ \t#]{0,20}$/m;

const marked = new Marked({ async: false, gfm: true });

/** The text of a Markdown document; its title is the front matter's, else the first heading. */
export function readMarkdown(source: string): DocumentContent {
  const { body, title, ...facts } = frontMatter(source);
  let heading: string | undefined;
  const texts = parts(body).map((part) => {
    const page = render(part);
    heading ??= page.heading;
    return page.text;
  });
  const text = texts.filter((part) => part !== '').join('\n');
  return {
    text: title === undefined ? text : `${title}\n${text}`,
    ...metadata({ ...facts, title: title ?? heading }),
  };
}

function render(source: string): { readonly text: string; readonly heading?: string | undefined } {
  const asItIs = () => ({ text: source, heading: FIRST_HEADING.exec(source.slice(0, 10_000))?.[1] });
  if (source.length > LARGEST_RENDERED) return asItIs();
  try {
    return pageText(marked.parse(source, { async: false }));
  } catch {
    // ten thousand nested quotes overflow the renderer's stack; the words are still there to be read
    return asItIs();
  }
}

/** Pieces that begin with a heading where that keeps them small enough; what has no such places stays whole. */
function parts(source: string): string[] {
  if (source.length <= LARGEST_RENDERED) return [source];
  const pieces: string[] = [];
  let start = 0;
  let last = 0;
  for (const { index } of source.matchAll(/\n(?=#{1,6}[ \t]|[^\n]{1,200}\n(?:===|---))/g)) {
    if (index - start > LARGEST_RENDERED && last > start) {
      pieces.push(source.slice(start, last));
      start = last;
    }
    last = index + 1;
  }
  if (source.length - start > LARGEST_RENDERED && last > start) {
    pieces.push(source.slice(start, last));
    start = last;
  }
  return [...pieces, source.slice(start)];
}
