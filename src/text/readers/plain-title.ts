// The title that a text in a light markup gives itself: LaTeX, reStructuredText, AsciiDoc, Org. The text itself is read as it stands.
import { extname } from 'node:path';

/** Titles stand near the beginning. */
const HEAD = 10_000;

const TITLES: Readonly<Record<string, RegExp>> = {
  '.tex': /\\title(?:\[[^\]]{0,200}\])?\{([^{}]{1,300})\}/,
  '.org': /^#\+TITLE:[ \t]*(.{1,300})$/im,
  '.adoc': /^= (.{1,300})$/m,
  '.asciidoc': /^= (.{1,300})$/m,
  // a line over a line of one sign, or between two
  '.rst': /^(?:([=\-~#*^"'`+])\1{2,200}\n)? ?(\S.{0,200})\n([=\-~#*^"'`+])\3{2,200}$/m,
};

/** @param name of the file, which says what the markup is */
export function plainTitle(source: string, name: string): string | undefined {
  const pattern = TITLES[extname(name).toLowerCase()];
  const found = pattern?.exec(source.slice(0, HEAD).replaceAll('\r\n', '\n'));
  // its own braces and commands are no words
  return (found?.[2] ?? found?.[1])?.replace(/\\\\|\\[a-z]+\s*/gi, ' ').trim() || undefined;
}
