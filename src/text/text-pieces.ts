// A text as a list of words and of what stands between them, so that it can be damaged and put together again.
import { CLASSES, classOfCodeUnit, SEGMENTED } from './characters.ts';
import { segmentWords } from './segment-words.ts';

/**
 * The words of a text as a reader sees them: pieces between white space with their punctuation; runs of Chinese, Japanese
 * or Thai cut into words. Case and order kept.
 */
export function wordPieces(text: string): string[] {
  const pieces: string[] = [];
  for (const [chunk] of text.matchAll(/\S+/g)) {
    if (hasSegmented(chunk)) pushSegmented(pieces, chunk);
    else pieces.push(chunk);
  }
  return pieces;
}

/** Puts words together again: with spaces, except between characters of scripts that have none. */
export function joinPieces(pieces: readonly string[]): string {
  let text = '';
  for (const piece of pieces) {
    const close = text === '' || (isSegmented(text.charCodeAt(text.length - 1)) && isSegmented(piece.charCodeAt(0)));
    text += close ? piece : ` ${piece}`;
  }
  return text;
}

function pushSegmented(pieces: string[], chunk: string): void {
  const codes = Uint16Array.from({ length: chunk.length }, (_, i) => chunk.charCodeAt(i));
  let done = 0;
  segmentWords(codes, 0, codes.length, (from, to) => {
    if (from > done) pieces.push(chunk.slice(done, from));
    pieces.push(chunk.slice(from, to));
    done = to;
  });
  if (done < chunk.length) pieces.push(chunk.slice(done));
}

function hasSegmented(chunk: string): boolean {
  for (let i = 0; i < chunk.length; i++) if (isSegmented(chunk.charCodeAt(i))) return true;
  return false;
}

function isSegmented(code: number): boolean {
  return (code < 128 ? CLASSES[code] : classOfCodeUnit(code)) === SEGMENTED;
}
