// Draws what each training step of the text recipe sees: documents with words taken away, and the words to bring back.
import type { BagsOfWords } from './bags-of-words.ts';
import type { Chunk } from './chunks.ts';
import type { BatchOrder } from './epochs.ts';
import type { Neighbours } from './nearest-documents.ts';
import type { Random } from './random.ts';
import { SparseSteps } from './sparse-steps.ts';

export interface ViewSettings {
  /** Each view loses a share of its words between these two. */
  readonly leastMasking: number;
  readonly masking: number;
  /** Words of a view at most. */
  readonly viewWords: number;
  /** Euclidean length of a view. */
  readonly inputLength: number;
  /** Share of a neighbour's words, against the document's own, in what has to be brought back. */
  readonly neighbourWeight: number;
  /** How often the second view is of the document itself and not of a neighbour. */
  readonly ownView: number;
}

/**
 * Two masked views a document, the second of a neighbour as a rule, and the words of the document and of a neighbour. Words are dropped here, where rows are sparse, and not in the
 * graph, where a mask over the whole vocabulary would have to be drawn.
 *
 * Streams `words` and `wordWeights` [2 · batch, viewWords], first views first, and `targetPositions` and `targetWeights`
 * [entries] in [batch, vocabulary]; the weights of a document sum to 1.
 */
export class DocumentViews {
  readonly #bags: BagsOfWords;
  readonly #unit: Float32Array;
  readonly #order: BatchOrder;
  readonly #random: Random;
  readonly #settings: ViewSettings;
  /** Looked at when views are drawn; may be replaced between two trainings. */
  neighbours: Neighbours;

  /** @param unit the weight of each entry of `bags.indices`; no row is empty, each is of length 1 */
  constructor(
    bags: BagsOfWords,
    unit: Float32Array,
    neighbours: Neighbours,
    order: BatchOrder,
    random: Random,
    settings: ViewSettings,
  ) {
    this.#bags = bags;
    this.#unit = unit;
    this.neighbours = neighbours;
    this.#order = order;
    this.#random = random;
    this.#settings = settings;
  }

  readonly next = (_: number, count: number): Chunk => {
    const batches = Array.from({ length: count }, () => this.#order.next());
    const batchSize = batches[0]?.length ?? 0;
    const shape = [count, 2 * batchSize, this.#settings.viewWords];
    const words = new Int32Array(count * 2 * batchSize * this.#settings.viewWords);
    const weights = new Float32Array(words.length);
    const targets = new SparseSteps();
    batches.forEach((batch, step) => {
      targets.beginStep();
      batch.forEach((row, i) => {
        const other = this.#random.chance(this.#settings.ownView) ? row : this.#neighbourOf(row);
        this.#drawView(row, words, weights, 2 * step * batchSize + i);
        this.#drawView(other, words, weights, (2 * step + 1) * batchSize + i);
        this.#addTarget(targets, i * this.#bags.vocabularySize, row, this.#neighbourOf(row));
      });
    });
    const target = targets.tensors();
    return {
      words: { data: words, shape },
      wordWeights: { data: weights, shape },
      targetPositions: target.positions,
      targetWeights: target.values,
    };
  };

  /** One of the neighbours, or the row itself when it has none. */
  #neighbourOf(row: number): number {
    const { k, rows } = this.neighbours;
    const missing = rows.subarray(row * k, (row + 1) * k).indexOf(-1);
    const known = missing < 0 ? k : missing;
    return known === 0 ? row : rows[row * k + this.#random.integer(known)]!;
  }

  /** Writes the words that stay of a document, at most {@link ViewSettings.viewWords}, as the `place`-th view. */
  #drawView(row: number, words: Int32Array, weights: Float32Array, place: number): void {
    const { leastMasking, masking, viewWords, inputLength } = this.#settings;
    const { indptr, indices } = this.#bags;
    const [from, to] = [indptr[row]!, indptr[row + 1]!];
    const share = Math.min(1 - this.#random.between(leastMasking, masking), (0.9 * viewWords) / (to - from));
    const start = place * viewWords;
    let kept = 0;
    let squares = 0;
    for (let i = from; i < to && kept < viewWords; i++) {
      if (!this.#random.chance(share)) continue;
      words[start + kept] = indices[i]!;
      weights[start + kept] = this.#unit[i]!;
      squares += this.#unit[i]! ** 2;
      kept++;
    }
    const scale = inputLength / Math.sqrt(squares);
    for (let i = start; i < start + kept; i++) weights[i]! *= scale;
  }

  /** Each word of a document counts the same, and so does each of its neighbour. */
  #addTarget(targets: SparseSteps, start: number, row: number, neighbour: number): void {
    const { indptr, indices } = this.#bags;
    const { neighbourWeight } = this.#settings;
    for (const [document, weight] of [
      [row, 1 - neighbourWeight],
      [neighbour, neighbourWeight],
    ] as const) {
      const [from, to] = [indptr[document]!, indptr[document + 1]!];
      for (let i = from; i < to; i++) targets.add(start + indices[i]!, weight / (to - from));
    }
  }
}
