// One training from beginning to end, in the thread that calls it: open the data, train, export, test, draw.
import { relative, resolve, sep } from 'node:path';
import type { DataSets } from '../data-sets/data-set.ts';
import { openDataSets } from '../data-sets/open-data-sets.ts';
import { SandglassError } from '../errors.ts';
import { chosenDevice, demandDevice } from '../runtime/onnx-session.ts';
import { exportNetwork } from '../training/network/export-network.ts';
import { buildNetwork } from '../training/network/network.ts';
import { pretrainingStages } from '../training/network/pretraining.ts';
import { parseRecipe, type Recipe } from '../training/network/recipe.ts';
import type { TrainedNetwork } from '../training/network/train-network.ts';
import { removeCheckpoints } from '../training/network/training-stage.ts';
import { namedRecipe, RECIPE_NAMES, withOverrides } from '../training/recipes/auto-encoders.ts';
import { IMAGE_RECIPE, runImageTraining } from './image-run.ts';
import { RUN_FILES } from './run-files.ts';
import { RunFolder } from './run-folder.ts';
import { drawFinalSheets } from './run-pictures.ts';
import { measureTest } from './test-error.ts';
import { runTextTraining, TEXT_RECIPE } from './text-run.ts';
import type { TrainEvent, TrainOptions, TrainSummary } from './train-events.ts';
import { trainStages } from './train-stages.ts';
import { manifestOf, summarise, summaryOfStage } from './train-summary.ts';

/**
 * Trains a recipe and writes into its folder: recipe.json, run.jsonl (a line a step and an epoch), sheets/epoch-….png,
 * encoder.onnx, decoder.onnx, manifest.json. Stopped or killed, the same call goes on to the same losses. Nothing is
 * written, nor removed, before all that was asked for is known to fit together.
 *
 * @throws SandglassError RECIPE_UNKNOWN, RECIPE_INVALID, SETTING_INVALID, GRAPH_SHAPE, DATA_SET_INVALID, OUTPUT_EXISTS,
 *   TRAINING_DIVERGED, TRAINING_TOO_SMALL, DEVICE_UNAVAILABLE, ABORTED, CHECKPOINT_BROKEN, CHECKPOINT_MISMATCH, DISK_FULL,
 *   OUTPUT_UNWRITABLE
 */
export async function runTrain(options: TrainOptions, emit: (event: TrainEvent) => void): Promise<TrainSummary> {
  if (options.recipe === TEXT_RECIPE) return runTextTraining(options, emit);
  demandNoTextSettings(options);
  if (options.recipe === IMAGE_RECIPE) return runImageTraining(options, emit);
  const recipe = chosenRecipe(options);
  const network = buildNetwork(recipe);
  if (recipe.pretraining !== undefined) pretrainingStages(recipe, network);
  await demandDevice(options.device ?? 'auto');
  const folder = await RunFolder.survey(resolve(options.out ?? recipe.name), options.fresh === true);
  try {
    const sets = await openData(recipe, folder, options, emit);
    try {
      demandFit(recipe, sets, folder, options);
      await folder.begin({
        recipe,
        fingerprint: sets.fingerprint,
        facts: {
          recipe: recipe.name,
          data: sets.name,
          rows: sets.train.rows,
          seed: recipe.seed,
          device: options.device ?? 'auto',
          started: new Date().toISOString(),
        },
      });
      const trained = await trainStages(recipe, sets, folder, options, emit);
      return await finish(trained, sets, folder, options, emit);
    } finally {
      await sets.close();
    }
  } finally {
    await folder.close();
  }
}

/** Refuses what only the text recipe has. */
function demandNoTextSettings({ quality, codeSize }: TrainOptions): void {
  const given = quality !== undefined ? 'quality' : codeSize !== undefined ? 'code-size' : undefined;
  if (given === undefined) return;
  throw new SandglassError(
    'SETTING_INVALID',
    `Expected --${given} with the recipe ${TEXT_RECIPE} only; the sizes of other recipes stand in their JSON (sandglass train --print-recipe NAME).`,
  );
}

/** The named recipe or the user's own, with what the caller changed. */
function chosenRecipe(options: TrainOptions): Recipe {
  const { recipe } = options;
  const begun = typeof recipe === 'string' ? namedRecipe(recipe) : parseRecipe(recipe);
  if (begun === undefined) {
    throw new SandglassError(
      'RECIPE_UNKNOWN',
      `There is no recipe "${recipe}". Known ones: ${[TEXT_RECIPE, IMAGE_RECIPE, ...RECIPE_NAMES].join(', ')}; a JSON file of your own is named with its path (./mine.json).`,
    );
  }
  return withOverrides(begun, options);
}

async function openData(
  recipe: Recipe,
  folder: RunFolder,
  { data, mostBytes, signal }: TrainOptions,
  emit: (event: TrainEvent) => void,
): Promise<DataSets> {
  const sets = await openDataSets(data, {
    shape: recipe.input.shape,
    seed: recipe.seed,
    scratch: folder.file(RUN_FILES.scratch),
    ...(mostBytes === undefined ? {} : { mostBytes }),
    ...(signal === undefined ? {} : { signal }),
    onProgress: ({ done, total }) => emit({ phase: 'data', done, ...(total === undefined ? {} : { total }) }),
  });
  for (const text of sets.notices) emit({ phase: 'notice', text });
  const failed = sets.failures.length;
  if (failed > 0)
    emit({
      phase: 'notice',
      text: `${failed} ${failed === 1 ? 'file' : 'files'} could not be read; the summary names ${failed === 1 ? 'it' : 'them'}.`,
    });
  return sets;
}

function demandFit(
  { name, input }: Recipe,
  { kind, name: data }: DataSets,
  { path }: RunFolder,
  options: TrainOptions,
) {
  const values = kind === 'documents' ? 'words' : 'pixels';
  if (values !== input.values) {
    throw new SandglassError(
      'DATA_SET_INVALID',
      kind === 'documents'
        ? `The recipe ${name} takes pixels but ${data} holds documents; for those use --recipe text, --recipe words, or a recipe with "values": "words".`
        : `The recipe ${name} takes words but ${data} holds pictures; use one that takes pixels, such as mnist-mlp.`,
    );
  }
  if (kind !== 'idx' && isInside(path, resolve(options.data))) {
    throw new SandglassError(
      'SETTING_INVALID',
      `Expected a folder outside of the data for --out but received ${path}: what is written there would be taken for data; ` +
        'name another.',
      { path },
    );
  }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && resolve(folder, way) === path;
}

async function finish(
  trained: TrainedNetwork,
  sets: DataSets,
  folder: RunFolder,
  options: TrainOptions,
  emit: (event: TrainEvent) => void,
): Promise<TrainSummary> {
  const { recipe, network } = trained;
  const { device = 'auto' } = options;
  const stages = trained.stages.map(summaryOfStage);
  const metadata = {
    recipe: JSON.stringify(recipe),
    data: sets.name,
    seed: String(recipe.seed),
    fingerprint: sets.fingerprint,
    losses: JSON.stringify(stages.map(({ name, losses }) => ({ name, loss: losses.at(-1) }))),
  };
  const files = exportNetwork(recipe, network, trained.values, { type: sets.train.type, metadata });
  await folder.write(RUN_FILES.encoder, files.encoder);
  await folder.write(RUN_FILES.decoder, files.decoder);
  if (sets.vocabulary !== undefined) await folder.write(RUN_FILES.vocabulary, sets.vocabulary.serialise());
  emit({ phase: 'test' });
  const test = sets.test.rows > 0 ? await measureTest(trained, files, sets.test, device) : undefined;
  const pictures = await drawFinalSheets(folder, trained, files, device);
  const summary = summarise({
    trained,
    sets,
    out: folder.path,
    device: await chosenDevice(device),
    stages,
    test,
    pictures,
  });
  folder.log.append([{ kind: 'end', seconds: trained.seconds, testError: test?.testError }]);
  await folder.write(RUN_FILES.manifest, `${JSON.stringify(manifestOf(summary, recipe, files), null, 2)}\n`);
  await removeCheckpoints(stages.length, folder.path);
  return summary;
}
