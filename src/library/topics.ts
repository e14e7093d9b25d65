// What is the collection about? Clusters of the documents' codes, and the code's dimensions, named by the words that the
// decoder expects there.
import { sample, seededRandom } from '../compare/random.ts';
import type { Encoder } from '../encoders/encoder.ts';
import { SandglassError } from '../errors.ts';
import type { Catalog } from '../index/catalog.ts';
import { dotScores } from '../index/exact.ts';
import { present } from '../present.ts';
import { firstWholeWords, surfaceForms } from '../text/explain.ts';
import type { TextFeature } from '../text/text-feature.ts';
import { clusterCodes, nearestCentres } from './cluster-codes.ts';
import { itemPath } from './folders.ts';
import { type StoredBags, storedBags } from './stored-bags.ts';
import { AUTO_ENCODER, type Workspace } from './workspace.ts';

export interface TopicsOptions {
  /** How many clusters at most. @default the square root of half the documents, 2 to 20 */
  readonly clusters?: number;
  /** Words that name each. @default 8 */
  readonly words?: number;
  /** Example documents of each cluster. @default 3 */
  readonly examples?: number;
  /** Seed of the clusters' beginnings. @default 1234 */
  readonly seed?: number;
}

export interface TopicExample {
  /** Absolute. */
  readonly path: string;
  readonly title?: string;
}

export interface Cluster {
  /** Documents in it. */
  readonly size: number;
  /** What the decoder expects in its documents more than in others, the most telling first. */
  readonly words: readonly string[];
  /** Its most typical documents. */
  readonly examples: readonly TopicExample[];
}

export interface CodeDimension {
  /** From 0. */
  readonly dimension: number;
  /** What the decoder expects where its number is high, and where it is low. */
  readonly high: readonly string[];
  readonly low: readonly string[];
}

export interface Topics {
  readonly schema: 1;
  /** Documents with a code; those without a known word have none. */
  readonly documents: number;
  /** The largest first. */
  readonly clusters: readonly Cluster[];
  readonly dimensions: readonly CodeDimension[];
}

/** Codes that clusters are found in at most; the others go to the nearest one. */
const MOST_CLUSTERED = 20_000;
const MOST_CLUSTERS = 20;
/** Typical documents that name a cluster. */
const NAMING_DOCUMENTS = 16;
/** Documents that name the dimensions, and tell what is usual. */
const USUAL_DOCUMENTS = 256;
const BATCH = 32;

/**
 * What the documents are about, by the auto-encoder's codes.
 *
 * @throws SandglassError NOTHING_INDEXED; METHOD_UNAVAILABLE where no auto-encoder was trained; ENCODER_BROKEN
 */
export async function findTopics(workspace: Workspace, options: TopicsOptions = {}): Promise<Topics> {
  const { words = 8, examples = 3, seed = 1234 } = options;
  const { catalog } = workspace;
  const record = workspace.activeEncoder('text');
  if (record === undefined) {
    if (catalog.items.counts().text === 0) throw new SandglassError('NOTHING_INDEXED', 'The index holds no document.');
    throw new SandglassError(
      'METHOD_UNAVAILABLE',
      `Topics are read from the codes of ${AUTO_ENCODER}, and no encoder of documents was trained. Train one with: sandglass index --train always`,
    );
  }
  const encoder = await workspace.encoder(record);
  const { ids, codes } = knownCodes(catalog, record.id, encoder.dimensions);
  if (ids.length === 0) throw new SandglassError('NOTHING_INDEXED', 'No document has a word that the encoder knows.');
  const random = seededRandom('topics', seed);
  const wanted = options.clusters ?? Math.min(MOST_CLUSTERS, Math.max(2, Math.round(Math.sqrt(ids.length / 2))));
  const learned = rowsOf(codes, encoder.dimensions, sample([...ids.keys()], MOST_CLUSTERED, random));
  const { centres } = clusterCodes(learned, encoder.dimensions, wanted, random);
  const clusterOf = nearestCentres(codes, encoder.dimensions, centres);

  const namer = new Namer(catalog, encoder);
  const usualRows = sample([...ids.keys()], USUAL_DOCUMENTS, random);
  const usual = await namer.mean(usualRows.map((row) => ids[row]!));
  const clusters: Cluster[] = [];
  for (let cluster = 0; cluster < centres.length / encoder.dimensions; cluster++) {
    const centre = centres.subarray(cluster * encoder.dimensions, (cluster + 1) * encoder.dimensions);
    const scores = dotScores(codes, centre);
    const rows = [...ids.keys()].filter((row) => clusterOf[row] === cluster).sort((a, b) => scores[b]! - scores[a]!);
    if (rows.length === 0) continue;
    const typical = rows.slice(0, Math.max(NAMING_DOCUMENTS, examples)).map((row) => ids[row]!);
    const expected = await namer.mean(typical.slice(0, NAMING_DOCUMENTS));
    const telling = expected.map((value, word) => Math.exp(value) * (value - usual[word]!));
    clusters.push({
      size: rows.length,
      words: namer.highest(telling, words),
      examples: typical.slice(0, examples).flatMap((id) => exampleOf(catalog, id)),
    });
  }
  return {
    schema: 1,
    documents: ids.length,
    clusters: clusters.sort((a, b) => b.size - a.size),
    dimensions: await namer.dimensions(
      usualRows.map((row) => ids[row]!),
      rowsOf(codes, encoder.dimensions, usualRows),
      usual,
      words,
    ),
  };
}

/** The codes that are not all zeros, and the items they are of. */
function knownCodes(catalog: Catalog, encoderId: number, dimensions: number): { ids: Int32Array; codes: Float32Array } {
  const { ids, codes } = catalog.codes.read(encoderId);
  const all = codes as Float32Array;
  const rows = [...ids.keys()].filter((row) =>
    all.subarray(row * dimensions, (row + 1) * dimensions).some((value) => value !== 0),
  );
  return { ids: Int32Array.from(rows, (row) => ids[row]!), codes: rowsOf(all, dimensions, rows) };
}

function rowsOf(codes: Float32Array, dimensions: number, rows: readonly number[]): Float32Array {
  const some = new Float32Array(rows.length * dimensions);
  rows.forEach((row, i) => {
    some.set(codes.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions);
  });
  return some;
}

function exampleOf(catalog: Catalog, id: number): TopicExample[] {
  const item = catalog.items.get(id);
  return item === undefined ? [] : [{ path: itemPath(catalog, item), ...present({ title: item.title }) }];
}

/** Asks the decoder about documents, and shows its words as these write them. */
class Namer {
  readonly #catalog: Catalog;
  readonly #encoder: Encoder;
  readonly #bags: StoredBags;
  readonly #forms = new Map<string, string>();

  constructor(catalog: Catalog, encoder: Encoder) {
    this.#catalog = catalog;
    this.#encoder = encoder;
    this.#bags = storedBags(catalog);
  }

  get #words(): readonly string[] {
    return this.#encoder.vocabulary?.words ?? [];
  }

  /** The mean of what the decoder expects in documents: [words] log-probabilities. */
  async mean(ids: readonly number[]): Promise<Float64Array> {
    const sum = new Float64Array(this.#words.length);
    await this.#each(ids, (_, expected) => {
      for (let word = 0; word < sum.length; word++) sum[word]! += expected[word]! / ids.length;
    });
    return sum;
  }

  /** For each dimension the words whose probability goes with its number, up and down, over some documents. */
  async dimensions(
    ids: readonly number[],
    codes: Float32Array,
    usual: Float64Array,
    count: number,
  ): Promise<CodeDimension[]> {
    const size = this.#encoder.dimensions;
    const means = Float64Array.from({ length: size }, (_, dimension) => {
      let sum = 0;
      for (let row = 0; row < ids.length; row++) sum += codes[row * size + dimension]!;
      return sum / ids.length;
    });
    const together = Array.from({ length: size }, () => new Float64Array(usual.length));
    await this.#each(ids, (row, expected) => {
      for (let dimension = 0; dimension < size; dimension++) {
        const code = codes[row * size + dimension]! - means[dimension]!;
        const sums = together[dimension]!;
        // Weighted between the likely words, which are the same everywhere, and the rare ones, of which little is known.
        for (let word = 0; word < usual.length; word++)
          sums[word]! += code * Math.exp(usual[word]! / 2) * (expected[word]! - usual[word]!);
      }
    });
    return together.map((sums, dimension) => ({
      dimension,
      high: this.highest(sums, count),
      low: this.highest(
        sums.map((value) => -value),
        count,
      ),
    }));
  }

  /** The words of the highest numbers above 0. */
  highest(weights: ArrayLike<number>, count: number): string[] {
    const words = Array.from(weights, (weight, word) => ({ weight, word }))
      .filter(({ weight }) => weight > 0)
      .sort((a, b) => b.weight - a.weight)
      .map(({ word }) => this.#words[word]!);
    return firstWholeWords(words, count).map((word) => this.#forms.get(word) ?? word);
  }

  async #each(ids: readonly number[], visit: (row: number, expected: Float32Array) => void): Promise<void> {
    const words = this.#words.length;
    for (let from = 0; from < ids.length; from += BATCH) {
      const batch = ids.slice(from, from + BATCH);
      const features = batch.map((id) => this.#bags.get(id)).filter((bag): bag is TextFeature => bag !== undefined);
      if (features.length < batch.length) throw new TypeError('Expected documents with a code to have words');
      const expected = await this.#encoder.reconstruct(features);
      batch.forEach((id, i) => {
        this.#learnForms(id, features[i]!);
        visit(from + i, expected.subarray(i * words, (i + 1) * words));
      });
    }
  }

  #learnForms(id: number, { terms }: TextFeature): void {
    const unknown = terms.filter((term) => !this.#forms.has(term));
    const text = unknown.length === 0 ? undefined : this.#catalog.documents.text(id);
    if (text === undefined) return;
    const language = this.#catalog.documents.get(id)?.language;
    for (const [term, word] of surfaceForms(text, unknown, language)) this.#forms.set(term, word);
  }
}
