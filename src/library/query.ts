// One question: what is like this?
import { existsSync } from 'node:fs';
import { SandglassError } from '../errors.ts';
import type { Feature, Kind } from '../features/feature.ts';
import type { Catalog } from '../index/catalog.ts';
import type { ItemRecord } from '../index/items.ts';
import type { RootRecord } from '../index/roots.ts';
import { examplesMethod } from '../methods/examples.ts';
import type { Method, Ranking } from '../methods/method.ts';
import { searchItems, searchRange } from './best-units.ts';
import { defaultMethod, PLAIN_METHOD } from './default-method.ts';
import { type DocumentFacts, documentFacts } from './document-facts.ts';
import type { Explanation } from './explain.ts';
import { absolutePath } from './folders.ts';
import type { HitPassage } from './hit-passages.ts';
import { type ItemFilter, rowFilter } from './item-filter.ts';
import { isBrokenEncoder, type MethodSet } from './method-set.ts';
import { type QueryInput, queryFeature } from './query-feature.ts';
import type { Workspace } from './workspace.ts';

export interface QueryOptions {
  /** How many hits at most. @default 10; all with `minScore` or `within` */
  readonly k?: number;
  /** `auto`, the winner of the check at indexing, or a method by name. @default 'auto' */
  readonly method?: string;
  /** Only hits with at least this score. */
  readonly minScore?: number;
  /** Only hits at this distance, or nearer. */
  readonly within?: number;
  /** Examples of what is not looked for: their likes go down. */
  readonly not?: readonly QueryInput[];
  /** Only items of this kind; must be the kind of the query. */
  readonly kind?: Kind;
  /** Only items whose path in their folder matches one of these patterns; `!pattern` leaves out. Short for `filter.glob`. */
  readonly glob?: readonly string[];
  /** Only items that are like this. */
  readonly filter?: ItemFilter;
  /** Compare the floats of every item, even where there is a graph, or codes in fewer bytes. @default false */
  readonly exact?: boolean;
  /** Candidates that a search through a graph keeps: more are slower and find more. @default what the graph was measured with */
  readonly ef?: number;
  /** Say why each hit is alike. @default false */
  readonly explain?: boolean;
  readonly signal?: AbortSignal;
}

export interface Hit extends DocumentFacts {
  /** From 1. */
  readonly rank: number;
  /** Absolute. */
  readonly path: string;
  readonly kind: Kind;
  /** Higher is more alike; 1 is the same. */
  readonly score: number;
  /** What a user of the method expects beside the score: cosine distance, Hamming bits. */
  readonly distance: number;
  /** The part of a document that is alike, or shares most words; absent when no part can be told from the others. */
  readonly passage?: HitPassage;
  /** How many frames, pages or pictures the file of a picture has, where it has several. */
  readonly frames?: number;
  /** Which of them is most alike, from 1; absent where only the first is indexed. */
  readonly frame?: number;
  /** The file of the picture is damaged: only a part of it could be read. */
  readonly partial?: true;
  /** The folder of the item is not there now. */
  readonly offline?: true;
  readonly explanation?: Explanation;
}

export interface QueryResult {
  readonly schema: 1;
  readonly query: QueryInput;
  /** All examples, where there are several. */
  readonly examples?: { readonly like: readonly QueryInput[]; readonly unlike: readonly QueryInput[] };
  readonly kind: Kind;
  readonly method: string;
  /** True when a graph was asked, or codes in fewer bytes were, that may miss a hit. */
  readonly approximate: boolean;
  /** How many items were ranked. */
  readonly items: number;
  readonly hits: readonly Hit[];
  /** What the user should know about this answer. */
  readonly notes: readonly string[];
}

/** So often a question is asked again when what it found was changed meanwhile. */
const MOST_ATTEMPTS = 5;

/** Methods whose score is 0 for documents that share no word or passage: these are no hits, however few there are. */
const WORD_METHODS: ReadonlySet<string> = new Set(['bow', 'tfidf', 'bm25', 'minhash']);

const COPIES = 'minhash';
const COPIES_ONLY = `${COPIES} finds what was copied word for word. For all else try --method tfidf.`;

/**
 * The items most like `input`, best first.
 *
 * @param input one question, or several examples of what is looked for
 * @throws SandglassError SETTING_INVALID, QUERY_EMPTY, NOTHING_INDEXED, METHOD_UNKNOWN, METHOD_UNAVAILABLE, ENCODER_BROKEN, and why a file cannot be read
 */
export async function runQuery(
  workspace: Workspace,
  methods: MethodSet,
  input: QueryInput | readonly QueryInput[],
  options: QueryOptions,
): Promise<QueryResult> {
  const inputs = [input].flat();
  // Another process may remove or change items between the look at their codes and the look at themselves.
  for (let attempt = 1; ; attempt++) {
    const { result, overtaken } = await answer(workspace, methods, inputs, options);
    if (!overtaken || attempt === MOST_ATTEMPTS) return result;
  }
}

/** Every hit is what was compared; `overtaken` says that some were left out because they are not what they were. */
async function answer(
  workspace: Workspace,
  methods: MethodSet,
  inputs: readonly QueryInput[],
  options: QueryOptions,
): Promise<{ readonly result: QueryResult; readonly overtaken: boolean }> {
  const { method: wanted = 'auto', minScore, within, not = [], glob, ef, explain = false } = options;
  const isRange = minScore !== undefined || within !== undefined;
  const k = options.k ?? (isRange ? Number.POSITIVE_INFINITY : 10);
  // A graph lists some of the nearest; all within a distance are found by looking at all.
  const exact = options.exact === true || isRange;
  checkNumbers(options);
  const { catalog } = workspace;
  const [feature, ...others] = await featuresOf(inputs, not, catalog);
  if (feature === undefined || inputs.length === 0)
    throw new SandglassError('QUERY_EMPTY', 'Expected an example of what is looked for but received none.');
  const { kind } = feature;
  const hasExamples = others.length > 0;
  if (explain && hasExamples)
    throw new SandglassError('SETTING_INVALID', 'Expected one example where hits are to be explained.');
  if (options.kind !== undefined && options.kind !== kind) {
    throw new SandglassError(
      'METHOD_UNAVAILABLE',
      `The query is ${kind} and only ${options.kind} items are wanted: no method compares the two.`,
    );
  }
  if (!catalog.items.any(kind))
    throw new SandglassError('NOTHING_INDEXED', `The index holds no ${kind} item to compare with.`);

  const notes: string[] = [];
  const asked = await chosenMethod(workspace, methods, wanted, kind, exact || hasExamples, notes);
  const reps = await asked.represent([feature, ...others]);
  const method: Method = hasExamples ? (examplesMethod(asked) as Method) : asked;
  const representation = hasExamples
    ? { like: reps.slice(0, inputs.length), unlike: reps.slice(inputs.length) }
    : reps[0];
  if (method.isEmpty(representation)) notes.push(emptyNote(kind, method.name));

  const roots = new Map(catalog.roots.list().map((root) => [root.id, root]));
  const accept = await rowFilter(catalog, method.items.ids, kind, {
    ...(glob === undefined ? {} : { glob }),
    ...options.filter,
  });
  const isWithin = (score: number): boolean =>
    score >= (minScore ?? Number.NEGATIVE_INFINITY) && (within === undefined || method.distance(score) <= within);
  const search = isRange
    ? () => searchRange(method, representation, isWithin, accept).slice(0, k)
    : () => searchItems(method, representation, k, accept, ef === undefined ? {} : { ef });
  const found = method.isEmpty(representation) ? [] : search();
  const passageOf =
    feature.kind === 'text'
      ? (await import('./hit-passages.ts')).passageFinder(catalog, () => methods.words(true), feature)
      : undefined;
  // Loaded when asked for, as is the filter of paths: most questions need neither.
  const explained = explain
    ? await (await import('./explain.ts')).explainer(
        workspace,
        methods,
        method,
        feature,
        found.map(({ row }) => method.items.ids[row]!),
      )
    : undefined;
  const hits: Hit[] = [];
  let overtaken = false;
  for (const { row, score } of found) {
    if (score <= 0 && WORD_METHODS.has(method.name)) continue;
    const item = catalog.items.get(method.items.ids[row]!);
    const root = item && roots.get(item.rootId);
    // The tie key is of the content: a number may have been given to another item since the codes were read.
    if (item === undefined || root === undefined || item.tie !== method.items.ties[row]) {
      overtaken = true;
      continue;
    }
    const partId = method.items.parts?.[row] ?? 0;
    const passage = passageOf?.(item, partId);
    const distance = method.distance(score);
    const path = absolutePath(root, item.path);
    hits.push({
      rank: hits.length + 1,
      path,
      kind,
      score,
      distance,
      ...documentFacts(catalog, item),
      ...(passage === undefined ? {} : { passage }),
      ...frameOf(catalog, item, partId),
      ...(item.partial ? { partial: true as const } : {}),
      ...(isOffline(root, path) ? { offline: true as const } : {}),
      ...(explained ? { explanation: await explained(item, partId, distance) } : {}),
    });
  }
  if (hits.length === 0 && notes.length === 0 && method.name === COPIES) notes.push(COPIES_ONLY);
  const result: QueryResult = {
    schema: 1,
    query: inputs[0]!,
    ...(hasExamples ? { examples: { like: inputs, unlike: not } } : {}),
    kind,
    method: method.name,
    approximate: method.approximate === true,
    items: countItems(method.items),
    hits,
    notes,
  };
  return { result, overtaken };
}

/** @param frameId 0 for the first frame, which is the item itself */
function frameOf(
  { frames: table }: Catalog,
  { id, frames = 1 }: ItemRecord,
  frameId: number,
): Pick<Hit, 'frames' | 'frame'> {
  if (frames === 1) return {};
  if (frameId !== 0) return { frames, frame: (table.get(frameId)?.ordinal ?? 0) + 1 };
  return table.of(id).length > 0 ? { frames, frame: 1 } : { frames };
}

/** Parts are no items. */
function countItems({ ids, parts }: Ranking): number {
  return parts === undefined ? ids.length : parts.reduce((sum, part) => sum + Number(part === 0), 0);
}

/** The method that was asked for; where the default is an encoder that is damaged, the plain one, which is said. */
async function chosenMethod(
  { catalog }: Workspace,
  methods: MethodSet,
  wanted: string,
  kind: Kind,
  exact: boolean,
  notes: string[],
): Promise<Method> {
  if (wanted !== 'auto') return methods.get(wanted, kind, { exact, parts: true });
  try {
    return await methods.get(defaultMethod(catalog, kind).method, kind, { exact, parts: true });
  } catch (error) {
    if (!isBrokenEncoder(error)) throw error;
    notes.push(`${PLAIN_METHOD[kind]} answers in its place: ${error.message}`);
    return methods.get(PLAIN_METHOD[kind], kind, { exact, parts: true });
  }
}

/** The folder may have come back, or gone, since it was looked through. */
function isOffline(root: RootRecord, path: string): boolean {
  return !existsSync(path) && (root.state === 'offline' || !existsSync(root.path));
}

function emptyNote(kind: Kind, method: string): string {
  if (method === COPIES) return `The query is too short to be a copied passage: ${COPIES_ONLY}`;
  if (kind === 'text' && WORD_METHODS.has(method)) return 'No indexed document has a word of the query.';
  return kind === 'text'
    ? `${method} knows none of the words of the query, so nothing is like it. Try --method tfidf, which knows every indexed word.`
    : `The picture is flat, of one colour but for noise: ${method} has nothing to compare.`;
}

function checkNumbers({ k = 1, ef = 1, within = 0, minScore = 0 }: QueryOptions): void {
  for (const [name, value] of Object.entries({ k, ef }))
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`Expected a whole number from 1 on for ${name} but received ${value}`);
  for (const [name, value] of Object.entries({ within, minScore }))
    if (Number.isNaN(value)) throw new RangeError(`Expected a number for ${name} but received ${value}`);
}

/** The features of all examples, which must be of one kind. */
async function featuresOf(
  inputs: readonly QueryInput[],
  not: readonly QueryInput[],
  catalog: Catalog,
): Promise<Feature[]> {
  const features: Feature[] = [];
  for (const input of [...inputs, ...not]) {
    const feature = await queryFeature(input, catalog);
    const first = features[0] ?? feature;
    if (feature.kind !== first.kind) {
      throw new SandglassError(
        'METHOD_UNAVAILABLE',
        `Expected examples of one kind but received ${first.kind} and ${feature.kind}: no method compares the two.`,
      );
    }
    features.push(feature);
  }
  return features;
}
