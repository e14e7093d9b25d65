// Trains the encoders that come with the package: npx tsx scripts/train-models.ts copy-64 [--steps N] [--resume]
// Needs a build, and the data sets (SANDGLASS_DATA). Writes models/<name>; what is there is whole at any moment. With
// --describe nothing is trained: what is there is checked again, and its manifest and card are written anew.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type EncoderManifest, withManifest } from '../dist/encoders/manifest.js';
import { removeCheckpoint } from '../dist/training/checkpoint.js';
import { IMAGE_RECIPE_DEFAULTS, type ImageModels, trainImage } from '../dist/training/recipes/image.js';
import { type CheckFigures, checkEncoder } from './copy-training/check-encoder.ts';
import { modelCard } from './copy-training/model-card.ts';
import { SHIPPED_MODELS, type ShippedModel } from './copy-training/shipped-models.ts';
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
  mkdirSync(work, { recursive: true });
  const checkpoint = join(work, 'checkpoint.safetensors');
  if (existsSync(checkpoint) && !values.resume) {
    console.error(`A training was begun in ${work}: go on with --resume, or delete the folder`);
    process.exitCode = 2;
    return;
  }
  const steps = values.steps === undefined ? shipped.options.steps : Number(values.steps);
  const options = { ...shipped.options, steps, device: 'cpu', threads: Number(values.threads) } as const;
  const pictures = await trainingPictures(cifar, procedural, options.seed);
  const copies = await checkedCopies();
  console.log(`${name}: ${pictures.rows} pictures, ${steps} steps`);
  let writtenAt = performance.now();
  let saidAt = 0;
  const write = async (models: ImageModels, facts: { readonly losses: readonly number[]; readonly step: number }) => {
    const figures = await checkEncoder(models.encoder, copies);
    console.log(`step ${facts.step}: ${JSON.stringify(figures.recall)}`);
    writeModel(shipped, options, pictures.rows, models, facts, figures);
    writtenAt = performance.now();
  };
  const losses: number[] = [];
  const trained = await trainImage(pictures, options, {
    checkpoint: { file: checkpoint, everySeconds: 120, run: `${cifar} ${procedural}` },
    onSteps({ first, losses: some, metrics }) {
      some.forEach((loss, i) => {
        losses[first + i] = loss;
      });
      if (performance.now() - saidAt < 60_000) return;
      saidAt = performance.now();
      const parts = Object.entries(metrics).map(([part, list]) => `${part} ${list.at(-1)?.toFixed(4)}`);
      console.log(
        `${new Date().toISOString()} step ${first + some.length} loss ${some.at(-1)!.toFixed(3)} ${parts.join(' ')}`,
      );
    },
    async afterEpoch({ step, ...models }) {
      if (performance.now() - writtenAt < SECONDS_BETWEEN_ENCODERS * 1000) return;
      await write(models, { step, losses: [losses.at(-1) ?? 0] });
    },
  });
  await write(trained, { step: steps, losses: trained.losses });
  await removeCheckpoint(checkpoint);
  console.log(`done in ${Math.round(trained.seconds)} s`);
}

async function describe(shipped: ShippedModel): Promise<void> {
  const folder = join(values.out, shipped.name);
  const [encoder, decoder] = ['encoder.onnx', 'decoder.onnx'].map((name) => readFileSync(join(folder, name)));
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as EncoderManifest;
  const recipe = manifest.recipe as { trainedSteps: number; steps: number };
  const figures = await checkEncoder(encoder!, await checkedCopies());
  console.log(JSON.stringify(figures.recall));
  const facts = { losses: manifest.losses ?? [], step: recipe.trainedSteps };
  const options = { ...shipped.options, steps: recipe.steps };
  writeModel(shipped, options, manifest.trainedOn ?? 0, { encoder: encoder!, decoder: decoder! }, facts, figures);
}

/** Each file is whole when it gets its name, and the manifest comes last. */
function writeModel(
  shipped: ShippedModel,
  options: Readonly<Record<string, unknown>>,
  rows: number,
  { encoder, decoder }: ImageModels,
  { losses, step }: { readonly losses: readonly number[]; readonly step: number },
  figures: CheckFigures,
): void {
  const folder = join(values.out, shipped.name);
  mkdirSync(folder, { recursive: true });
  const { device: _, threads: __, ...given } = options;
  const recipe = { ...IMAGE_RECIPE_DEFAULTS, ...given };
  const files = withManifest(
    {
      kind: 'image',
      dimensions: figures.dimensions,
      input: { feature: 'thumbnail', side: 64 },
      recipe: { name: 'image', ...recipe, model: shipped.name, sources: shipped.sources, trainedSteps: step },
      trainedOn: rows,
      losses,
    },
    { 'encoder.onnx': encoder, 'decoder.onnx': decoder },
  );
  const card = modelCard(shipped, recipe, step, losses, figures);
  for (const [name, bytes] of Object.entries({ ...files, 'README.md': card })) {
    writeFileSync(join(folder, `${name}.unfinished`), bytes);
    renameSync(join(folder, `${name}.unfinished`), join(folder, name));
  }
}
