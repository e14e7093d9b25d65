// Why is a hit alike? Shared words and what the decoder says both are about; bits and distances.
import type { Encoder } from '../encoders/encoder.ts';
import type { Feature } from '../features/feature.ts';
import type { ItemRecord } from '../index/items.ts';
import type { Method } from '../methods/method.ts';
import type { SharedWord } from '../text/explain.ts';
import type { MethodSet } from './method-set.ts';
import { storedBags } from './stored-bags.ts';
import { AUTO_ENCODER, type Workspace } from './workspace.ts';

/** How many words an explanation names. */
const WORDS = 10;

/** So many documents tell what the decoder says of any document. */
const USUAL_DOCUMENTS = 64;

export interface Explanation {
  /** Words that both have, the weightiest first. */
  readonly sharedWords?: readonly SharedWord[];
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
): Promise<(item: ItemRecord, distance: number) => Promise<Explanation>> {
  if (query.kind === 'image') return async (_, distance) => explainPicture(method, distance);
  const record = workspace.activeEncoder('text');
  const encoder = record && (await workspace.encoder(record).catch(() => undefined));
  const bags = storedBags(workspace.catalog);
  const topics = encoder && (await topicReader(encoder, bags.sample(USUAL_DOCUMENTS)));
  const asked = await topics?.(query);
  return async (item) => {
    const feature = bags.get(item.id);
    if (!feature) return {};
    return {
      sharedWords: methods.words().sharedWords(query, feature).slice(0, WORDS),
      ...(topics && asked ? { decodedWords: inCommon(encoder, asked, await topics(feature)) } : {}),
    };
  };
}

function explainPicture(method: Method, distance: number): Explanation {
  if (method.name === 'phash' || method.name === 'dhash') return { differingBits: distance, bits: 64 };
  const what = method.name === AUTO_ENCODER ? 'codes' : 'pixels';
  return { measure: `cosine distance of the two ${what}: ${distance.toFixed(4)}` };
}

/** Tells of a document how much likelier the decoder expects each word in it than in other documents: [words]. */
async function topicReader(
  encoder: Encoder,
  others: readonly Feature[],
): Promise<(feature: Feature) => Promise<Float32Array>> {
  const words = encoder.vocabulary?.size ?? 0;
  const usual = new Float32Array(words);
  const remembered = await encoder.reconstruct(others);
  for (let i = 0; i < remembered.length; i++) usual[i % words]! += remembered[i]! / others.length;
  return async (feature) => (await encoder.reconstruct([feature])).map((value, word) => value - usual[word]!);
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
