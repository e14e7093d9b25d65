// Why is a hit alike? Shared words and what the decoder says both are about; bits and distances.
import { readFileSync } from 'node:fs';
import type { Encoder } from '../encoders/encoder.ts';
import type { Feature } from '../features/feature.ts';
import type { ItemRecord } from '../index/items.ts';
import type { Method } from '../methods/method.ts';
import { type SharedWord, surfaceForms } from '../text/explain.ts';
import { readText } from '../text/read-text.ts';
import { itemPath } from './folders.ts';
import type { MethodSet } from './method-set.ts';
import type { QueryInput } from './query-feature.ts';
import { storedBags } from './stored-bags.ts';
import { AUTO_ENCODER, type Workspace } from './workspace.ts';

/** How many words an explanation names. */
const WORDS = 10;

/** So many documents tell what the decoder says of any document. */
const USUAL_DOCUMENTS = 64;

/** A shared word as a person writes it, where the texts can be read; `term` is what is counted: the stem. */
export interface ExplainedWord extends SharedWord {
  readonly word: string;
}

export interface Explanation {
  /** Words that both have, the weightiest first. */
  readonly sharedWords?: readonly ExplainedWord[];
  /** Words that the decoder expects in both, from their codes alone: the topic, even without a shared word. */
  readonly decodedWords?: readonly string[];
  readonly differingBits?: number;
  readonly bits?: number;
  /** What the score measures, in words. */
  readonly measure?: string;
}

/** A function that explains hits of one query. */
export async function explainer(
  workspace: Workspace,
  methods: MethodSet,
  method: Method,
  query: Feature,
  input: QueryInput,
): Promise<(item: ItemRecord, distance: number) => Promise<Explanation>> {
  if (query.kind === 'image') return async (_, distance) => explainPicture(method, distance);
  const record = workspace.activeEncoder('text');
  const encoder = record && (await workspace.encoder(record).catch(() => undefined));
  const bags = storedBags(workspace.catalog);
  const topics = encoder && (await topicReader(encoder, bags.sample(USUAL_DOCUMENTS)));
  const asked = await topics?.(query);
  const forms = new Map<string, string>();
  const learnForms = (text: string | undefined, terms: Iterable<string>): void => {
    for (const [term, word] of text === undefined ? [] : surfaceForms(text, terms)) forms.set(term, word);
  };
  learnForms('text' in input ? input.text : textOf(input.file), query.terms);
  return async (item) => {
    const feature = bags.get(item.id);
    if (!feature) return {};
    learnForms(textOf(itemPath(workspace.catalog, item)), feature.terms);
    const shared = methods.words().sharedWords(query, feature).slice(0, WORDS);
    const decoded = topics && asked ? inCommon(encoder, asked, await topics(feature)) : undefined;
    return {
      sharedWords: shared.map((word) => ({ word: forms.get(word.term) ?? word.term, ...word })),
      ...(decoded ? { decodedWords: decoded.map((term) => forms.get(term) ?? term) } : {}),
    };
  };
}

/** The text of a file; undefined when it cannot be read now: then words are shown as their stems. */
function textOf(path: string): string | undefined {
  try {
    return readText(readFileSync(path), path).text;
  } catch {
    return undefined;
  }
}

function explainPicture(method: Method, distance: number): Explanation {
  if (method.name === 'phash' || method.name === 'dhash') return { differingBits: distance, bits: 64 };
  const what = method.name === AUTO_ENCODER ? 'codes' : 'pixels';
  return { measure: `cosine distance of the two ${what}: ${distance.toFixed(4)}` };
}

/**
 * Tells of a document which words the decoder expects in it more than in other documents: for each word its part of the
 * divergence p · log(p / usual p), which favours words that are both likely here and unusual elsewhere: [words].
 */
async function topicReader(
  encoder: Encoder,
  others: readonly Feature[],
): Promise<(feature: Feature) => Promise<Float32Array>> {
  const words = encoder.vocabulary?.size ?? 0;
  const usual = new Float32Array(words);
  const remembered = await encoder.reconstruct(others);
  for (let i = 0; i < remembered.length; i++) usual[i % words]! += remembered[i]! / others.length;
  return async (feature) =>
    (await encoder.reconstruct([feature])).map((value, word) => Math.exp(value) * (value - usual[word]!));
}

function inCommon(encoder: Encoder, a: Float32Array, b: Float32Array): string[] {
  const words = encoder.vocabulary?.words ?? [];
  return words
    .map((word, i) => ({ word, weight: Math.min(a[i]!, b[i]!) }))
    .filter(({ weight }) => weight > 0)
    .sort((x, y) => y.weight - x.weight)
    .slice(0, WORDS)
    .map(({ word }) => word);
}
