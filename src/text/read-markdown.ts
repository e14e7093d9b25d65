// Markdown → HTML → text.
import { Marked } from 'marked';
import { readHtml } from './read-html.ts';
import { type TextAndTitle, titled } from './text-document.ts';

/** Longer ones are read as they are: markup is a few per cent of the words, and the renderer's time can grow with the square. */
const LARGEST_RENDERED = 100_000;

/** YAML between two lines of dashes at the very beginning. */
const FRONT_MATTER = /^---[ \t]*\r?\n([\s\S]{0,20000}?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/;
const FRONT_MATTER_TITLE = /^title:[ \t]*["']?(.+?)["']?[ \t]*$/m;
const FIRST_HEADING = /^#{1,6}[ \t]+(.{1,300}?)[ \t#]{0,20}$/m;

const marked = new Marked({ async: false, gfm: true });

/** The text of a Markdown document; its title is the front matter's, else the first heading. */
export function readMarkdown(source: string): TextAndTitle {
  const frontMatter = FRONT_MATTER.exec(source);
  const body = frontMatter === null ? source : source.slice(frontMatter[0].length);
  const ownTitle = frontMatter === null ? undefined : FRONT_MATTER_TITLE.exec(frontMatter[1]!)?.[1];
  const page = render(body) ?? titled(body, FIRST_HEADING.exec(body.slice(0, 10_000))?.[1]);
  return titled(ownTitle === undefined ? page.text : `${ownTitle}\n${page.text}`, ownTitle ?? page.title);
}

/** Undefined when it is too much for the renderer. */
function render(source: string): TextAndTitle | undefined {
  if (source.length > LARGEST_RENDERED) return undefined;
  try {
    return readHtml(marked.parse(source, { async: false }));
  } catch {
    // ten thousand nested quotes overflow the renderer's stack; the words are still there to be read
    return undefined;
  }
}
