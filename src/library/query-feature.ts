// What a query is about: a file or a text, read as indexed files are.
import { SandglassError } from '../errors.ts';
import { extractFeature } from '../features/extract.ts';
import type { Feature } from '../features/feature.ts';
import { countTerms } from '../text/tokenize.ts';

/** A file (indexed or not), or words. */
export type QueryInput = { readonly file: string } | { readonly text: string };

/**
 * The feature of a query.
 *
 * @throws SandglassError why the file cannot be read; QUERY_EMPTY for a text without a word
 */
export async function queryFeature(input: QueryInput): Promise<Feature> {
  if ('text' in input) {
    const feature = { ...countTerms(input.text), text: input.text, question: true };
    if (feature.terms.length === 0)
      throw new SandglassError(
        'QUERY_EMPTY',
        'Expected words to ask with but received none (stop words such as "the" do not count).',
      );
    return feature;
  }
  const result = await extractFeature(input.file);
  if (result.status === 'ok') return result.feature;
  const { code, message } = result.error;
  if (code === 'FILE_VANISHED') throw new SandglassError(code, `There is no file ${input.file}.`, { path: input.file });
  throw new SandglassError(code, `${input.file}: ${message}`, { path: input.file });
}
