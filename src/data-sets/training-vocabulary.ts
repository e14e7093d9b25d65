// The words that the inputs of a network stand for: as many as it has inputs, or all there are.
import { chooseVocabulary, type Vocabulary, type VocabularyOptions } from '../text/vocabulary.ts';

/** Where the usual choice gives too few words, rarer ones are taken in, and at last those that every document has. */
const STRICTNESS: readonly VocabularyOptions[] = [
  {},
  { minDocuments: 2 },
  { minDocuments: 1 },
  { minDocuments: 1, maxShare: 1 },
];

/**
 * At most `size` words, commonest first.
 *
 * @param frequencies each distinct term with the number of training documents it occurs in
 */
export function trainingVocabulary(
  frequencies: readonly (readonly [term: string, documents: number])[],
  documents: number,
  size: number,
): Vocabulary {
  let chosen: Vocabulary | undefined;
  for (const strictness of STRICTNESS) {
    chosen = chooseVocabulary(frequencies, documents, { ...strictness, size });
    if (chosen.size === size) break;
  }
  return chosen!;
}
