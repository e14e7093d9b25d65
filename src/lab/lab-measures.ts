// What the lab measures beside the trainings: PCA, maps, and how well codes find pictures of the same class.
import type { Device } from '../runtime/onnx-session.ts';
import type { LabData, LabPictures } from './lab-data.ts';
import { BESIDE_PCA } from './lab-recipes.ts';
import { mapAccuracy } from './map-accuracy.ts';
import { packBits } from './packed-bits.ts';
import type { Pca } from './pca.ts';
import type { LabErrorRow, LabMap, LabRetrievalRow } from './results.ts';
import { type LabelledCodes, measureRetrieval } from './retrieval.ts';
import { tsne } from './t-sne.ts';
import { encodePictures, type RunManifest } from './trained-run.ts';

/** Sizes of PCA in the table of errors: those of the auto-encoders, and what PCA needs to come as close. */
const PCA_SIZES = [2, 10, 16, 30, 64, 128];
/** t-SNE is given the first so many components: distances stay, most of the time does not. */
const TSNE_COMPONENTS = 30;
/** Components whose signs are bits, beside semantic hashing. */
const PCA_BITS = 64;

/** The training rows of MNIST as distributed, in whatever files: published figures are only comparable on these. */
const MNIST_FINGERPRINT = '1b466ccc748eb06bd42bd14554d2fe8e61d5b3705be966698e8affab420be2bb';

/** Squared error summed over the pixels, mean over the pictures. */
function pcaError(pca: Pca, { pixels, rows, width }: LabPictures, size: number): number {
  let sum = 0;
  const block = 1000;
  for (let first = 0; first < rows; first += block) {
    const part = pixels.subarray(first * width, Math.min(rows, first + block) * width);
    const made = pca.decode(pca.encode(part, size), size);
    for (let i = 0; i < part.length; i++) sum += (made[i]! - part[i]! / 255) ** 2;
  }
  return sum / rows;
}

export function errorTable(
  { test, fingerprint }: LabData,
  pca: Pca | undefined,
  errors: ReadonlyMap<string, number>,
): LabErrorRow[] {
  return PCA_SIZES.filter((size) => size < test.width).map((codeSize) => {
    const recipe = BESIDE_PCA.find((row) => row.codeSize === codeSize)?.recipe;
    const autoEncoder = recipe === undefined ? undefined : errors.get(recipe);
    return {
      codeSize,
      ...(pca === undefined ? {} : { pca: pcaError(pca, test, codeSize) }),
      ...(recipe === undefined || autoEncoder === undefined ? {} : { autoEncoder, run: recipe }),
      ...(codeSize === 30 && fingerprint === MNIST_FINGERPRINT
        ? { published: { error: 3, source: 'Hinton & Salakhutdinov 2006' } }
        : {}),
    };
  });
}

/** A map of the test pictures from two numbers each. */
export function mapOf(name: string, points: Float32Array, labels: Uint8Array, note: string): LabMap {
  return {
    name,
    points: Array.from(points, (value) => Number(value.toPrecision(4))),
    labels: Array.from(labels),
    accuracy5nn: mapAccuracy(points, labels),
    note,
  };
}

/** t-SNE of the test pictures, from their principal components. */
export function tsneOf(
  pca: Pca,
  { pixels, rows }: LabPictures,
  options: { readonly seed: number; readonly signal?: AbortSignal; readonly onProgress: (share: number) => void },
): Promise<Float32Array> {
  const { onProgress, ...others } = options;
  const size = Math.min(TSNE_COMPONENTS, pca.width);
  return tsne(pca.encode(pixels, size), rows, size, {
    ...others,
    onProgress: ({ iteration, iterations }) => onProgress(iteration / iterations),
  });
}

type Row = Omit<LabRetrievalRow, 'accuracy5nn' | 'precisionAt100' | 'meanAveragePrecision'>;

/** Ranks the training pictures for the first `queries` test pictures. */
export class RetrievalTable {
  readonly #data: LabData;
  readonly #queries: number;
  readonly #options: { readonly threads?: number; readonly signal?: AbortSignal };
  readonly rows: LabRetrievalRow[] = [];

  constructor(data: LabData, queries: number, options: { readonly threads?: number; readonly signal?: AbortSignal }) {
    this.#data = data;
    this.#queries = Math.min(queries, data.test.rows);
    this.#options = options;
  }

  get queries(): number {
    return this.#queries;
  }

  async addPixels(): Promise<void> {
    const { train, test } = this.#data;
    await this.#add(
      { name: 'pixels', kind: 'baseline', size: train.width, unit: 'numbers' },
      train.pixels,
      test.pixels,
    );
  }

  async addPca(pca: Pca): Promise<void> {
    const { train, test } = this.#data;
    const sizes = [...BESIDE_PCA.map(({ codeSize }) => codeSize), PCA_BITS].filter((size) => size <= pca.width);
    const widest = Math.max(...sizes);
    // Fewer components are the first ones of more.
    const [database, queries] = [pca.encode(train.pixels, widest), pca.encode(test.pixels, widest)];
    for (const size of sizes) {
      const codes = [leading(database, widest, size), leading(queries, widest, size)] as const;
      if (size !== PCA_BITS) {
        await this.#add({ name: `PCA-${size}`, kind: 'baseline', size, unit: 'numbers' }, ...codes);
        continue;
      }
      const bits = [packBits(codes[0], size), packBits(codes[1], size)] as const;
      await this.#add({ name: `PCA-${size}, signs`, kind: 'baseline', size, unit: 'bits' }, ...bits);
    }
  }

  /** The codes of a trained network, and its bits where it gives some. */
  async addRun(folder: string, manifest: RunManifest, device: Device): Promise<void> {
    const { train, test } = this.#data;
    const { name } = manifest.recipe;
    const size = manifest.codeSize;
    const inDatabase = await encodePictures(folder, manifest, train, device);
    const asking = await encodePictures(folder, manifest, test, device);
    await this.#add({ name, kind: 'auto-encoder', size, unit: 'numbers' }, inDatabase.codes, asking.codes);
    if (inDatabase.bits !== undefined && asking.bits !== undefined)
      await this.#add(
        { name: `${name}, bits`, kind: 'auto-encoder', size, unit: 'bits' },
        inDatabase.bits,
        asking.bits,
      );
  }

  async #add(row: Row, database: LabelledCodes['codes'], queries: LabelledCodes['codes']): Promise<void> {
    const { train, test } = this.#data;
    if (train.labels === undefined || test.labels === undefined) return;
    const figures = await measureRetrieval({
      database: { codes: database, labels: train.labels },
      queries: {
        codes: queries.subarray(0, (queries.length / test.rows) * this.#queries),
        labels: test.labels.subarray(0, this.#queries),
      },
      metric: row.unit === 'bits' ? 'hamming' : 'euclidean',
      ...this.#options,
    });
    const { accuracy5nn, precisionAt100, meanAveragePrecision } = figures;
    this.rows.push({ ...row, accuracy5nn, precisionAt100, meanAveragePrecision });
  }
}

/** The first `size` of every row's `width` numbers. */
function leading(rows: Float32Array, width: number, size: number): Float32Array {
  if (size === width) return rows;
  const first = new Float32Array((rows.length / width) * size);
  for (let from = 0, to = 0; from < rows.length; from += width, to += size) {
    first.set(rows.subarray(from, from + size), to);
  }
  return first;
}
