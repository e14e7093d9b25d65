// Bytes of a document in any format that is read → its text and what it says of itself.
import { readText } from './read-text.ts';
import type { TextDocument } from './text-document.ts';

/**
 * Reads a document whose bytes are in memory.
 *
 * @param name the file's name or path, used as a hint and in messages only
 * @throws {SandglassError} FILE_EMPTY when there is no letter and no digit; TEXT_BINARY when the bytes are no document
 */
export function readDocument(bytes: Uint8Array, name: string): Promise<TextDocument> {
  return Promise.resolve(readText(bytes, name));
}
