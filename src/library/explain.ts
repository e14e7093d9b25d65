// Why is a hit alike? Shared words, what the decoder says both are about, its rank by every method; bits and distances.
import type { Encoder } from '../encoders/encoder.ts';
import type { Feature } from '../features/feature.ts';
import { pictureCode } from '../image/picture-codes.ts';
import type { Catalog } from '../index/catalog.ts';
import type { ItemRecord } from '../index/items.ts';
import type { Method } from '../methods/method.ts';
import { firstWholeWords, type SharedWord, surfaceForms } from '../text/explain.ts';
import { ranksOf } from './best-units.ts';
import { codePrecision } from './code-precision.ts';
import { bagOfItem, bagOfPassage } from './hit-passages.ts';
import { AUTO_ENCODER_BITS, type MethodSet } from './method-set.ts';
import { storedBags } from './stored-bags.ts';
import type { Workspace } from './workspace.ts';

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
  /** The rank of the item by every method that finds anything in it, from 1. */
  readonly ranks: Readonly<Record<string, number>>;
}

/**
 * A function that explains hits of one query.
 *
 * @param items those that are going to be explained
 */
export async function explainer(
  workspace: Workspace,
  methods: MethodSet,
  method: Method,
  query: Feature,
  items: readonly number[],
): Promise<(item: ItemRecord, passageId: number, distance: number) => Promise<Explanation>> {
  const ranks = await ranksByMethod(methods, query, items);
  const ranksOfItem = (id: number) =>
    Object.fromEntries([...ranks].flatMap(([name, found]) => (found.has(id) ? [[name, found.get(id)!]] : [])));
  if (query.kind === 'image')
    return async ({ id }, _, distance) => ({ ...explainPicture(method, distance), ranks: ranksOfItem(id) });
  const { catalog } = workspace;
  const record = workspace.activeEncoder('text');
  const encoder = record && (await workspace.encoder(record).catch(() => undefined));
  const topics = encoder && (await topicReader(encoder, storedBags(catalog).sample(USUAL_DOCUMENTS)));
  const asked = await topics?.(query);
  const usual = catalog.items.lowestTies('text', USUAL_DOCUMENTS);
  const forms = new Map<string, string>();
  const learnForms = (text: string | undefined, terms: Iterable<string>, language?: string): void => {
    for (const [term, word] of text === undefined ? [] : surfaceForms(text, terms, language)) forms.set(term, word);
  };
  learnForms(query.text, query.terms, query.language);
  return async ({ id }, passageId) => {
    const feature = passageId === 0 ? bagOfItem(catalog, id) : bagOfPassage(catalog, passageId);
    if (!feature) return { ranks: ranksOfItem(id) };
    learnForms(textOf(catalog, id, passageId), feature.terms, catalog.documents.get(id)?.language);
    const shared = methods.words(true).sharedWords(query, feature).slice(0, WORDS);
    const decoded = topics && asked ? inCommon(encoder, asked, await topics(feature)) : undefined;
    // The decoder names words that neither has: other documents show how they are written.
    for (const other of usual) {
      const unknown = decoded?.filter((term) => !forms.has(term)) ?? [];
      if (unknown.length === 0) break;
      learnForms(textOf(catalog, other, 0), unknown, catalog.documents.get(other)?.language);
    }
    return {
      sharedWords: shared.map((word) => ({ word: forms.get(word.term) ?? word.term, ...word })),
      ...(decoded ? { decodedWords: decoded.map((term) => forms.get(term) ?? term) } : {}),
      ranks: ranksOfItem(id),
    };
  };
}

/** The ranks of items by every method that can be used now. */
async function ranksByMethod(
  methods: MethodSet,
  query: Feature,
  items: readonly number[],
): Promise<Map<string, Map<number, number>>> {
  const ranks = new Map<string, Map<number, number>>();
  // Hits are in the order of the floats; other than these, scores of all are those of codes in fewer bytes.
  const exact = codePrecision(methods.catalog) !== 'float32';
  for (const method of (await methods.usable(query.kind, { parts: true, exact })).methods) {
    const [representation] = await method.represent([query]);
    if (method.isEmpty(representation)) continue;
    // No word in common is no rank.
    const worst = query.kind === 'text' && methods.plain('text').includes(method.name) ? 0 : undefined;
    ranks.set(method.name, ranksOf(items, method.items, method.scores(representation), worst));
  }
  return ranks;
}

/** The text that is explained; undefined when it is not stored: then words are shown as their stems. */
function textOf({ documents, passages }: Catalog, itemId: number, passageId: number): string | undefined {
  const passage = passageId === 0 ? undefined : passages.get(passageId);
  return documents.text(itemId)?.slice(passage?.start, passage?.end);
}

function explainPicture(method: Method, distance: number): Omit<Explanation, 'ranks'> {
  const plain = pictureCode(method.name);
  if (plain?.compares === 'bits') return { differingBits: distance, bits: plain.dimensions };
  if (method.name === AUTO_ENCODER_BITS)
    return {
      measure: `signs of the code that differ, each as much as the question's number is large: ${distance.toFixed(1)}`,
    };
  const compared = { grid: 'pixels', shares: 'colour histograms', bits: 'bits' } as const;
  const what = plain ? compared[plain.compares] : 'codes';
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
  const common = words
    .map((word, i) => ({ word, weight: Math.min(a[i]!, b[i]!) }))
    .filter(({ weight }) => weight > 0)
    .sort((x, y) => y.weight - x.weight)
    .map(({ word }) => word);
  return firstWholeWords(common, WORDS);
}
