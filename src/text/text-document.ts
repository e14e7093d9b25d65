// What is read from a file of text, whatever its format was.

/** Documents of office programs and PDF, read by `readers/office.ts`. */
export type OfficeFormat = 'pdf' | 'docx' | 'doc' | 'odt' | 'ods' | 'odp' | 'pptx' | 'xlsx' | 'rtf';

/** Written in characters. `xml` is markup that is not HTML; `code` is source code and configuration, read as it is. */
export type CharacterFormat =
  | 'txt'
  | 'markdown'
  | 'html'
  | 'xml'
  | 'json'
  | 'jsonl'
  | 'csv'
  | 'tsv'
  | 'code'
  | 'notebook'
  | 'subtitles'
  | 'fb2'
  | 'mail'
  | 'mbox';

export type TextFormat = CharacterFormat | OfficeFormat | 'epub';

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
export type DocumentContent = Omit<TextDocument, 'format' | 'charset'>;

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
