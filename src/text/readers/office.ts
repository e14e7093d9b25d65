// Documents of office programs and PDF: which reader reads which format. Each is loaded when the first file of its kind comes.
import type { DocumentContent, OfficeFormat, TextDocument } from '../text-document.ts';

type Reader = (bytes: Uint8Array, name: string) => Promise<DocumentContent>;

const READERS: Readonly<Record<OfficeFormat, () => Promise<Reader>>> = {
  pdf: async () => (await import('./pdf.ts')).readPdf,
  docx: async () => (await import('./docx.ts')).readDocx,
  doc: async () => (await import('./doc.ts')).readDoc,
  odt: async () => (await import('./open-document.ts')).readOpenDocument,
  ods: async () => (await import('./open-document.ts')).readOpenDocument,
  odp: async () => (await import('./open-document.ts')).readOpenDocument,
  pptx: async () => (await import('./pptx.ts')).readPptx,
  xlsx: async () => (await import('./xlsx.ts')).readXlsx,
  rtf: async () => (await import('./rtf.ts')).readRtf,
};

/**
 * The text of a document and what it says of itself.
 *
 * @param name the file's name or path, used in messages only
 * @throws {SandglassError} DOCUMENT_ENCRYPTED, DOCUMENT_BROKEN, DOCUMENT_WITHOUT_TEXT (only pictures), FILE_EMPTY (neither
 * words nor pictures), FILE_TOO_LARGE (unpacks to more than the limits)
 */
export async function readOfficeDocument(format: OfficeFormat, bytes: Uint8Array, name: string): Promise<TextDocument> {
  const read = await READERS[format]();
  return { ...(await read(bytes, name)), format };
}
