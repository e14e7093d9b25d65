// One training as the report tells it: from its manifest and its log.
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildNetwork, type Network } from '../training/network/network.ts';
import type { LossSpec, Recipe } from '../training/network/recipe.ts';
import type { LabRecipe } from './lab-recipes.ts';
import type { LabLayer, LabRun } from './results.ts';
import { RUN_FILES } from './run-files.ts';
import type { RunLine } from './run-log.ts';
import type { RunManifest } from './trained-run.ts';

/** Points of the curve of single steps. */
const MOST_POINTS = 600;

/** Reads run.jsonl of a finished training and tells it all. */
export async function describeRun(folder: string, manifest: RunManifest, listed: LabRecipe): Promise<LabRun> {
  const { recipe, stages, testError, denoising } = manifest;
  const whole = stages.at(-1)!;
  const network = buildNetwork(recipe);
  const log = await readLog(join(folder, RUN_FILES.log), stages.length);
  const every = Math.max(1, Math.ceil(log.losses.length / MOST_POINTS));
  const kept = log.losses.map((loss, i) => ({ step: i + 1, loss })).filter((_, i) => i % every === 0);
  return {
    name: recipe.name,
    title: listed.title,
    ...(listed.family === undefined ? {} : { family: listed.family }),
    shows: recipe.about ?? '',
    architecture: architectureOf(recipe, network),
    layers: layersOf(network),
    parameters: manifest.parameters,
    codeSize: manifest.codeSize,
    codeUnit: recipe.bits ? 'bits' : 'numbers',
    epochs: whole.losses.length,
    batchSize: manifest.batch,
    optimizer: optimizerOf(recipe),
    loss: recipe.loss.map(lossText).join(' + '),
    secondsPerEpoch: log.seconds,
    lossPerEpoch: whole.losses,
    ...(whole.validations.length > 0 ? { validationLossPerEpoch: whole.validations } : {}),
    ...(log.terms.size > 0
      ? {
          lossTerms: [...log.terms].map(([kind, sums]) => ({
            name: TERMS[kind as LossSpec['kind']] ?? kind,
            values: sums,
          })),
        }
      : {}),
    lossPerStep: { steps: kept.map(({ step }) => step), losses: kept.map(({ loss }) => loss) },
    ...(testError === undefined ? {} : { testError: denoising?.testError ?? testError }),
    ...(denoising === undefined ? {} : { noisyError: denoising.noisyError }),
  };
}

interface Log {
  /** Of each step of the last stage. */
  readonly losses: number[];
  readonly seconds: number[];
  /** Mean of each epoch, by the kind of loss, where there are several. */
  readonly terms: Map<string, number[]>;
}

const FACTS_OF_A_STEP = new Set(['kind', 'stage', 'step', 'loss', 'rate', 'gradientNorm']);

async function readLog(path: string, stage: number): Promise<Log> {
  const log: Log = { losses: [], seconds: [], terms: new Map() };
  let sums = new Map<string, number>();
  let steps = 0;
  for await (const text of createInterface({ input: createReadStream(path) })) {
    const line = JSON.parse(text) as RunLine;
    if (line.stage !== stage) continue;
    if (line.kind === 'step') {
      steps++;
      log.losses.push(Number(line.loss));
      for (const [name, value] of Object.entries(line)) {
        if (!FACTS_OF_A_STEP.has(name)) sums.set(name, (sums.get(name) ?? 0) + Number(value));
      }
    } else if (line.kind === 'epoch') {
      log.seconds.push(Number(line.seconds));
      for (const [name, sum] of sums) log.terms.set(name, [...(log.terms.get(name) ?? []), sum / steps]);
      sums = new Map();
      steps = 0;
    }
  }
  return log;
}

const TERMS: Readonly<Record<LossSpec['kind'], string>> = {
  mse: 'squared error',
  bce: 'binary cross-entropy',
  multinomial: 'cross-entropy of the distribution',
  cosine: '1 − cosine',
  l1: 'sum of |code|',
  kl: 'divergence of the code (KL)',
  contractive: 'squared derivative of the code',
  infoNce: 'agreement of two views',
};

function lossText(spec: LossSpec): string {
  const scope = 'reduction' in spec ? `, ${spec.reduction === 'sum' ? 'sum' : 'mean'} over pixels` : '';
  const factor = spec.weight === 1 ? '' : `${spec.weight} × `;
  const warmUp = spec.warmUp > 0 ? `, growing over ${spec.warmUp} epochs` : '';
  return `${factor}${TERMS[spec.kind]}${scope}${warmUp}`;
}

const ACTIVATIONS: Readonly<Record<string, string>> = {
  relu: 'ReLU',
  leakyRelu: 'leaky ReLU',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  softplus: 'softplus',
};

/** `784-256-16-256-784, ReLU, sigmoid output` for dense networks; else the layers one by one. */
function architectureOf(recipe: Recipe, { encoder, decoder, input }: Network): string {
  const layers = [...encoder, ...decoder];
  const sizes = [input, ...layers.filter(({ kind }) => WIDTHS.has(kind)).map(({ output }) => output)];
  const chain = sizes.map((shape) => shape.join('×')).join('-');
  const used = new Set(recipe.encoder.flatMap((spec) => ('activation' in spec ? [ACTIVATIONS[spec.activation]] : [])));
  used.delete(undefined);
  return [
    chain,
    ...(used as Set<string>),
    ...(recipe.output === 'identity' ? [] : [`${recipe.output} output`]),
    ...(recipe.decoder === 'tied' ? ['tied weights'] : []),
  ].join(', ');
}

/** Layers that a drawing of widths shows. */
const WIDTHS: ReadonlySet<string> = new Set([
  'dense',
  'gaussian',
  'conv2d',
  'convTranspose2d',
  'maxPool2d',
  'unpool2d',
  'upsample',
]);

const LAYER_NAMES: Readonly<Record<string, string>> = {
  dense: 'dense',
  gaussian: 'mean and spread',
  conv2d: 'convolution',
  convTranspose2d: 'transposed convolution',
  maxPool2d: 'max-pooling',
  unpool2d: 'unpooling',
  upsample: 'upsampling',
};

function layersOf({ encoder, decoder, input }: Network): LabLayer[] {
  const shown = (layers: typeof encoder): LabLayer[] =>
    layers
      .filter(({ kind }) => WIDTHS.has(kind))
      .map(({ kind, output }) => ({ name: LAYER_NAMES[kind]!, shape: output }));
  const inwards = shown(encoder);
  return [
    { name: 'input', shape: input },
    ...inwards.slice(0, -1),
    ...inwards.slice(-1).map((layer) => ({ ...layer, name: 'code', code: true })),
    ...shown(decoder),
  ];
}

function optimizerOf({ optimizer, schedule }: Recipe): string {
  const names = { adam: 'Adam', adamw: 'AdamW', sgd: 'SGD' };
  const momentum = optimizer.kind === 'sgd' && optimizer.momentum > 0 ? `, momentum ${optimizer.momentum}` : '';
  const decay = optimizer.weightDecay > 0 ? `, weight decay ${optimizer.weightDecay}` : '';
  const rate = `learning rate ${schedule.rate}${schedule.kind === 'cosine' ? ' along a cosine' : ''}`;
  return `${names[optimizer.kind]}, ${rate}${momentum}${decay}`;
}
