// Which format is a text in? Its content first; where that says nothing, its name.
import { extname } from 'node:path';
import type { CharacterFormat } from './text-document.ts';

const BY_EXTENSION: Readonly<Record<string, CharacterFormat>> = {
  ...extensions('txt', 'txt text log rst adoc asciidoc org tex bib nfo'),
  ...extensions('markdown', 'md markdown mdown mkd mdx rmd qmd'),
  ...extensions('html', 'html htm xhtml xht'),
  ...extensions('xml', 'xml rss atom opml xsd xsl xslt dita docbook rdf kml gpx fodt fods fodp tei sgm sgml'),
  ...extensions('fb2', 'fb2'),
  ...extensions('json', 'json json5 jsonc geojson webmanifest topojson'),
  ...extensions('jsonl', 'jsonl ndjson'),
  ...extensions('notebook', 'ipynb'),
  ...extensions('csv', 'csv'),
  ...extensions('tsv', 'tsv tab'),
  ...extensions('subtitles', 'srt vtt'),
  ...extensions('mail', 'eml emlx mht mhtml'),
  ...extensions('mbox', 'mbox mbx'),
  ...extensions(
    'code',
    'asm awk bash bat c cc cfg cjs clj cljs cmake conf cpp cs css cts cu cxx d dart diff dockerfile el elm erl ex exs ' +
      'f90 fish fs go gradle graphql groovy h hh hpp hs ini java jl js jsx kt kts less lisp lua m make mjs ml mm mts ' +
      'nim nix patch php pl pm proto ps1 py pyi r rake rb rs sass scala scm scss sh sol sql svelte swift tcl tf toml ' +
      'ts tsx v vb vhd vim vue wat yaml yml zig zsh',
  ),
};
const CODE_NAMES = new Set(['dockerfile', 'makefile', 'rakefile', 'gemfile', 'cmakelists.txt', 'jenkinsfile']);

const HTML_START = /^(?:\s|<!--(?:(?!-->)[\s\S])*-->|<\?xml[^>]{0,200}\?>)*<(?:!doctype\s+html|html|head|body)\b/i;
const XML_START = /^\s*<\?xml\s/;
const FICTION_BOOK = /<(?:[a-z]{1,20}:)?FictionBook\b/i;
const ANY_TAG = /<\/?[a-z][a-z0-9]*(?:\s[^<>]*)?\/?>/i;
const SUBTITLES = /^(?:WEBVTT(?:[ \t][^\n]*)?\r?\n|\s*\d+\r?\n\d{1,3}:\d\d:\d\d,\d{3} --> \d)/;
/** `From somebody Sat Jan  3 01:05:34 1996` and a header line after it: how messages in a mailbox file are parted. */
const MBOX = /^From \S+ [^\n]*\d{4}[^\n]*\r?\n(?:>[^\n]*\n)?[A-Za-z][A-Za-z0-9-]{1,40}:[ \t]/;

/** Characters of the content that are looked at. */
const HEAD = 8_192;

/**
 * The format of a text. HTML, XML, subtitles, mailboxes and scripts (`#!`) are known by how they begin, whatever the name
 * says; for the rest the extension is the hint. JSON must still prove itself by parsing.
 */
export function textFormat(text: string, name: string): CharacterFormat {
  const head = text.slice(0, HEAD);
  if (HTML_START.test(head)) return 'html';
  if (XML_START.test(head)) return FICTION_BOOK.test(head) ? 'fb2' : 'xml';
  if (SUBTITLES.test(head)) return 'subtitles';
  if (MBOX.test(head)) return 'mbox';
  if (head.startsWith('#!')) return 'code';
  const hint = formatByName(name);
  // a page saved without its first lines; a name alone does not make a page
  if (hint === 'html' || hint === 'fb2') return ANY_TAG.test(head) ? hint : 'txt';
  if (hint === 'txt' || hint === undefined) return looksLikeJson(head) ? 'json' : 'txt';
  return hint;
}

/** The format a file name suggests, or undefined when it suggests none. */
function formatByName(name: string): CharacterFormat | undefined {
  const lower = name.toLowerCase();
  const base = lower.slice(Math.max(lower.lastIndexOf('/'), lower.lastIndexOf('\\')) + 1);
  if (CODE_NAMES.has(base)) return 'code';
  const extension = extname(base).slice(1);
  return Object.hasOwn(BY_EXTENSION, extension) ? BY_EXTENSION[extension] : undefined;
}

function looksLikeJson(head: string): boolean {
  return /^\s*(?:\{\s*(?:"|\})|\[\s*(?:[[{"\]]|-?\d))/.test(head);
}

function extensions(format: CharacterFormat, list: string): Record<string, CharacterFormat> {
  return Object.fromEntries(list.split(' ').map((extension) => [extension, format]));
}
