// A labelled set as numbers: the words of its database and of its queries over the database's vocabulary, and its labels.

import { detectLanguage } from '../dist/text/language.js';
import { type CountMatrix, countMatrix } from '../dist/text/term-counts.js';
import type { TextFeature } from '../dist/text/text-feature.js';
import { countTerms } from '../dist/text/tokenize.js';
import { chooseVocabulary, documentFrequencies, type Vocabulary } from '../dist/text/vocabulary.js';
import type { BagsOfWords } from '../dist/training/bags-of-words.js';
import type { LabelledDocument, TextSet, TextSetSource } from './text-sets.ts';

export interface LabelledBags {
  readonly features: readonly TextFeature[];
  readonly counts: CountMatrix;
  /** Numbers of each document's labels. */
  readonly labels: readonly (readonly number[])[];
}

export interface CountedSet {
  readonly vocabulary: Vocabulary;
  readonly database: LabelledBags;
  readonly queries: LabelledBags;
  /** Seconds that tokenizing and counting took. */
  readonly seconds: number;
}

/** With validation, every so-manieth document of the database is a query and the rest the database; the queries are not looked at. */
const VALIDATION = 6;

/** @param validation for choosing a recipe: see {@link VALIDATION} */
export function countSet({ database, queries }: TextSet, { words }: TextSetSource, validation: boolean): CountedSet {
  const started = performance.now();
  const asked = validation ? database.filter((_, i) => i % VALIDATION === 0) : queries;
  const searched = validation ? database.filter((_, i) => i % VALIDATION !== 0) : database;
  const [known, query] = [counted(searched, words), counted(asked, words)];
  const vocabulary = chooseVocabulary(documentFrequencies(known.map(({ feature }) => feature)), known.length);
  const numbers = new Map<string, number>();
  const bagsOf = (documents: readonly Counted[]): LabelledBags => ({
    features: documents.map(({ feature }) => feature),
    counts: countMatrix(
      documents.map(({ feature }) => vocabulary.toCounts(feature)),
      vocabulary.size,
    ),
    labels: documents.map(({ labels }) =>
      labels.map((label) => {
        if (!numbers.has(label)) numbers.set(label, numbers.size);
        return numbers.get(label)!;
      }),
    ),
  });
  const counts = { vocabulary, database: bagsOf(known), queries: bagsOf(query) };
  return { ...counts, seconds: (performance.now() - started) / 1000 };
}

interface Counted {
  readonly feature: TextFeature;
  readonly labels: readonly string[];
}

function counted(documents: readonly LabelledDocument[], words: readonly [number, number] | undefined): Counted[] {
  return documents
    .map(({ text, labels }) => ({ feature: countTerms(text, { language: detectLanguage(text) }), labels }))
    .filter(({ feature }) => {
      if (words === undefined) return true;
      const length = feature.counts.reduce((sum, count) => sum + count, 0);
      return length >= words[0] && length <= words[1];
    });
}

/** The same counts as the recipe takes them. */
export function asBags({ rows, columns, offsets, indices, counts }: CountMatrix): BagsOfWords {
  return { rows, vocabularySize: columns, indptr: offsets, indices, counts };
}
