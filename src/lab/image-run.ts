// Training the image recipe on a folder of pictures: in the end an encoder's folder, as an index takes it.
import { resolve } from 'node:path';
import type { DataSets } from '../data-sets/data-set.ts';
import { openDataSets } from '../data-sets/open-data-sets.ts';
import { type EncoderFiles, withManifest } from '../encoders/manifest.ts';
import { type ShippedEncoder, shippedImageEncoder } from '../encoders/shipped-encoder.ts';
import { SandglassError } from '../errors.ts';
import { THUMBNAIL_SIDE } from '../image/image-feature.ts';
import { chosenDevice, demandDevice } from '../runtime/onnx-session.ts';
import type { TrainedAutoEncoder } from '../training/auto-encoder.ts';
import { readImageNetwork } from '../training/image-network.ts';
import { type ImageRecipeOptions, trainImage, tuningOptions } from '../training/recipes/image.ts';
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
      const steps = Math.max(1, Math.floor(rows / Math.min(rows, trained.recipe.batchSize as number)));
      folder.log.append(
        trained.losses.map((loss, i) => ({ kind: 'epoch', stage: 1, epoch: i + 1, step: (i + 1) * steps, loss })),
      );
      const parameters = await writeEncoder(folder, trained, rows, recipe);
      folder.log.append([{ kind: 'end', seconds: trained.seconds }]);
      return summaryOf(trained, sets, { folder, device: await chosenDevice(device), seed, steps, parameters });
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
  const batchSize = Math.min(rows, batch ?? 128);
  return {
    ...(epochs === undefined ? {} : { steps: epochs * Math.floor(rows / batchSize) }),
    ...(batch === undefined ? {} : { batchSize: batch }),
    ...(rate === undefined ? {} : { rate }),
  };
}

/** The manifest comes last: where it is, the encoder is whole. Gives how many parameters both networks have. */
async function writeEncoder(
  folder: RunFolder,
  trained: TrainedAutoEncoder,
  trainedOn: number,
  recipe: Readonly<Record<string, unknown>>,
): Promise<number> {
  const { encoder, decoder, codeSize, losses } = trained;
  const input = { feature: 'thumbnail', side: THUMBNAIL_SIDE } as const;
  const facts = { kind: 'image', dimensions: codeSize, input, trainedOn, losses } as const;
  const models: EncoderFiles = { [RUN_FILES.encoder]: encoder, [RUN_FILES.decoder]: decoder };
  const files = withManifest({ ...facts, recipe: { ...trained.recipe, ...recipe } }, models);
  await folder.write(RUN_FILES.encoder, encoder);
  await folder.write(RUN_FILES.decoder, decoder);
  await folder.write(RUN_FILES.manifest, files[RUN_FILES.manifest]);
  return readImageNetwork(encoder, decoder).parameters.reduce((sum, { data }) => sum + data.length, 0);
}

function summaryOf(
  { codeSize, losses, recipe, seconds }: TrainedAutoEncoder,
  { name, kind, train, fingerprint, failures }: DataSets,
  made: { folder: RunFolder; device: string; seed: number; steps: number; parameters: number },
): TrainSummary {
  const { folder, device, seed, steps, parameters } = made;
  const epochs = losses.length;
  return {
    schema: 1,
    recipe: IMAGE_RECIPE,
    out: folder.path,
    files: [RUN_FILES.recipe, RUN_FILES.log, RUN_FILES.encoder, RUN_FILES.decoder, RUN_FILES.manifest],
    data: { name, kind, training: train.rows, validation: 0, test: 0, fingerprint, failures },
    parameters,
    codeSize,
    batch: Math.min(recipe.batchSize as number, train.rows),
    seed,
    device,
    stages: [{ name: IMAGE_RECIPE, steps: epochs * steps, seconds, losses, validations: [] }],
    epoch: epochs,
    seconds,
  };
}
