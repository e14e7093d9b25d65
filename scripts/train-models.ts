// Trains the encoders that come with the package: npx tsx scripts/train-models.ts copy-64 [--steps N] [--resume]
// Needs a build, and the data sets (SANDGLASS_DATA). Writes models/<name>; what is there is whole at any moment. With
// --describe nothing is trained: what is there is checked again, and its manifest and card are written anew.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type EncoderManifest, withManifest } from '../dist/encoders/manifest.js';
import type { TrainedAutoEncoder } from '../dist/training/auto-encoder.js';
import { removeCheckpoint } from '../dist/training/checkpoint.js';
import { readImageNetwork } from '../dist/training/image-network.js';
import {
  IMAGE_RECIPE_DEFAULTS,
  type ImageModels,
  type Thumbnails,
  trainImage,
} from '../dist/training/recipes/image.js';
import { type CheckFigures, checkEncoder } from './copy-training/check-encoder.ts';
import { modelCard } from './copy-training/model-card.ts';
import { SHIPPED_MODELS, type ShippedModel, type Stage } from './copy-training/shipped-models.ts';
import { checkedCopies, trainingPictures } from './copy-training/training-pictures.ts';

const MODELS = fileURLToPath(new URL('../models', import.meta.url));
/** Between encoders that are written while the training goes on. */
const SECONDS_BETWEEN_ENCODERS = 400;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    steps: { type: 'string' },
    resume: { type: 'boolean', default: false },
    out: { type: 'string', default: MODELS },
    work: { type: 'string', default: join(tmpdir(), 'sandglass-train-models') },
    threads: { type: 'string', default: '2' },
    describe: { type: 'boolean', default: false },
  },
});

const model = SHIPPED_MODELS.find(({ name }) => name === positionals[0]);
if (model === undefined || positionals.length !== 1) {
  const names = SHIPPED_MODELS.map(({ name }) => name).join(', ');
  console.error(`usage: tsx scripts/train-models.ts <${names}> [--steps N] [--resume] [--out DIR] [--work DIR]`);
  process.exitCode = 2;
} else if (values.describe) await describe(model);
else await train(model);

async function train(shipped: ShippedModel): Promise<void> {
  const { name, cifar, procedural } = shipped;
  const work = resolve(values.work, name);
  if (existsSync(work) && !values.resume) {
    console.error(`A training was begun in ${work}: go on with --resume, or delete the folder`);
    process.exitCode = 2;
    return;
  }
  mkdirSync(work, { recursive: true });
  const pictures = await trainingPictures(cifar, procedural, shipped.stages[0]!.seed);
  const copies = await checkedCopies();
  const losses: number[] = [];
  for (const [i, stage] of stagesOf(shipped).entries()) {
    const { checkpoint, result } = filesOf(work, i);
    if (existsSync(result)) {
      losses.push(...(JSON.parse(readFileSync(result, 'utf8')) as { losses: number[] }).losses);
      continue;
    }
    console.log(`${name}: ${pictures.rows} pictures, stage ${i + 1}, ${stage.steps} steps`);
    const write = async (models: ImageModels, step: number, some: readonly number[]) => {
      const figures = await checkEncoder(models.encoder, copies);
      console.log(`stage ${i + 1} step ${step}: ${JSON.stringify(figures.recall)}`);
      const reached = { stages: stagesOf(shipped).slice(0, i + 1), step, losses: [...losses, ...some] };
      writeModel(shipped, reached, pictures.rows, models, figures);
    };
    const trained = await trainStage(pictures, stage, checkpoint, write, i === 0 ? undefined : filesOf(work, i - 1));
    await write(trained, stage.steps, trained.losses);
    losses.push(...trained.losses);
    writeFileSync(filesOf(work, i).encoder, trained.encoder);
    writeFileSync(filesOf(work, i).decoder, trained.decoder);
    // Where this is, the stage is done.
    writeFileSync(result, JSON.stringify({ losses: trained.losses }));
    await removeCheckpoint(checkpoint);
    console.log(`stage ${i + 1} done in ${Math.round(trained.seconds)} s`);
  }
}

/** What a stage keeps in the folder of the work. */
function filesOf(work: string, stage: number) {
  const file = (name: string) => join(work, `stage-${stage + 1}-${name}`);
  return {
    checkpoint: file('checkpoint.safetensors'),
    encoder: file('encoder.onnx'),
    decoder: file('decoder.onnx'),
    result: file('done.json'),
  };
}

/** With --steps, the last stage is so long. */
function stagesOf({ stages }: ShippedModel): Stage[] {
  if (values.steps === undefined) return [...stages];
  return [...stages.slice(0, -1), { ...stages.at(-1)!, steps: Number(values.steps) }];
}

async function trainStage(
  pictures: Thumbnails,
  stage: Stage,
  checkpoint: string,
  write: (models: ImageModels, step: number, losses: readonly number[]) => Promise<void>,
  before: { readonly encoder: string; readonly decoder: string } | undefined,
): Promise<TrainedAutoEncoder> {
  const begun = before && readImageNetwork(readFileSync(before.encoder), readFileSync(before.decoder));
  let [writtenAt, saidAt, loss] = [performance.now(), 0, 0];
  return trainImage(
    pictures,
    {
      ...stage,
      device: 'cpu',
      threads: Number(values.threads),
      ...(begun === undefined ? {} : { ...begun.network, start: begun.parameters }),
    },
    {
      checkpoint: { file: checkpoint, everySeconds: 120 },
      onSteps({ first, losses, metrics }) {
        loss = losses.at(-1)!;
        if (performance.now() - saidAt < 60_000) return;
        saidAt = performance.now();
        const parts = Object.entries(metrics).map(([part, list]) => `${part} ${list.at(-1)?.toFixed(4)}`);
        console.log(
          `${new Date().toISOString()} step ${first + losses.length} loss ${loss.toFixed(3)} ${parts.join(' ')}`,
        );
      },
      async afterEpoch({ step, ...models }) {
        if (performance.now() - writtenAt < SECONDS_BETWEEN_ENCODERS * 1000) return;
        await write(models, step, [loss]);
        writtenAt = performance.now();
      },
    },
  );
}

interface Reached {
  readonly stages: readonly Stage[];
  /** Steps of the last of them. */
  readonly step: number;
  readonly losses: readonly number[];
}

async function describe(shipped: ShippedModel): Promise<void> {
  const folder = join(values.out, shipped.name);
  const [encoder, decoder] = ['encoder.onnx', 'decoder.onnx'].map((name) => readFileSync(join(folder, name)));
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as EncoderManifest;
  const { stages, trainedSteps } = manifest.recipe as { stages: Stage[]; trainedSteps: number };
  const figures = await checkEncoder(encoder!, await checkedCopies());
  console.log(JSON.stringify(figures.recall));
  const reached = { stages, step: trainedSteps, losses: manifest.losses ?? [] };
  writeModel(shipped, reached, manifest.trainedOn ?? 0, { encoder: encoder!, decoder: decoder! }, figures);
}

/** Each file is whole when it gets its name, and the manifest comes last. */
function writeModel(
  shipped: ShippedModel,
  { stages, step, losses }: Reached,
  rows: number,
  { encoder, decoder }: ImageModels,
  figures: CheckFigures,
): void {
  const folder = join(values.out, shipped.name);
  mkdirSync(folder, { recursive: true });
  const whole = stages.map((stage) => ({ ...IMAGE_RECIPE_DEFAULTS, ...stage }));
  const recipe = { name: 'image', model: shipped.name, sources: shipped.sources, stages: whole, trainedSteps: step };
  const files = withManifest(
    {
      kind: 'image',
      dimensions: figures.dimensions,
      input: { feature: 'thumbnail', side: 64 },
      recipe,
      trainedOn: rows,
      losses,
    },
    { 'encoder.onnx': encoder, 'decoder.onnx': decoder },
  );
  const card = modelCard(shipped, whole, step, losses, figures);
  for (const [name, bytes] of Object.entries({ ...files, 'README.md': card })) {
    writeFileSync(join(folder, `${name}.unfinished`), bytes);
    renameSync(join(folder, `${name}.unfinished`), join(folder, name));
  }
}
