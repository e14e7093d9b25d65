// One training from beginning to end, in the thread that calls it: open the data, train, draw, export, test.
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DataSets } from '../data-sets/data-set.ts';
import { openDataSets } from '../data-sets/open-data-sets.ts';
import { SandglassError } from '../errors.ts';
import { demandDevice } from '../runtime/onnx-session.ts';
import { elementCount } from '../training/graph/shape.ts';
import { type ExportedNetwork, exportNetwork } from '../training/network/export-network.ts';
import { buildNetwork } from '../training/network/network.ts';
import { parseRecipe, type Recipe } from '../training/network/recipe.ts';
import { type NetworkEpoch, type TrainedNetwork, trainNetwork } from '../training/network/train-network.ts';
import { namedRecipe, RECIPE_NAMES, withOverrides } from '../training/recipes/auto-encoders.ts';
import type { StepReport } from '../training/trainer.ts';
import { RUN_FILES, RunFolder } from './run-folder.ts';
import { drawEpochSheet, drawFinalSheets, isPicture } from './run-pictures.ts';
import { measureTest, type TestMeasure } from './test-error.ts';
import type { StageSummary, TrainEvent, TrainOptions, TrainSummary } from './train-events.ts';

/** Digits of losses in run.jsonl: all a float32 has. */
const DIGITS = 9;

/**
 * Trains a recipe and writes into its folder: recipe.json, run.jsonl (a line a step and an epoch), sheets/epoch-….png,
 * encoder.onnx, decoder.onnx, manifest.json. Stopped or killed, the same call goes on to the same losses.
 *
 * @throws SandglassError RECIPE_UNKNOWN, RECIPE_INVALID, GRAPH_SHAPE, DATA_SET_INVALID, OUTPUT_EXISTS, TRAINING_DIVERGED,
 *   TRAINING_TOO_SMALL, DEVICE_UNAVAILABLE, ABORTED, CHECKPOINT_BROKEN, CHECKPOINT_MISMATCH, DISK_FULL, OUTPUT_UNWRITABLE
 */
export async function runTrain(options: TrainOptions, emit: (event: TrainEvent) => void): Promise<TrainSummary> {
  const recipe = findRecipe(options);
  // A network that does not fit, or a device that is not there, is known before anything is read or written.
  buildNetwork(recipe);
  await demandDevice(options.device ?? 'auto');
  const folder = await RunFolder.open(resolve(options.out ?? recipe.name), options.fresh === true);
  const sets = await openDataSets(options.data, {
    shape: recipe.input.shape,
    seed: recipe.seed,
    scratch: folder.file(RUN_FILES.scratch),
    ...(options.mostBytes === undefined ? {} : { mostBytes: options.mostBytes }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    onProgress: ({ done, total }) => emit({ phase: 'data', done, ...(total === undefined ? {} : { total }) }),
  });
  try {
    demandKind(recipe, sets);
    for (const text of sets.notices) emit({ phase: 'notice', text });
    if (sets.failures.length > 0)
      emit({ phase: 'notice', text: `${sets.failures.length} files could not be read; the summary names them.` });
    await keepRecipe(folder, recipe, sets, options);
    const trained = await train(recipe, sets, folder, options, emit);
    return await finish(trained, sets, folder, options, emit);
  } finally {
    await sets.close();
    await rm(folder.file(RUN_FILES.scratch), { recursive: true, force: true });
  }
}

/** The named recipe or the user's own, with what the caller changed. */
function findRecipe(options: TrainOptions): Recipe {
  const { recipe } = options;
  if (typeof recipe !== 'string') return withOverrides(parseRecipe(recipe), options);
  const named = namedRecipe(recipe);
  if (named === undefined) {
    throw new SandglassError(
      'RECIPE_UNKNOWN',
      `There is no recipe "${recipe}". Known ones: ${RECIPE_NAMES.join(', ')}; or give a JSON file of your own.`,
    );
  }
  return withOverrides(named, options);
}

function demandKind({ name, input }: Recipe, { kind, name: data }: DataSets): void {
  const values = kind === 'documents' ? 'words' : 'pixels';
  if (values === input.values) return;
  throw new SandglassError(
    'DATA_SET_INVALID',
    kind === 'documents'
      ? `The recipe ${name} takes pixels but ${data} holds documents; for those use --recipe words, or a recipe with "values": "words".`
      : `The recipe ${name} takes words but ${data} holds pictures; use one that takes pixels, such as mnist-mlp.`,
  );
}

/** Writes the recipe before anything else, or checks that what is gone on with was begun with the same. */
async function keepRecipe(folder: RunFolder, recipe: Recipe, sets: DataSets, options: TrainOptions): Promise<void> {
  const text = `${JSON.stringify(recipe, null, 2)}\n`;
  const before = await folder.readText(RUN_FILES.recipe);
  if (before !== undefined && before !== text) {
    throw new SandglassError(
      'OUTPUT_EXISTS',
      `${folder.path} holds an unfinished training of another recipe or with other settings (see its recipe.json); ` +
        'go on with those, name another folder with --out, or start anew with --fresh.',
      { path: folder.path },
    );
  }
  if (before !== undefined) return;
  await folder.write(RUN_FILES.recipe, text);
  await folder.log([
    {
      kind: 'run',
      recipe: recipe.name,
      data: sets.name,
      fingerprint: sets.fingerprint,
      rows: sets.train.rows,
      seed: recipe.seed,
      device: options.device ?? 'auto',
      started: new Date().toISOString(),
    },
  ]);
}

async function train(
  recipe: Recipe,
  { train: rows, test, fingerprint }: DataSets,
  folder: RunFolder,
  { device, threads, signal, checkpointSeconds }: TrainOptions,
  emit: (event: TrainEvent) => void,
): Promise<TrainedNetwork> {
  // Reports come while the steps run and cannot be waited for there; they are written in their order.
  let writing: Promise<void> = Promise.resolve();
  const write = (job: () => Promise<void>) => {
    writing = writing.then(job);
    writing.catch(() => {}); // thrown below, after the training
  };
  const shown = isPicture(recipe) ? await firstRows(test.rows > 0 ? test : rows) : undefined;
  const trained = await trainNetwork(
    recipe,
    {
      count: rows.rows,
      type: rows.type,
      ...(rows.resident === undefined ? {} : { resident: rows.resident }),
      read: (numbers) => rows.read(numbers),
    },
    {
      checkpoints: folder.path,
      dataFingerprint: fingerprint,
      ...(device === undefined ? {} : { device }),
      ...(threads === undefined ? {} : { threads }),
      ...(signal === undefined ? {} : { signal }),
      ...(checkpointSeconds === undefined ? {} : { checkpointSeconds }),
      onStage: ({ stage, stages, name, epochs }) => emit({ phase: 'stage', stage, stages, name, epochs }),
      onResume: ({ stage }, step) => {
        emit({ phase: 'resume', stage, step });
        write(() => folder.forgetSteps(stage, step));
        write(() => folder.log([{ kind: 'resume', stage, step, at: new Date().toISOString() }]));
      },
      onSteps: ({ stage }, steps) => write(() => folder.log(stepLines(stage, steps))),
      onProgress: ({ stage, epoch, epochs, step, steps, loss, secondsLeft }) =>
        emit({ phase: 'train', stage, epoch, epochs, step, steps, loss, secondsLeft }),
      afterEpoch: async (epoch) => {
        await writing;
        const sheet = shown && (await drawEpochSheet(folder, recipe, epoch, shown));
        await folder.log([epochLine(epoch, sheet)]);
        const { stage, stages, epoch: number, epochs, loss, validation, seconds } = epoch;
        emit({
          phase: 'epoch',
          stage,
          stages,
          epoch: number,
          epochs,
          loss,
          seconds,
          ...(validation === undefined ? {} : { validation }),
          ...(sheet === undefined ? {} : { sheet }),
        });
      },
    },
  );
  await writing;
  return trained;
}

/** Rows that the sheets show: four lines of eight. */
const ROWS_SHOWN = 32;

async function firstRows(set: DataSets['test']): Promise<Uint8Array | Float32Array> {
  return set.read(Uint32Array.from({ length: Math.min(ROWS_SHOWN, set.rows) }, (_, row) => row));
}

function stepLines(stage: number, { first, losses, metrics, rates }: StepReport) {
  const named = Object.entries(metrics);
  return Array.from(losses, (loss, i) => ({
    kind: 'step' as const,
    stage,
    step: first + i + 1,
    loss: rounded(loss),
    rate: rates[i],
    ...Object.fromEntries(named.map(([name, values]) => [name, rounded(values[i]!)])),
  }));
}

function epochLine({ stage, epoch, step, loss, validation, seconds }: NetworkEpoch, sheet: string | undefined) {
  return {
    kind: 'epoch' as const,
    stage,
    epoch,
    step,
    loss: rounded(loss),
    validation,
    seconds: rounded(seconds),
    sheet,
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

async function finish(
  trained: TrainedNetwork,
  sets: DataSets,
  folder: RunFolder,
  options: TrainOptions,
  emit: (event: TrainEvent) => void,
): Promise<TrainSummary> {
  const { recipe, network } = trained;
  const { type } = sets.train;
  const stages = trained.stages.map(summaryOfStage);
  const metadata = {
    recipe: JSON.stringify(recipe),
    data: sets.name,
    seed: String(recipe.seed),
    fingerprint: sets.fingerprint,
    losses: JSON.stringify(stages.map(({ name, losses }) => ({ name, loss: losses.at(-1) }))),
  };
  const files = exportNetwork(recipe, network, trained.values, { type, metadata });
  await folder.write(RUN_FILES.encoder, files.encoder);
  await folder.write(RUN_FILES.decoder, files.decoder);
  if (sets.vocabulary !== undefined) await folder.write(RUN_FILES.vocabulary, sets.vocabulary.serialise());
  emit({ phase: 'test' });
  const device = options.device ?? 'auto';
  const test = sets.test.rows > 0 ? await measureTest(trained, files, sets.test, device) : undefined;
  const pictures = await drawFinalSheets(folder, trained, files, device);
  const summary = summarise(trained, sets, folder, { stages, test, pictures }, options);
  await folder.log([{ kind: 'end', seconds: rounded(trained.seconds), testError: test?.testError }]);
  await folder.write(RUN_FILES.manifest, `${JSON.stringify(manifestOf(summary, recipe, files), null, 2)}\n`);
  return summary;
}

function summaryOfStage({
  name,
  losses,
  stepsPerEpoch,
  validations,
  seconds,
}: TrainedNetwork['stages'][number]): StageSummary {
  const steps = losses.length;
  const epochs = Math.ceil(steps / stepsPerEpoch);
  const means = Array.from({ length: epochs }, (_, epoch) => {
    const part = losses.subarray(epoch * stepsPerEpoch, Math.min(steps, (epoch + 1) * stepsPerEpoch));
    return part.reduce((sum, loss) => sum + loss, 0) / part.length;
  });
  return { name, steps, seconds, losses: means, validations };
}

function summarise(
  trained: TrainedNetwork,
  sets: DataSets,
  folder: RunFolder,
  {
    stages,
    test,
    pictures,
  }: {
    readonly stages: readonly StageSummary[];
    readonly test: TestMeasure | undefined;
    readonly pictures: readonly string[];
  },
  options: TrainOptions,
): TrainSummary {
  const { recipe, network } = trained;
  const sheets = isPicture(recipe) ? [`${RUN_FILES.sheets}/`] : [];
  return {
    schema: 1,
    recipe: recipe.name,
    out: folder.path,
    files: [
      RUN_FILES.recipe,
      RUN_FILES.log,
      RUN_FILES.encoder,
      RUN_FILES.decoder,
      RUN_FILES.manifest,
      ...(sets.vocabulary === undefined ? [] : [RUN_FILES.vocabulary]),
      ...sheets,
      ...pictures,
    ],
    data: {
      name: sets.name,
      kind: sets.kind,
      training: trained.trainingRows,
      validation: trained.validationRows,
      test: sets.test.rows,
      fingerprint: sets.fingerprint,
      failures: sets.failures,
    },
    parameters: Object.values(network.parameters).reduce((sum, { shape }) => sum + elementCount(shape), 0),
    codeSize: elementCount(network.code),
    batch: trained.batch,
    seed: recipe.seed,
    device: options.device ?? 'auto',
    stages,
    epoch: trained.epoch,
    seconds: trained.seconds,
    ...(test === undefined ? {} : test),
  };
}

function manifestOf(summary: TrainSummary, recipe: Recipe, { encoder, decoder }: ExportedNetwork) {
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  const { out: _, files: __, ...facts } = summary;
  return {
    ...facts,
    recipe,
    sha256: { [RUN_FILES.encoder]: sha256(encoder), [RUN_FILES.decoder]: sha256(decoder) },
    written: new Date().toISOString(),
  };
}
