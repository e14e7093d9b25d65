// What a terminal can do: colour, links, width. Everything is plain where the output is no terminal.
import { pathToFileURL } from 'node:url';
import { styleText } from 'node:util';

export type ColourChoice = 'auto' | 'always' | 'never';
type Style = Parameters<typeof styleText>[0];

export class Terminal {
  readonly colours: boolean;
  readonly links: boolean;
  readonly width: number;
  /** Columns that a table may take: what is not read by a person at a terminal is not broken for one. */
  readonly tableWidth: number;

  constructor(stream: { isTTY?: boolean; columns?: number }, colour: ColourChoice, environment: NodeJS.ProcessEnv) {
    const terminal = stream.isTTY === true && environment.TERM !== 'dumb';
    const wanted = terminal && !environment.NO_COLOR;
    this.colours = colour === 'always' || (colour === 'auto' && wanted);
    this.links = colour === 'always' || (colour === 'auto' && terminal);
    this.width = stream.columns ?? 100;
    this.tableWidth = stream.isTTY === true ? this.width : Number.POSITIVE_INFINITY;
  }

  style(style: Style, text: string): string {
    return this.colours ? styleText(style, text, { validateStream: false }) : text;
  }

  /** A hyperlink to a file (OSC 8) at a terminal, the plain text elsewhere. */
  link(path: string, text: string): string {
    return this.links ? `\u001b]8;;${pathToFileURL(path).href}\u001b\\${text}\u001b]8;;\u001b\\` : text;
  }
}

/** Text that cannot move the cursor or break a line: control characters of file names are shown as escapes. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\t') return '\\t';
    return `\\u{${(character.codePointAt(0) as number).toString(16)}}`;
  });
}
