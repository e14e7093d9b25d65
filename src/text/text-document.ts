// What is read from a file of text, whatever its format was.

/** `xml` is any markup that is not HTML; `code` is source code and configuration, read as it is. */
export type TextFormat = 'txt' | 'markdown' | 'html' | 'xml' | 'json' | 'jsonl' | 'csv' | 'tsv' | 'code';

export interface TextDocument {
  /** The words of the document without its markup; blocks are separated by line breaks. */
  readonly text: string;
  /** What the document calls itself: `<title>`, first heading, `Subject:`, "title" of a JSON object. */
  readonly title?: string;
  readonly author?: string;
  /** When it was written or last changed, by its own account: ISO 8601, as precise as it says. */
  readonly date?: string;
  /** The language it says it is in: BCP 47, `en`, `pt-BR`, … */
  readonly language?: string;
  readonly pages?: number;
  readonly format: TextFormat;
  /** Of text files, the character set they were decoded from, lower case: `utf-8`, `windows-1252`, `shift_jis`, … */
  readonly charset?: string;
}

/** What one format's reader finds. */
export interface TextAndTitle {
  readonly text: string;
  readonly title?: string;
}

const LONGEST_TITLE = 200;

/** A title on one line and not too long, or nothing when there is none. */
export function titled(text: string, title: string | undefined): TextAndTitle {
  const line = title
    ?.slice(0, 4 * LONGEST_TITLE)
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, LONGEST_TITLE)
    .trim();
  return line === undefined || line === '' ? { text } : { text, title: line };
}
