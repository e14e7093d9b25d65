// What stands before a Markdown document and is about it: YAML between dashes, or Pandoc's lines that begin with %.
import { writtenDate } from './written-date.ts';

export interface FrontMatter {
  readonly title?: string;
  readonly author?: string;
  readonly date?: string;
  readonly language?: string;
  /** The document after it. */
  readonly body: string;
}

const YAML = /^---[ \t]*\r?\n([\s\S]{0,20000}?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/;
const TOML = /^\+\+\+[ \t]*\r?\n([\s\S]{0,20000}?)\r?\n\+\+\+[ \t]*(?:\r?\n|$)/;
const PERCENT = /^%[ \t]([^\n]{0,1000})\n(?:%[ \t]?([^\n]{0,1000})\n)?(?:%[ \t]?([^\n]{0,1000})\n)?/;

/** Only what is asked for is read of the YAML: plain, quoted and listed values of a few fields at the top level. */
export function frontMatter(source: string): FrontMatter {
  const block = YAML.exec(source) ?? TOML.exec(source);
  if (block !== null) {
    const lines = block[1]!.split(/\r?\n/);
    return {
      ...fields(value(lines, 'title'), value(lines, 'authors?'), value(lines, 'date'), value(lines, 'lang(?:uage)?')),
      body: source.slice(block[0].length),
    };
  }
  const percent = PERCENT.exec(source);
  if (percent === null) return { body: source };
  return {
    ...fields(percent[1]?.trim(), percent[2]?.trim(), percent[3]?.trim(), undefined),
    body: source.slice(percent[0].length),
  };
}

function fields(title?: string, author?: string, written?: string, language?: string): Omit<FrontMatter, 'body'> {
  const date = writtenDate(written);
  return {
    ...(title ? { title } : {}),
    ...(author ? { author } : {}),
    ...(date ? { date } : {}),
    ...(language ? { language } : {}),
  };
}

/** `name: value`, `name: [a, b]`, `name = "value"`, or a list or block in the lines below. */
function value(lines: readonly string[], name: string): string | undefined {
  const start = new RegExp(`^${name}[ \\t]*[:=][ \\t]*(.*)$`, 'i');
  const at = lines.findIndex((line) => start.test(line));
  if (at === -1) return undefined;
  const here = start.exec(lines[at]!)![1]!.trim();
  if (here !== '' && !/^[|>][+-]?$/.test(here)) return unquoted(here);
  const below: string[] = [];
  for (const line of lines.slice(at + 1)) {
    if (!/^(?:[ \t]|-[ \t])/.test(line)) break;
    const item = line.replace(/^[ \t]*(?:-[ \t]+)?/, '');
    const named = /^name:[ \t]*(.*)$/i.exec(item);
    // of an author's fields only the name
    if (named !== null) below.push(unquoted(named[1]!));
    else if (!/^[a-z_]+:[ \t]/i.test(item)) below.push(unquoted(item));
  }
  return below.filter((item) => item !== '').join(/^[|>]/.test(here) ? ' ' : ', ');
}

function unquoted(written: string): string {
  const list = /^\[(.*)\]$/.exec(written);
  if (list !== null) return list[1]!.split(',').map(unquoted).join(', ');
  const text = written.trim();
  return /^(["']).*\1$/.test(text) && text.length > 1 ? text.slice(1, -1) : text;
}
