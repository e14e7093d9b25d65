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
  const expected = encoder && (await expectations(encoder, query));
  return async (item) => {
    const feature = bags.get(item.id);
    if (!feature) return {};
    return {
      sharedWords: methods.words().sharedWords(query, feature).slice(0, WORDS),
      ...(encoder && expected
        ? { decodedWords: inCommon(encoder, expected, await expectations(encoder, feature)) }
        : {}),
    };
  };
}

function explainPicture(method: Method, distance: number): Explanation {
  if (method.name === 'phash' || method.name === 'dhash') return { differingBits: distance, bits: 64 };
  const what = method.name === AUTO_ENCODER ? 'codes' : 'pixels';
  return { measure: `cosine distance of the two ${what}: ${distance.toFixed(4)}` };
}

/** How much likelier each word is by the decoder than in an average document: [words]. */
async function expectations(encoder: Encoder, feature: Feature): Promise<Float32Array> {
  const decoded = await encoder.decode(await encoder.encode([feature]));
  const average = await averageExpectation(encoder);
  return decoded.map((value, word) => value - average[word]!);
}

const averages = new WeakMap<Encoder, Promise<Float32Array>>();

/** What the decoder says of a code without content: words that are common everywhere explain nothing. */
function averageExpectation(encoder: Encoder): Promise<Float32Array> {
  let average = averages.get(encoder);
  if (!average) {
    average = encoder.decode(new Float32Array(encoder.dimensions));
    averages.set(encoder, average);
  }
  return average;
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
