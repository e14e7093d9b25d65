// A small world of documents for the tests of vocabularies and indexes.
import { LexicalIndex } from '../../src/text/lexical-index.ts';
import { type Postings, postingsOf } from '../../src/text/postings.ts';
import { type CountMatrix, countMatrix } from '../../src/text/term-counts.ts';
import type { TextFeature } from '../../src/text/text-feature.ts';
import { countTerms } from '../../src/text/tokenize.ts';
import { chooseVocabulary, documentFrequencies, type Vocabulary } from '../../src/text/vocabulary.ts';
import type { WeightingName } from '../../src/text/weighting.ts';

export interface World {
  readonly features: readonly TextFeature[];
  readonly vocabulary: Vocabulary;
  readonly matrix: CountMatrix;
  readonly postings: Postings;
  index(name: WeightingName): LexicalIndex;
}

/** Every word of the documents is known; words are taken as they are written. */
export function worldOf(documents: readonly string[]): World {
  const features = documents.map((document) => countTerms(document, { stem: false, stopWords: false }));
  const vocabulary = chooseVocabulary(documentFrequencies(features), documents.length, {
    minDocuments: 1,
    maxShare: 1,
  });
  const matrix = countMatrix(
    features.map((feature) => vocabulary.toCounts(feature)),
    vocabulary.size,
  );
  const postings = postingsOf(matrix);
  return { features, vocabulary, matrix, postings, index: (name) => new LexicalIndex(name, vocabulary, postings) };
}
