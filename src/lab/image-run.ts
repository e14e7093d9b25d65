// Training the image recipe on a folder of pictures: in the end an encoder's folder, as an index takes it.
import { resolve } from 'node:path';
import type { DataSets } from '../data-sets/data-set.ts';
import { openDataSets } from '../data-sets/open-data-sets.ts';
import { DECODER_MODEL, ENCODER_MODEL, withManifest } from '../encoders/manifest.ts';
import { type ShippedEncoder, shippedImageEncoder } from '../encoders/shipped-encoder.ts';
import { SandglassError } from '../errors.ts';
import { THUMBNAIL_SIDE } from '../image/image-feature.ts';
import { chosenDevice, demandDevice } from '../runtime/onnx-session.ts';
import type { TrainedAutoEncoder } from '../training/auto-encoder.ts';
import { planEpochs } from '../training/epochs.ts';
import { readImageNetwork } from '../training/image-network.ts';
import {
  IMAGE_RECIPE_DEFAULTS,
  type ImageRecipeOptions,
  trainImage,
  tuningOptions,
} from '../training/recipes/image.ts';
import { finishEncoder } from './finish-encoder.ts';
import { RUN_FILES } from './run-files.ts';
import { RunFolder } from './run-folder.ts';
import type { TrainEvent, TrainOptions, TrainSummary } from './train-events.ts';

/** The name under which `train` knows the recipe. */
export const IMAGE_RECIPE = 'image';

/** Fewer pictures than this are learned by heart, and nothing else. */
const FEWEST_PICTURES = 50;

/**
 * Writes into its folder: encoder.onnx, decoder.onnx, manifest.json, beside recipe.json and run.jsonl. It goes on with the
 * encoder that comes with the package, where there is one. A training that is stopped begins anew: it takes minutes.
 *
 * @throws SandglassError as {@link train}; TRAINING_TOO_SMALL for fewer than 50 pictures
 */
export async function runImageTraining(
  options: TrainOptions,
  emit: (event: TrainEvent) => void,
): Promise<TrainSummary> {
  const { device = 'auto', signal, seed = 1, threads } = options;
  await demandDevice(device);
  const shipped = await shippedImageEncoder();
  const folder = await RunFolder.survey(resolve(options.out ?? IMAGE_RECIPE), options.fresh === true);
  try {
    const sets = await openDataSets(options.data, {
      shape: [3, THUMBNAIL_SIDE, THUMBNAIL_SIDE],
      seed,
      // All is learned from: whether it finds copies is told by the index that takes it.
      testShare: 0,
      scratch: folder.file(RUN_FILES.scratch),
      ...(options.mostBytes === undefined ? {} : { mostBytes: options.mostBytes }),
      ...(signal === undefined ? {} : { signal }),
      onProgress: ({ done, total }) => emit({ phase: 'data', done, ...(total === undefined ? {} : { total }) }),
    });
    try {
      for (const text of sets.notices) emit({ phase: 'notice', text });
      const { rows } = sets.train;
      demandEnough(sets);
      const settings = { ...settingsOf(shipped, rows), ...recipeOptions(options, rows), seed };
      const { start: _, ...plain } = settings;
      const recipe = { name: IMAGE_RECIPE, ...plain, ...(shipped === undefined ? {} : { begunWith: shipped.name }) };
      await folder.begin({
        recipe,
        fingerprint: sets.fingerprint,
        facts: { recipe: IMAGE_RECIPE, data: sets.name, rows, seed, device, started: new Date().toISOString() },
      });
      const thumbnails = (sets.train.resident ??
        (await sets.train.read(Uint32Array.from({ length: rows }, (_, row) => row)))) as Uint8Array;
      const trained = await trainImage(
        { rows, thumbnails },
        { ...settings, device, ...(threads === undefined ? {} : { threads }) },
        {
          ...(signal === undefined ? {} : { signal }),
          onProgress: (progress) => emit({ phase: 'train', stage: 1, ...progress }),
        },
      );
      const { name, kind, fingerprint, failures } = sets;
      return await finishEncoder(folder, {
        recipe: IMAGE_RECIPE,
        trained,
        files: encoderFiles(trained, rows, recipe),
        parameters: parametersOf(trained),
        data: { name, kind, training: rows, fingerprint, failures },
        seed,
        device: await chosenDevice(device),
      });
    } finally {
      await sets.close();
    }
  } finally {
    await folder.close();
  }
}

function demandEnough({ name, train: { rows } }: DataSets): void {
  if (rows >= FEWEST_PICTURES) return;
  throw new SandglassError(
    'TRAINING_TOO_SMALL',
    `Expected at least ${FEWEST_PICTURES} pictures to learn from but ${name} holds ${rows}; for so few, an index (sandglass ` +
      'index) uses the encoder that comes with Sandglass as it is.',
  );
}

function settingsOf(shipped: ShippedEncoder | undefined, rows: number): ImageRecipeOptions {
  if (shipped === undefined) return {};
  return tuningOptions(readImageNetwork(shipped.files['encoder.onnx'], shipped.files['decoder.onnx']), rows);
}

/** What of the options is the recipe's. */
function recipeOptions({ epochs, batch, rate }: TrainOptions, rows: number): ImageRecipeOptions {
  const batchSize = batch ?? IMAGE_RECIPE_DEFAULTS.batchSize;
  return {
    ...(epochs === undefined ? {} : { steps: planEpochs(rows, batchSize, epochs).steps }),
    ...(batch === undefined ? {} : { batchSize: batch }),
    ...(rate === undefined ? {} : { rate }),
  };
}

function encoderFiles(
  { encoder, decoder, codeSize, losses, recipe }: TrainedAutoEncoder,
  trainedOn: number,
  ownRecipe: Readonly<Record<string, unknown>>,
) {
  const input = { feature: 'thumbnail', side: THUMBNAIL_SIDE } as const;
  return withManifest(
    { kind: 'image', dimensions: codeSize, input, trainedOn, losses, recipe: { ...recipe, ...ownRecipe } },
    { [ENCODER_MODEL]: encoder, [DECODER_MODEL]: decoder },
  );
}

/** How many both networks have. */
function parametersOf({ encoder, decoder }: TrainedAutoEncoder): number {
  return readImageNetwork(encoder, decoder).parameters.reduce((sum, { data }) => sum + data.length, 0);
}
