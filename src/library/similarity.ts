// How alike are these two? Every method's score; the cosine of their two codes first.
import { SandglassError } from '../errors.ts';
import type { Kind } from '../features/feature.ts';
import { pictureCode } from '../image/picture-codes.ts';
import { loneMethods } from '../methods/lone.ts';
import type { Method, PairMethod } from '../methods/method.ts';
import { AUTO_ENCODER_BITS, isMethodName, type MethodSet } from './method-set.ts';
import { type QueryInput, queryFeature } from './query-feature.ts';
import { AUTO_ENCODER } from './workspace.ts';

export interface PairScore {
  readonly method: string;
  /** Higher is more alike; 1 is the same, but for `bm25`, whose score has no upper end: how well the second answers the first. */
  readonly score: number;
  readonly distance: number;
  /** What the distance is counted in. */
  readonly unit: string;
}

export interface SimilarityResult {
  readonly schema: 1;
  readonly a: QueryInput;
  readonly b: QueryInput;
  readonly kind: Kind;
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
  const catalog = methods?.catalog;
  const features = [await queryFeature(a, catalog), await queryFeature(b, catalog)] as const;
  const [{ kind }] = features;
  if (features[1].kind !== kind) {
    throw new SandglassError(
      'METHOD_UNAVAILABLE',
      `The first is ${kind}, the second ${features[1].kind}: no method compares the two.`,
    );
  }
  const notes: string[] = [];
  const scores: PairScore[] = [];
  if (!methods) notes.push('No index here: only the methods that need none.');
  else if (!methods.names(kind).includes(AUTO_ENCODER))
    notes.push(`The index has no encoder for ${kind} items: only the plain methods.`);
  for (const method of await chosen(methods, kind, only, notes)) {
    const [first, second] = await method.represent(features);
    const score = method.similarity(first, second);
    scores.push({
      method: method.name,
      score,
      distance: method.distance(score),
      unit: unitOf(method),
    });
    if (method.isEmpty(first) || method.isEmpty(second))
      notes.push(`${method.name} has nothing to compare in ${method.isEmpty(first) ? 'the first' : 'the second'}.`);
  }
  return { schema: 1, a, b, kind, scores, notes };
}

/** Learned methods whose distance is a number of bits. */
const BIT_METHODS: ReadonlySet<string> = new Set([AUTO_ENCODER_BITS, 'lsa-itq']);

function unitOf({ name, bounded }: Method): string {
  if (bounded === false) return '1 / (1 + score)';
  if (name === 'minhash') return 'share';
  return BIT_METHODS.has(name) || pictureCode(name)?.compares === 'bits' ? 'bits' : 'cosine';
}

function comparesPairs(method: Method): method is PairMethod {
  return method.similarity !== undefined;
}

async function chosen(
  methods: MethodSet | undefined,
  kind: Kind,
  only: string | undefined,
  notes: string[],
): Promise<readonly PairMethod[]> {
  if (methods === undefined) {
    const lone = loneMethods(kind);
    const wanted = lone.filter(({ name }) => only === undefined || name === only);
    if (wanted.length > 0) return wanted;
    if (only !== undefined && !isMethodName(only))
      throw new SandglassError('METHOD_UNKNOWN', `There is no method "${only}".`);
    throw new SandglassError(
      'METHOD_UNAVAILABLE',
      `${only} needs an index; without one there are: ${lone.map(({ name }) => name).join(', ')}.`,
    );
  }
  if (only !== undefined) {
    const method = await methods.get(only, kind);
    if (comparesPairs(method)) return [method];
    throw new SandglassError('METHOD_UNAVAILABLE', `${only} ranks a collection and cannot compare two things alone.`);
  }
  const usable = await methods.usable(kind);
  notes.push(...usable.notes);
  return usable.methods.filter(comparesPairs);
}
