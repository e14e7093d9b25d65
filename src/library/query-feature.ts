// What a query is about: a file or a text, read as indexed files are.
import { basename } from 'node:path';
import { SandglassError } from '../errors.ts';
import type { Feature } from '../features/feature.ts';
import type { Catalog } from '../index/catalog.ts';
import { queryTerms } from '../text/query-terms.ts';
import type { TextFeature } from '../text/text-feature.ts';

/** A file (indexed or not), or words. */
export type QueryInput = { readonly file: string } | { readonly text: string };

/**
 * The feature of a query, with its text.
 *
 * @param catalog the index that is asked: it decides which words of which languages the words of a question are
 * @throws SandglassError why the file cannot be read; QUERY_EMPTY for a text without a word
 */
export async function queryFeature(input: QueryInput, catalog?: Catalog): Promise<Feature> {
  if ('text' in input) {
    const feature: TextFeature = { ...termsOfQuestion(input.text, catalog), text: input.text, question: true };
    if (feature.terms.length === 0)
      throw new SandglassError('QUERY_EMPTY', 'Expected words to ask with but received none.');
    return feature;
  }
  // Loaded here because a question in words does without it.
  const { extractOne } = await import('../features/pool.ts');
  const { wholeFeature } = await import('../features/whole-feature.ts');
  const result = await extractOne(input.file, { keep: true });
  if (result.status === 'ok') return wholeFeature(input.file, result);
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
