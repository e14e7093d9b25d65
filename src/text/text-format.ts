// Which format is a text in? Its content first; where that says nothing, its name.
import { extname } from 'node:path';
import type { TextFormat } from './text-document.ts';

const BY_EXTENSION: Readonly<Record<string, TextFormat>> = {
  ...extensions('txt', 'txt text log rst adoc asciidoc org tex bib srt vtt eml mbox nfo'),
  ...extensions('markdown', 'md markdown mdown mkd mdx'),
  ...extensions('html', 'html htm xhtml xht'),
  ...extensions('xml', 'xml rss atom opml xsd xsl xslt dita docbook rdf kml gpx'),
  ...extensions('json', 'json json5 jsonc geojson ipynb webmanifest topojson'),
  ...extensions('jsonl', 'jsonl ndjson'),
  ...extensions('csv', 'csv'),
  ...extensions('tsv', 'tsv tab'),
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
const ANY_TAG = /<\/?[a-z][a-z0-9]*(?:\s[^<>]*)?\/?>/i;

/** Characters of the content that are looked at. */
const HEAD = 8_192;

/**
 * The format of a text. HTML, XML and scripts (`#!`) are known by how they begin, whatever the name says; for the rest the
 * extension is the hint. JSON must still prove itself by parsing.
 */
export function textFormat(text: string, name: string): TextFormat {
  const head = text.slice(0, HEAD);
  if (HTML_START.test(head)) return 'html';
  if (XML_START.test(head)) return 'xml';
  if (head.startsWith('#!')) return 'code';
  const hint = formatByName(name);
  // a page saved without its first lines; a name alone does not make a page
  if (hint === 'html') return ANY_TAG.test(head) ? 'html' : 'txt';
  if (hint === 'txt' || hint === undefined) return looksLikeJson(head) ? 'json' : 'txt';
  return hint;
}

/** The format a file name suggests, or undefined when it suggests none. */
function formatByName(name: string): TextFormat | undefined {
  const lower = name.toLowerCase();
  const base = lower.slice(Math.max(lower.lastIndexOf('/'), lower.lastIndexOf('\\')) + 1);
  if (CODE_NAMES.has(base)) return 'code';
  const extension = extname(base).slice(1);
  return Object.hasOwn(BY_EXTENSION, extension) ? BY_EXTENSION[extension] : undefined;
}

function looksLikeJson(head: string): boolean {
  return /^\s*(?:\{\s*(?:"|\})|\[\s*(?:[[{"\]]|-?\d))/.test(head);
}

function extensions(format: TextFormat, list: string): Record<string, TextFormat> {
  return Object.fromEntries(list.split(' ').map((extension) => [extension, format]));
}
