// Markdown → HTML → text.
import { Marked } from 'marked';
import { readHtml } from './read-html.ts';
import { type TextAndTitle, titled } from './text-document.ts';

/** Larger files are read as they are: markup is a few per cent of the words, rendering takes time and memory. */
const LARGEST_RENDERED = 2_000_000;

/** YAML between two lines of dashes at the very beginning. */
const FRONT_MATTER = /^---[ \t]*\r?\n([\s\S]{0,20000}?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/;
const FRONT_MATTER_TITLE = /^title:[ \t]*["']?(.+?)["']?[ \t]*$/m;
const FIRST_HEADING = /^ {0,3}#{1,6}[ \t]+(.{1,300}?)[ \t#]{0,20}$|^([^\n]{1,300})\n(?:=+|-+)[ \t]*$/m;

const marked = new Marked({ async: false, gfm: true });

/** The text of a Markdown document; its title is the front matter's, else the first heading. */
export function readMarkdown(source: string): TextAndTitle {
  const frontMatter = FRONT_MATTER.exec(source);
  const body = frontMatter === null ? source : source.slice(frontMatter[0].length);
  const ownTitle = frontMatter === null ? undefined : FRONT_MATTER_TITLE.exec(frontMatter[1]!)?.[1];
  const heading = FIRST_HEADING.exec(body.slice(0, 10_000));
  const rendered = render(body);
  if (rendered === undefined) return titled(body, ownTitle ?? heading?.[1] ?? heading?.[2]);
  const page = readHtml(rendered);
  const headingText = heading === null ? page.title : readHtml(render(heading[0]) ?? '').text;
  return titled(ownTitle === undefined ? page.text : `${ownTitle}\n${page.text}`, ownTitle ?? headingText);
}

function render(source: string): string | undefined {
  if (source.length > LARGEST_RENDERED) return undefined;
  try {
    return marked.parse(source, { async: false });
  } catch (thrown) {
    // ten thousand nested quotes overflow the renderer's stack; the words are still there to be read
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}
