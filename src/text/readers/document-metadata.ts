// What documents say of themselves, cleaned: no empty fields, nothing that programs write for want of better.
import { type DocumentContent, titled } from '../text-document.ts';

export interface RawMetadata {
  readonly title?: string | undefined;
  readonly author?: string | undefined;
  /** ISO 8601. */
  readonly date?: string | undefined;
  readonly language?: string | undefined;
  readonly pages?: number | undefined;
}

const PROGRAM_PREFIX = /^Microsoft (?:Word|PowerPoint|Excel) - /;
const NO_TITLE =
  /^(?:untitled|untitled document|word document|document\d*|presentation\d*|powerpoint presentation|book\d*)$/i;
const LANGUAGE = /^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$/;

/** The fields that hold something. */
export function metadata(raw: RawMetadata): Omit<DocumentContent, 'text'> {
  const { title } = titled('', clean(raw.title)?.replace(PROGRAM_PREFIX, ''));
  const { title: author } = titled('', clean(raw.author));
  const language = raw.language?.trim();
  return {
    ...(title === undefined || NO_TITLE.test(title) ? {} : { title }),
    ...(author === undefined ? {} : { author }),
    ...(raw.date === undefined ? {} : { date: raw.date }),
    ...(language !== undefined && LANGUAGE.test(language) ? { language: language.replaceAll('_', '-') } : {}),
    ...(raw.pages !== undefined && raw.pages > 0 ? { pages: raw.pages } : {}),
  };
}

function clean(text: string | undefined): string | undefined {
  return text?.replace(/[\0-\x1F\x7F\uFEFF]+/g, ' ');
}
