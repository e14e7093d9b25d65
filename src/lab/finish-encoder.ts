// The end of a training of a recipe that an index uses: its epochs into the log, the encoder's folder, what is said of it.
import { MANIFEST } from '../encoders/manifest.ts';
import type { TrainedAutoEncoder } from '../training/auto-encoder.ts';
import { planEpochs } from '../training/epochs.ts';
import { RUN_FILES } from './run-files.ts';
import type { RunFolder } from './run-folder.ts';
import type { TrainSummary } from './train-events.ts';

export interface FinishedEncoder {
  /** The name under which `train` knows the recipe. */
  readonly recipe: string;
  readonly trained: TrainedAutoEncoder;
  /** With the manifest, which is written last: where it is, the encoder is whole. */
  readonly files: Readonly<Record<string, Uint8Array>> & { readonly [MANIFEST]: Uint8Array };
  /** Of both networks. */
  readonly parameters: number;
  readonly data: Pick<TrainSummary['data'], 'name' | 'kind' | 'training' | 'fingerprint' | 'failures'>;
  readonly seed: number;
  /** What it was trained on. */
  readonly device: string;
}

/** Writes what a training gave into its folder. */
export async function finishEncoder(folder: RunFolder, finished: FinishedEncoder): Promise<TrainSummary> {
  const { recipe, trained, files, parameters, data, seed, device } = finished;
  const { codeSize, losses, seconds } = trained;
  const { name, kind, training, fingerprint, failures } = data;
  const plan = planEpochs(training, trained.recipe.batchSize as number, losses.length);
  folder.log.append(
    losses.map((loss, i) => ({ kind: 'epoch', stage: 1, epoch: i + 1, step: (i + 1) * plan.stepsPerEpoch, loss })),
  );
  const { [MANIFEST]: manifest, ...others } = files;
  for (const [name, bytes] of Object.entries(others)) await folder.write(name, bytes);
  await folder.write(MANIFEST, manifest);
  folder.log.append([{ kind: 'end', seconds }]);
  return {
    schema: 1,
    recipe,
    out: folder.path,
    files: [RUN_FILES.recipe, RUN_FILES.log, ...Object.keys(others), MANIFEST],
    data: { name, kind, training, validation: 0, test: 0, fingerprint, failures },
    parameters,
    codeSize,
    batch: plan.batchSize,
    seed,
    device,
    stages: [{ name: recipe, steps: plan.steps, seconds, losses, validations: [] }],
    epoch: plan.epochs,
    seconds,
  };
}
