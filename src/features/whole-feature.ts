// A feature with all that any encoder may ask for: the text of a document, and where a picture's pixels can be had.
import { resolve } from 'node:path';
import type { ExtractedImage, ExtractedText } from './extract-result.ts';
import type { Feature } from './feature.ts';
import { withText } from './keep-text.ts';

/**
 * @param path of the file that was read, documents to be kept
 * @param frame of a picture, that was read
 */
export function wholeFeature(path: string, result: ExtractedText | ExtractedImage, frame = 0): Feature {
  return result.kind === 'text'
    ? withText(result.feature, result.kept)
    : { ...result.feature, source: { path: resolve(path), hash: result.hash, frame } };
}
