// Which files are not to be read in the calling thread, however few they are?
import { HEAD_BYTES, readRegularFile } from '../files/read-file.ts';
import { otherFormat } from '../image/picture-format.ts';
import { isProbablyText } from '../text/probably-text.ts';

/** Documents that may pass for text, by how they begin. */
const DOCUMENT = /^(?:\xef\xbb\xbf)?\s*(?:%PDF-|\{\\rtf)/;
/** Mail packs other files in its turn. */
const MAIL = /\.(?:eml|mbox|mht)$/i;
/** They begin what is neither text nor picture: ZIP archives (office documents, books) and compound files of old offices. */
const CONTAINER = /^(?:PK\x03\x04|\xd0\xcf\x11\xe0)|%PDF-/;
const BEGINNING = 1_024;
/** A text of more bytes may take seconds. */
const LARGE_TEXT = 4_000_000;

/**
 * True for files that may keep a reader busy for long, or need much memory: documents of office programs, books, mail, very
 * large texts, and pictures in the less common formats. The common ones are read by a library that keeps time itself, and lets
 * go of the thread.
 */
export function needsThread(path: string): boolean {
  let needs = false;
  try {
    readRegularFile(path, (head, size) => {
      needs = needsThreadFor(head, size, path);
      return undefined;
    });
  } catch {
    // Reading it will say what is wrong.
  }
  return needs;
}

/** The same of content that begins with `head` and has `size` bytes. */
export function needsThreadFor(head: Uint8Array, size: number, name: string): boolean {
  const beginning = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, BEGINNING)).toString('latin1');
  return isProbablyText(head.subarray(0, HEAD_BYTES))
    ? DOCUMENT.test(beginning) || MAIL.test(name) || size > LARGE_TEXT
    : CONTAINER.test(beginning) || otherFormat(head) !== undefined;
}
