// All that the lab's report shows, from finished trainings: their figures and pictures, PCA, maps, retrieval.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../atomic-file.ts';
import { throwIfAborted } from '../errors.ts';
import type { LabData } from './lab-data.ts';
import { machineFacts } from './lab-machine.ts';
import { errorTable, mapOf, RetrievalTable, tsneOf } from './lab-measures.ts';
import { BESIDE_PCA, MAP_RECIPE } from './lab-recipes.ts';
import { sheetBesidePca, sheetsOfRun } from './lab-sheets.ts';
import type { LabTrainings, TrainedRecipe } from './lab-trainings.ts';
import type { LabVisit } from './lab-visit.ts';
import { fitPca, type Pca, WIDEST_PCA } from './pca.ts';
import type { LabMap, LabResults, LabRun, LabSheet, LabStacked } from './results.ts';
import { describeRun } from './run-report.ts';
import { runWriteError } from './run-write-error.ts';
import { encodePictures } from './trained-run.ts';

const DEFAULT_QUERIES = 1000;
/** t-SNE makes nothing of fewer points. */
const FEWEST_POINTS = 4;

/** @throws SandglassError ABORTED, DISK_FULL, OUTPUT_UNWRITABLE */
export async function measureLab(trainings: LabTrainings, data: LabData, visit: LabVisit): Promise<LabResults> {
  return new Measuring(trainings, data, visit).all();
}

class Measuring {
  readonly #trainings: LabTrainings;
  readonly #data: LabData;
  readonly #visit: LabVisit;

  constructor(trainings: LabTrainings, data: LabData, visit: LabVisit) {
    this.#trainings = trainings;
    this.#data = data;
    this.#visit = visit;
  }

  async all(): Promise<LabResults> {
    const { train: pictures, test, name, shape, labelNames } = this.#data;
    const { trained } = this.#trainings;
    this.#tell('principal components');
    const { pixels, rows, width } = pictures;
    const pca = width <= WIDEST_PCA ? await fitPca(pixels, rows, width, { signal: this.#visit.signal }) : undefined;
    const runs: LabRun[] = [];
    const sheets: LabSheet[] = [];
    for (const { listed, folder, manifest } of trained) {
      runs.push(await describeRun(folder, manifest, listed));
      sheets.push(...(await sheetsOfRun(folder, manifest, listed)));
    }
    sheets.push(...(await this.#besidePca(pca)));
    const errors = new Map(
      trained.flatMap(({ manifest: { recipe, testError } }) =>
        testError === undefined ? [] : [[recipe.name, testError] as const],
      ),
    );
    const maps = await this.#maps(pca);
    const retrieval = await this.#retrieval(pca);
    const stacked = this.#stacked(runs);
    return {
      version: 1,
      dataSet: {
        name,
        trainRows: rows,
        testRows: test.rows,
        shape,
        ...(labelNames === undefined ? {} : { labelNames }),
      },
      machine: await machineFacts(this.#device),
      seed: this.#visit.seed,
      seconds: trained.reduce((sum, { manifest }) => sum + manifest.seconds, 0),
      runs,
      sheets,
      errorTable: errorTable(this.#data, pca, errors),
      maps,
      ...(retrieval === undefined ? {} : { retrieval }),
      ...(stacked === undefined ? {} : { stacked }),
      notes: this.#notes(),
    };
  }

  get #device() {
    return this.#visit.options.device ?? 'auto';
  }

  #tell(what: string, share?: number): void {
    throwIfAborted(this.#visit.signal, 'Measuring was stopped before its end');
    this.#visit.emit({ phase: 'measuring', what, ...(share === undefined ? {} : { share }) });
  }

  #find(recipe: string): TrainedRecipe | undefined {
    return this.#trainings.trained.find(({ manifest }) => manifest.recipe.name === recipe);
  }

  async #besidePca(pca: Pca | undefined): Promise<LabSheet[]> {
    if (pca === undefined) return [];
    this.#tell('pictures beside PCA');
    const sheets: LabSheet[] = [];
    for (const { recipe } of BESIDE_PCA) {
      const found = this.#find(recipe);
      if (found !== undefined)
        sheets.push(await sheetBesidePca(found.folder, found.manifest, pca, this.#data, this.#device));
    }
    return sheets;
  }

  /** None without labels to colour them, or of too few pictures. */
  async #maps(pca: Pca | undefined): Promise<LabMap[]> {
    const { test } = this.#data;
    const { labels } = test;
    if (labels === undefined || pca === undefined || test.rows < FEWEST_POINTS) return [];
    const maps = [
      mapOf('PCA', pca.encode(test.pixels, 2), labels, 'The two directions along which the pictures differ most.'),
    ];
    const two = this.#find(MAP_RECIPE);
    if (two !== undefined) {
      const { codes } = await encodePictures(two.folder, two.manifest, test, this.#device);
      maps.push(mapOf('Auto-encoder, 2 units', codes, labels, 'What passes through a middle of two units.'));
    }
    maps.push(
      mapOf(
        't-SNE',
        await this.#tsne(pca),
        labels,
        'Laid out so that neighbours stay neighbours; it cannot place a new picture.',
      ),
    );
    return maps;
  }

  /** The slowest of the baselines: kept, and taken again for the same pictures and seed. */
  async #tsne(pca: Pca): Promise<Float32Array> {
    const { test, fingerprint } = this.#data;
    const { out, seed, options, signal } = this.#visit;
    const file = join(out, 't-sne.json');
    const key = `${fingerprint} ${test.rows} ${seed}`;
    if (options.fresh !== true) {
      const kept = await readFile(file, 'utf8')
        .then((text) => JSON.parse(text) as { key?: string; points?: number[] } | null)
        .catch(() => undefined);
      if (kept?.key === key && kept.points?.length === 2 * test.rows) return Float32Array.from(kept.points);
    }
    this.#tell('t-SNE', 0);
    const onProgress = (share: number) => this.#tell('t-SNE', share);
    const points = await tsneOf(pca, test, { seed, signal, onProgress });
    try {
      await writeFileAtomically(file, JSON.stringify({ key, points: Array.from(points) }));
    } catch (thrown) {
      throw runWriteError(thrown, file);
    }
    return points;
  }

  async #retrieval(pca: Pca | undefined): Promise<LabResults['retrieval']> {
    const { train, test } = this.#data;
    if (test.labels === undefined) return undefined;
    const { trained } = this.#trainings;
    const { options, signal } = this.#visit;
    const { queries = DEFAULT_QUERIES, threads } = options;
    const table = new RetrievalTable(this.#data, queries, { signal, ...(threads === undefined ? {} : { threads }) });
    this.#tell('retrieval: pixels and PCA');
    await table.addPixels();
    if (pca !== undefined) await table.addPca(pca);
    for (const [i, { folder, manifest }] of trained.entries()) {
      this.#tell(`retrieval: ${manifest.recipe.name}`, i / trained.length);
      await table.addRun(folder, manifest, this.#device);
    }
    return { queries: table.queries, database: train.rows, rows: table.rows };
  }

  #stacked(runs: readonly LabRun[]): LabStacked | undefined {
    const pretrained = this.#find('stacked')?.manifest;
    const scratch = this.#find('stacked-scratch')?.manifest;
    if (pretrained?.testError === undefined || scratch?.testError === undefined) return undefined;
    const [whole, below] = [pretrained.stages.at(-1)!, pretrained.stages.slice(0, -1)];
    return {
      architecture: runs.find(({ name }) => name === 'stacked')!.architecture,
      pretraining: below.map(({ name, losses }) => ({ name, values: losses })),
      pretrainingSeconds: below.reduce((sum, { seconds }) => sum + seconds, 0),
      pretrained: { lossPerEpoch: whole.losses, testError: pretrained.testError, seconds: whole.seconds },
      fromScratch: {
        lossPerEpoch: scratch.stages.at(-1)!.losses,
        testError: scratch.testError,
        seconds: scratch.stages.at(-1)!.seconds,
      },
    };
  }

  #notes(): string[] {
    const { options, drawn } = this.#visit;
    const { epochs } = options;
    return [
      ...(drawn
        ? [
            'The pictures are digits that were drawn for this page: figures on them cannot be compared with those on MNIST.',
          ]
        : []),
      ...(epochs === undefined
        ? []
        : [`Every training was cut to ${epochs === 1 ? 'one epoch' : `${epochs} epochs`}.`]),
      ...this.#trainings.failed.map(({ recipe, message }) => `${recipe} was left out: ${message}`),
      'One run of each recipe with one seed: small differences may be chance.',
      'The settings of the deep recipe were chosen on training digits of MNIST that were held out, but some had first been seen ' +
        'to be better on its test digits: its figures there may be a shade too kind.',
    ];
  }
}
