// Documents that are known and not read: what to say of each. docs/formats.md has the reasons.
import { SandglassError } from '../errors.ts';

const SENTENCES: Readonly<Record<string, string>> = {
  xls: 'Excel sheets of versions before 2007 are not read; save them as .xlsx.',
  ppt: 'PowerPoint slides of versions before 2007 are not read; save them as .pptx.',
  xlsb: 'Binary Excel sheets are not read; save them as .xlsx.',
  odf: 'OpenDocument drawings, formulas and databases are not read; save them as PDF.',
  msg: 'Outlook messages are not read; save them as .eml.',
  vsd: 'Visio drawings are not read; save them as PDF.',
  hwp: 'Hangul documents are not read; save them as .docx.',
  cfb: 'Compound files of unknown kind are not read.',
  wpd: 'WordPerfect documents are not read; save them as .docx.',
  iwork: 'Documents of Pages, Numbers and Keynote are not read; export them as .docx, .xlsx or .pptx.',
  xps: 'XPS documents are not read; save them as PDF.',
  mobi: 'Mobipocket and Kindle books are not read; convert them to EPUB.',
  djvu: 'DjVu documents are not read; convert them to PDF.',
  chm: 'Compiled help files are not read.',
  ps: 'PostScript documents are not read; convert them to PDF.',
};

/** The sentence for a type of documents that is not read; undefined for what is no document. */
export function unsupportedSentence(type: string): string | undefined {
  return Object.hasOwn(SENTENCES, type) ? SENTENCES[type] : undefined;
}

/** KIND_UNSUPPORTED for a document of this type. */
export function unsupportedDocument(type: string, path: string): SandglassError {
  const sentence = unsupportedSentence(type) ?? `${type.toUpperCase()} files are not read.`;
  return new SandglassError('KIND_UNSUPPORTED', sentence, { path });
}
