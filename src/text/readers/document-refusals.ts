// Why a document gives no text, said the same way for all formats.
import { SandglassError } from '../../errors.ts';

/** @param reason what is wrong, as the end of a sentence, without a full stop */
export function brokenDocument(name: string, reason: string, cause?: unknown): SandglassError {
  return new SandglassError(
    'DOCUMENT_BROKEN',
    `${name} is damaged or not what it seems: ${reason.replace(/\.$/, '')}.`,
    cause === undefined ? { path: name } : { path: name, cause },
  );
}

export function lockedDocument(name: string, cause?: unknown): SandglassError {
  return new SandglassError(
    'DOCUMENT_ENCRYPTED',
    `${name} is protected by a password; save it without one to have it read.`,
    cause === undefined ? { path: name } : { path: name, cause },
  );
}

/** @param pictures whether anything is drawn in it; without, it is simply empty */
export function documentWithoutText(name: string, pictures: boolean): SandglassError {
  return pictures
    ? new SandglassError('DOCUMENT_WITHOUT_TEXT', `${name} holds only pictures, no text; it needs OCR first.`, {
        path: name,
      })
    : new SandglassError('FILE_EMPTY', `Expected words in ${name} but there is no letter and no digit in it.`, {
        path: name,
      });
}
