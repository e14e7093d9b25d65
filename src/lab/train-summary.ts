// What a training says at its end, and keeps in manifest.json.
import type { DataSets } from '../data-sets/data-set.ts';
import { manifestOf as encoderManifest } from '../encoders/manifest.ts';
import { pictureLayout } from '../image/fit-picture.ts';
import { elementCount } from '../training/graph/shape.ts';
import type { ExportedNetwork } from '../training/network/export-network.ts';
import type { Recipe } from '../training/network/recipe.ts';
import type { TrainedNetwork } from '../training/network/train-network.ts';
import type { StageResult } from '../training/network/training-stage.ts';
import { RUN_FILES } from './run-files.ts';
import { isPicture } from './run-pictures.ts';
import type { TestMeasure } from './test-error.ts';
import type { StageSummary, TrainSummary } from './train-events.ts';

export function summaryOfStage({ name, losses, stepsPerEpoch, validations, seconds }: StageResult): StageSummary {
  const steps = losses.length;
  const epochs = Math.ceil(steps / stepsPerEpoch);
  const means = Array.from({ length: epochs }, (_, epoch) => {
    const part = losses.subarray(epoch * stepsPerEpoch, Math.min(steps, (epoch + 1) * stepsPerEpoch));
    return part.reduce((sum, loss) => sum + loss, 0) / part.length;
  });
  return { name, steps, seconds, losses: means, validations };
}

export interface Finished {
  readonly trained: TrainedNetwork;
  readonly sets: DataSets;
  /** Absolute. */
  readonly out: string;
  /** What it was trained on. */
  readonly device: string;
  readonly stages: readonly StageSummary[];
  /** Absent where there is no row to test with. */
  readonly test: TestMeasure | undefined;
  /** Names of the pictures that were drawn at the end. */
  readonly pictures: readonly string[];
}

export function summarise({ trained, sets, out, device, stages, test, pictures }: Finished): TrainSummary {
  const { recipe, network } = trained;
  return {
    schema: 1,
    recipe: recipe.name,
    out,
    files: [
      RUN_FILES.recipe,
      RUN_FILES.log,
      RUN_FILES.encoder,
      RUN_FILES.decoder,
      RUN_FILES.manifest,
      ...(sets.vocabulary === undefined ? [] : [RUN_FILES.vocabulary]),
      ...(isPicture(recipe) ? [`${RUN_FILES.sheets}/`] : []),
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
    device,
    stages,
    epoch: trained.epoch,
    seconds: trained.seconds,
    ...(test ?? {}),
  };
}

/**
 * The summary with the whole recipe in place of its name, and what the files hash to. Of a network that takes pictures it is
 * the manifest of an encoder too, as an index takes it.
 */
export function manifestOf(summary: TrainSummary, recipe: Recipe, { encoder, decoder }: ExportedNetwork) {
  const { out: _, files: __, ...facts } = summary;
  const { format, sha256, ...ofEncoder } = encoderManifest(
    {
      kind: 'image',
      dimensions: summary.codeSize,
      input: { feature: 'pixels', shape: recipe.input.shape },
      ...(recipe.bits ? { bits: true } : {}),
      trainedOn: summary.data.training,
      losses: summary.stages.at(-1)!.losses,
    },
    { [RUN_FILES.encoder]: encoder, [RUN_FILES.decoder]: decoder },
  );
  const isEncoder = recipe.input.values === 'pixels' && pictureLayout(recipe.input.shape) !== undefined;
  return {
    ...facts,
    recipe,
    ...(isEncoder ? { format, ...ofEncoder } : {}),
    sha256,
    written: new Date().toISOString(),
  };
}
