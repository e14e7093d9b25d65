// How alike are these two? Every method's score; the cosine of their two codes first.
import { SandglassError } from '../errors.ts';
import { loneMethods } from '../methods/lone.ts';
import type { Method } from '../methods/method.ts';
import type { MethodSet } from './method-set.ts';
import { type QueryInput, queryFeature } from './query-feature.ts';
import { AUTO_ENCODER } from './workspace.ts';

export interface PairScore {
  readonly method: string;
  /** Higher is more alike; 1 is the same. */
  readonly score: number;
  readonly distance: number;
  /** What the distance is counted in. */
  readonly unit: string;
}

export interface SimilarityResult {
  readonly schema: 1;
  readonly a: QueryInput;
  readonly b: QueryInput;
  readonly kind: 'text' | 'image';
  readonly scores: readonly PairScore[];
  readonly notes: readonly string[];
}

/**
 * Scores two files or texts; neither need be indexed. Without an index only the methods that need none answer.
 *
 * @throws SandglassError METHOD_UNKNOWN, METHOD_UNAVAILABLE (two kinds, or a method that is not there), and why a file cannot be read
 */
export async function scorePair(
  methods: MethodSet | undefined,
  a: QueryInput,
  b: QueryInput,
  only?: string,
): Promise<SimilarityResult> {
  const features = [await queryFeature(a), await queryFeature(b)] as const;
  const [{ kind }] = features;
  if (features[1].kind !== kind) {
    throw new SandglassError(
      'METHOD_UNAVAILABLE',
      `The first is ${kind}, the second ${features[1].kind}: no method compares the two.`,
    );
  }
  const notes: string[] = [];
  if (!methods) notes.push('No index here: only the methods that need none.');
  else if (!methods.names(kind).includes(AUTO_ENCODER))
    notes.push(`The index has no encoder for ${kind} items: only the plain methods.`);
  const lone = loneMethods(kind);
  const names = only === undefined ? (methods?.names(kind) ?? lone.map(({ name }) => name)) : [only];
  const scores: PairScore[] = [];
  for (const name of names) {
    const method: Method | undefined = methods
      ? await methods.get(name, kind)
      : lone.find((each) => each.name === name);
    if (!method)
      throw new SandglassError(
        'METHOD_UNAVAILABLE',
        `${name} needs an index; without one there are: ${lone.map((each) => each.name).join(', ')}.`,
      );
    const [first, second] = await method.represent(features);
    const score = method.similarity(first, second);
    scores.push({
      method: name,
      score,
      distance: method.distance(score),
      unit: name === 'phash' || name === 'dhash' ? 'bits' : 'cosine',
    });
    if (method.isEmpty(first) || method.isEmpty(second))
      notes.push(`${name} has nothing to compare in ${method.isEmpty(first) ? 'the first' : 'the second'}.`);
  }
  return { schema: 1, a, b, kind, scores, notes };
}
