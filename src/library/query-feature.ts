// What a query is about: a file or a text, read as indexed files are.
import { basename } from 'node:path';
import { SandglassError } from '../errors.ts';
import type { Feature } from '../features/feature.ts';
import type { Catalog } from '../index/catalog.ts';
import { queryTerms } from '../text/query-terms.ts';
import type { TextFeature } from '../text/text-feature.ts';

/** A file (indexed or not), or words. */
export type QueryInput =
  | {
      readonly file: string;
      /** Which frame of an animation, or page of a picture, from 1. @default 1 */
      readonly frame?: number;
    }
  | { readonly text: string }
  | {
      /** The content of a file: a picture of a common format, or plain text; it is looked at in this thread, and kept nowhere. */
      readonly bytes: Uint8Array;
      /** A file name: a hint for the format, and used in messages. */
      readonly name: string;
    };

/**
 * The feature of a query, with its text.
 *
 * @param catalog the index that is asked: it decides which words of which languages the words of a question are
 * @throws SandglassError why the file cannot be read; QUERY_EMPTY for a text without a word; SETTING_INVALID for a frame that the
 *   file does not have
 */
export async function queryFeature(input: QueryInput, catalog?: Catalog): Promise<Feature> {
  if ('text' in input) {
    const feature: TextFeature = { ...termsOfQuestion(input.text, catalog), text: input.text, question: true };
    if (feature.terms.length === 0)
      throw new SandglassError('QUERY_EMPTY', 'Expected words to ask with but received none.');
    return feature;
  }
  if ('bytes' in input) return featureOfBytes(input.bytes, input.name);
  // Loaded here because a question in words does without it.
  const { extractOne } = await import('../features/pool.ts');
  const { wholeFeature } = await import('../features/whole-feature.ts');
  const frame = input.frame ?? 1;
  if (!(Number.isInteger(frame) && frame >= 1))
    throw new RangeError(`Expected a whole number from 1 on for frame but received ${frame}`);
  const result = await extractOne(input.file, { keep: true, frame: frame - 1 });
  if (result.status === 'ok') {
    if (result.kind === 'text' && frame > 1)
      throw new SandglassError('SETTING_INVALID', `${input.file} is a document: it has no frame ${frame}.`);
    return wholeFeature(input.file, result, frame - 1);
  }
  const { code, message } = result.error;
  if (code === 'FILE_VANISHED') throw new SandglassError(code, `There is no file ${input.file}.`, { path: input.file });
  // most messages name the file already
  const said = message.includes(basename(input.file)) ? message : `${input.file}: ${message}`;
  throw new SandglassError(code, said, { path: input.file });
}

function termsOfQuestion(text: string, catalog: Catalog | undefined): TextFeature {
  if (catalog === undefined) return queryTerms(text, [], () => false);
  const languages = [...catalog.documents.languages()].sort(([, a], [, b]) => b - a).map(([language]) => language);
  return queryTerms(text, languages, (term) => catalog.terms.ids([term]).size > 0);
}

/** Pixels and seconds that a picture in memory may take: whoever sends it is not trusted. */
const LIMITS_OF_BYTES = { maxPixels: 100_000_000, maxSeconds: 10 };

async function featureOfBytes(bytes: Uint8Array, name: string): Promise<Feature> {
  const { extractFromBytes } = await import('../features/extract.ts');
  const { needsThreadFor } = await import('../features/needs-thread.ts');
  const { wholeFeature } = await import('../features/whole-feature.ts');
  if (needsThreadFor(bytes, bytes.length, name))
    throw new SandglassError(
      'KIND_UNSUPPORTED',
      `Expected a picture of a common format or plain text but ${name} is another document; index it, or ask with sandglass query.`,
    );
  const result = await extractFromBytes(bytes, name, LIMITS_OF_BYTES, { keep: true });
  if (result.status === 'ok') return wholeFeature(name, result);
  throw new SandglassError(result.error.code, result.error.message);
}
