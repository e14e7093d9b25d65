// The lab: trains every kind of auto-encoder on one set of pictures, measures them beside the plain ways, writes the report.
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeFileAtomically } from '../atomic-file.ts';
import { openDataSets } from '../data-sets/open-data-sets.ts';
import { SandglassError } from '../errors.ts';
import { demandDevice } from '../runtime/onnx-session.ts';
import { namedRecipe, withOverrides } from '../training/recipes/auto-encoders.ts';
import { type LabData, readLabData } from './lab-data.ts';
import type { LabEvent, LabOptions, LabSummary } from './lab-events.ts';
import { machineFacts } from './lab-machine.ts';
import { errorTable, mapOf, RetrievalTable, tsneOf } from './lab-measures.ts';
import { BESIDE_PCA, LAB_RECIPES, type LabRecipe, MAP_RECIPE } from './lab-recipes.ts';
import { sheetBesidePca, sheetsOfRun } from './lab-sheets.ts';
import { fitPca, type Pca, WIDEST_PCA } from './pca.ts';
import { labReport } from './report.ts';
import type { LabMap, LabResults, LabRun, LabSheet, LabStacked } from './results.ts';
import { describeRun } from './run-report.ts';
import { train } from './train.ts';
import { encodePictures, type RunManifest, readManifest } from './trained-run.ts';

const DEFAULT_QUERIES = 1000;
const DEFAULT_SEED = 1234;

/** One visit to the lab, in the thread that calls it; trainings run in threads of their own. */
export function runLab(options: LabOptions, emit: (event: LabEvent) => void, signal: AbortSignal): Promise<LabSummary> {
  return new Lab(options, emit, signal).run();
}

interface Trained {
  readonly listed: LabRecipe;
  readonly folder: string;
  readonly manifest: RunManifest;
}

class Lab {
  readonly #options: LabOptions;
  readonly #emit: (event: LabEvent) => void;
  readonly #signal: AbortSignal;
  readonly #out: string;
  readonly #started = performance.now();
  readonly #trained: Trained[] = [];
  readonly #failed: { recipe: string; code: string; message: string }[] = [];

  constructor(options: LabOptions, emit: (event: LabEvent) => void, signal: AbortSignal) {
    this.#options = options;
    this.#emit = emit;
    this.#signal = signal;
    this.#out = resolve(options.out ?? 'lab');
  }

  async run(): Promise<LabSummary> {
    const list = this.#recipesToTrain();
    await demandDevice(this.#options.device ?? 'auto');
    const data = await this.#readData();
    await mkdir(this.#out, { recursive: true });
    for (const [i, listed] of list.entries()) await this.#train(listed, i + 1, list.length, data);
    const results = await this.#measure(data);
    const report = join(this.#out, 'report.html');
    const resultsFile = join(this.#out, 'results.json');
    await writeFileAtomically(resultsFile, `${JSON.stringify(results)}\n`);
    await writeFileAtomically(report, await labReport(results));
    return {
      schema: 1,
      report,
      results: resultsFile,
      seconds: this.#seconds(),
      runs: this.#trained.map(({ manifest: { recipe, testError, seconds } }) => ({
        recipe: recipe.name,
        seconds,
        ...(testError === undefined ? {} : { testError }),
      })),
      failed: this.#failed,
    };
  }

  #seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  #recipesToTrain(): readonly LabRecipe[] {
    const { recipes } = this.#options;
    if (recipes === undefined) return LAB_RECIPES;
    return recipes.map((name) => {
      const listed = LAB_RECIPES.find((each) => each.name === name);
      if (listed !== undefined) return listed;
      throw new SandglassError(
        'RECIPE_UNKNOWN',
        `The lab has no recipe "${name}". It knows: ${LAB_RECIPES.map((each) => each.name).join(', ')}.`,
      );
    });
  }

  async #readData(): Promise<LabData> {
    const { data, seed = DEFAULT_SEED } = this.#options;
    const sets = await openDataSets(data, {
      shape: namedRecipe(LAB_RECIPES[0]!.name)!.input.shape,
      seed,
      scratch: join(this.#out, 'rows'),
      mostBytes: Number.POSITIVE_INFINITY,
      signal: this.#signal,
    });
    for (const text of sets.notices) this.#emit({ phase: 'notice', text });
    try {
      return await readLabData(sets);
    } finally {
      await sets.close();
    }
  }

  /** Trains a recipe, or takes what an earlier visit trained with the same settings on the same pictures. */
  async #train(listed: LabRecipe, step: number, steps: number, { fingerprint }: LabData): Promise<void> {
    const { data, epochs, seed, device, threads, fresh = false } = this.#options;
    const folder = join(this.#out, 'runs', listed.name);
    const changes = { ...(epochs === undefined ? {} : { epochs }), ...(seed === undefined ? {} : { seed }) };
    const wanted = withOverrides(namedRecipe(listed.name)!, changes);
    const before = fresh ? undefined : await readManifest(folder);
    const reused = before?.data.fingerprint === fingerprint && JSON.stringify(before.recipe) === JSON.stringify(wanted);
    this.#emit({ phase: 'step', step, steps, name: listed.title, ...(reused ? { reused } : {}) });
    if (before !== undefined && reused) {
      this.#trained.push({ listed, folder, manifest: before });
      return;
    }
    try {
      const options = {
        recipe: listed.name,
        data,
        out: folder,
        ...changes,
        signal: this.#signal,
        ...(device === undefined ? {} : { device }),
        ...(threads === undefined ? {} : { threads }),
      };
      for await (const event of train({ ...options, fresh: fresh || before !== undefined })) {
        if (event.phase !== 'done') this.#emit({ phase: 'training', recipe: listed.name, event });
      }
      this.#trained.push({ listed, folder, manifest: (await readManifest(folder))! });
    } catch (error) {
      if (!(error instanceof SandglassError) || !SKIPPED.has(error.code)) throw error;
      this.#failed.push({ recipe: listed.name, code: error.code, message: error.message });
      this.#emit({ phase: 'notice', text: `${listed.name} is left out: ${error.message}` });
    }
  }

  async #measure(data: LabData): Promise<LabResults> {
    const { device = 'auto', queries = DEFAULT_QUERIES, seed = DEFAULT_SEED, threads } = this.#options;
    const tell = (what: string, share?: number) =>
      this.#emit({ phase: 'measuring', what, ...(share === undefined ? {} : { share }) });
    const { train: pictures, test } = data;
    tell('principal components');
    const pca = pictures.width <= WIDEST_PCA ? await fitPca(pictures.pixels, pictures.rows, pictures.width) : undefined;

    const runs: LabRun[] = [];
    const sheets: LabSheet[] = [];
    for (const { listed, folder, manifest } of this.#trained) {
      runs.push(await describeRun(folder, manifest, listed));
      sheets.push(...(await sheetsOfRun(folder, manifest, listed)));
    }
    tell('pictures beside PCA');
    for (const { recipe } of BESIDE_PCA) {
      const found = this.#find(recipe);
      if (found !== undefined && pca !== undefined)
        sheets.push(await sheetBesidePca(found.folder, found.manifest, pca, data, device));
    }
    const errors = new Map(
      this.#trained.flatMap(({ manifest: { recipe, testError } }) =>
        testError === undefined ? [] : [[recipe.name, testError] as const],
      ),
    );
    const maps = test.labels === undefined || pca === undefined ? [] : await this.#maps(data, pca, tell);
    const table = new RetrievalTable(data, queries, {
      signal: this.#signal,
      ...(threads === undefined ? {} : { threads }),
    });
    if (test.labels !== undefined) {
      tell('retrieval: pixels and PCA');
      await table.addPixels();
      if (pca !== undefined) await table.addPca(pca);
      for (const [i, { folder, manifest }] of this.#trained.entries()) {
        tell(`retrieval: ${manifest.recipe.name}`, i / this.#trained.length);
        await table.addRun(folder, manifest, device);
      }
    }
    const stacked = this.#stacked(runs);
    return {
      version: 1,
      dataSet: {
        name: data.name,
        trainRows: pictures.rows,
        testRows: test.rows,
        shape: data.shape,
        ...(data.labelNames === undefined ? {} : { labelNames: data.labelNames }),
      },
      machine: await machineFacts(device),
      seed,
      seconds: this.#trained.reduce((sum, { manifest }) => sum + manifest.seconds, 0),
      runs,
      sheets,
      errorTable: errorTable(data, pca, errors),
      maps,
      ...(table.rows.length > 0
        ? { retrieval: { queries: table.queries, database: pictures.rows, rows: table.rows } }
        : {}),
      ...(stacked === undefined ? {} : { stacked }),
      notes: this.#notes(),
    };
  }

  #find(recipe: string): Trained | undefined {
    return this.#trained.find(({ manifest }) => manifest.recipe.name === recipe);
  }

  async #maps(data: LabData, pca: Pca, tell: (what: string, share?: number) => void): Promise<LabMap[]> {
    const { device = 'auto', seed = DEFAULT_SEED } = this.#options;
    const { test } = data;
    const labels = test.labels!;
    const maps = [
      mapOf('PCA', pca.encode(test.pixels, 2), labels, 'The two directions along which the pictures differ most.'),
    ];
    const two = this.#find(MAP_RECIPE);
    if (two !== undefined) {
      const { codes } = await encodePictures(two.folder, two.manifest, test, device);
      maps.push(mapOf('Auto-encoder, 2 units', codes, labels, 'What passes through a middle of two units.'));
    }
    tell('t-SNE', 0);
    const points = await this.#tsne(data, pca, seed, (share) => tell('t-SNE', share));
    maps.push(
      mapOf('t-SNE', points, labels, 'Laid out so that neighbours stay neighbours; it cannot place a new picture.'),
    );
    return maps;
  }

  /** The slowest of the baselines: kept, and taken again for the same pictures and seed. */
  async #tsne(data: LabData, pca: Pca, seed: number, onProgress: (share: number) => void): Promise<Float32Array> {
    const file = join(this.#out, 't-sne.json');
    const key = `${data.fingerprint} ${data.test.rows} ${seed}`;
    if (this.#options.fresh !== true) {
      const kept = await readFile(file, 'utf8')
        .then((text) => JSON.parse(text) as { key: string; points: number[] })
        .catch(() => undefined);
      if (kept?.key === key && kept.points.length === 2 * data.test.rows) return Float32Array.from(kept.points);
    }
    const points = await tsneOf(pca, data.test, { seed, signal: this.#signal, onProgress });
    await writeFileAtomically(file, JSON.stringify({ key, points: Array.from(points) }));
    return points;
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
    const { epochs } = this.#options;
    return [
      ...(epochs === undefined
        ? []
        : [`Every training was cut to ${epochs === 1 ? 'one epoch' : `${epochs} epochs`}.`]),
      ...this.#failed.map(({ recipe, message }) => `${recipe} was left out: ${message}`),
      'One run of each recipe with one seed: small differences may be chance.',
      'Nothing was tuned on the test pictures that are reported here.',
    ];
  }
}

/** Errors of one recipe that leave the others trainable. */
const SKIPPED: ReadonlySet<string> = new Set([
  'TRAINING_DIVERGED',
  'TRAINING_TOO_SMALL',
  'DATA_SET_INVALID',
  'GRAPH_SHAPE',
  'CHECKPOINT_BROKEN',
  'OUTPUT_EXISTS',
]);
