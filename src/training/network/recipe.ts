// A recipe as data: the network, its losses and how it is trained, in JSON that a user can write. Checked here.
import { z } from 'zod';
import { SandglassError } from '../../errors.ts';
import { count, isCorruption, type LayerKind, layerSchema, share } from './layer-specs.ts';
import { sentencesOf } from './recipe-mistakes.ts';

const term = {
  weight: z.number().min(0).default(1),
  /** Epochs over which the weight grows from 0. */
  warmUp: z.number().min(0).default(0),
};
/** `mean` over all values, or the `sum` over a row's values and the mean over rows. */
const reduction = z.enum(['mean', 'sum']).default('mean');
const LOSSES = [
  z.strictObject({ kind: z.literal('mse'), reduction, ...term }),
  /** Binary cross-entropy; the output must be a sigmoid. */
  z.strictObject({ kind: z.literal('bce'), reduction, ...term }),
  /** Cross-entropy of a distribution over the row's places; the output must be a softmax. */
  z.strictObject({ kind: z.literal('multinomial'), ...term }),
  /** 1 − cosine between a row and its reconstruction. */
  z.strictObject({ kind: z.literal('cosine'), ...term }),
  /** Σ |code|: few units speak at a time. */
  z.strictObject({ kind: z.literal('l1'), ...term }),
  /** Divergence of a `gaussian` code from the standard normal distribution. */
  z.strictObject({ kind: z.literal('kl'), ...term }),
  /** ‖∂code/∂input‖²: the code moves little when the input does (Rifai et al. 2011). */
  z.strictObject({ kind: z.literal('contractive'), ...term }),
  /** Two noisy views of a row should find one another among those of all rows of a step. */
  z.strictObject({ kind: z.literal('infoNce'), temperature: z.number().positive().default(0.2), ...term }),
] as const;

const weightDecay = z.number().min(0).default(0);
const beta1 = share.default(0.9);
const beta2 = share.default(0.999);
const epsilon = z.number().positive().default(1e-8);
const optimizer = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sgd'),
    momentum: share.default(0),
    nesterov: z.boolean().default(false),
    weightDecay,
  }),
  z.strictObject({ kind: z.literal('adam'), beta1, beta2, epsilon, weightDecay }),
  z.strictObject({ kind: z.literal('adamw'), beta1, beta2, epsilon, weightDecay: z.number().min(0).default(0.01) }),
]);

const rate = z.number().positive().default(1e-3);
/** In epochs. */
const warmUp = z.number().min(0).default(0);
const schedule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), rate, warmUp }),
  z.strictObject({ kind: z.literal('cosine'), rate, final: z.number().min(0).default(0), warmUp }),
]);

const fields = z.strictObject({
  /** For editors: where docs/recipe.schema.json is. */
  $schema: z.string().optional(),
  name: z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/),
  about: z.string().optional(),
  input: z.strictObject({
    /** Of one row: [784], [1, 28, 28], [3, 64, 64], or for words [size of the vocabulary]. */
    shape: z.array(count).min(1).max(3),
    /** `pixels`: bytes as 0…1. `words`: log(1 + count), scaled to the length 8. */
    values: z.enum(['pixels', 'words']).default('pixels'),
  }),
  encoder: z.array(layerSchema).min(1),
  /** `mirror`: the encoder backwards, with weights of its own; `tied`: with the encoder's weights, transposed. */
  decoder: z.union([z.enum(['mirror', 'tied']), z.array(layerSchema).min(1)]).default('mirror'),
  /** What the decoder's values go through. */
  output: z.enum(['identity', 'sigmoid', 'softmax']).default('sigmoid'),
  /** The encoder gives bits beside the code: is it above what its activation makes of 0 (0.5 behind a sigmoid)? */
  bits: z.boolean().default(false),
  loss: z
    .array(z.discriminatedUnion('kind', LOSSES))
    .min(1)
    .default([{ kind: 'mse', reduction: 'mean', weight: 1, warmUp: 0 }]),
  optimizer: optimizer.prefault({ kind: 'adam' }),
  schedule: schedule.prefault({ kind: 'constant' }),
  /** Gradients are scaled down to this length together. */
  clipNorm: z.number().positive().optional(),
  batch: count.default(64),
  epochs: count.default(20),
  seed: z.int().min(0).max(0xffffffff).default(1234),
  validation: z
    .strictObject({
      /** Of the training rows; they are not trained on. */
      share: share.default(0),
      /** Epochs without improvement after which training stops, with the best parameters. */
      patience: count.optional(),
    })
    .prefault({}),
  /** Greedy layer-wise training of a dense encoder before all of it is trained (Bengio et al. 2007). */
  pretraining: z.strictObject({ epochs: count, rate: z.number().positive().optional() }).optional(),
});

/** A recipe with all defaults filled in. */
export type Recipe = z.output<typeof fields>;
/** A recipe as it may be written: what has a default may be left out. */
export type RecipeInput = z.input<typeof fields>;
export type LossSpec = Recipe['loss'][number];

type Refuse = (path: readonly (string | number)[], message: string) => void;

export const recipeSchema = fields.superRefine((recipe, context) => {
  const refuse: Refuse = (path, message) => context.addIssue({ code: 'custom', path: [...path], message });
  refuseLosses(recipe, refuse);
  recipe.loss.forEach((spec, i) => {
    refuseLoss(spec, recipe, (message) => refuse(['loss', i], message));
  });
  if (recipe.validation.patience !== undefined && recipe.validation.share === 0)
    refuse(['validation', 'patience'], 'early stopping needs a validation share above 0');
});

/** True for the losses that compare a row with its reconstruction. */
export function isReconstruction(kind: LossSpec['kind']): boolean {
  return kind === 'mse' || kind === 'bce' || kind === 'multinomial' || kind === 'cosine';
}

function refuseLosses({ loss }: Recipe, refuse: Refuse): void {
  if (!loss.some(({ kind, weight }) => isReconstruction(kind) && weight > 0))
    refuse(
      ['loss'],
      'expected one of mse, bce, multinomial and cosine with a weight above 0: the decoder learns from it',
    );
  const kinds = loss.map(({ kind }) => kind);
  kinds.forEach((kind, i) => {
    if (kinds.indexOf(kind) < i) refuse(['loss', i], `${kind} is there already; give that one another weight`);
  });
}

/** What a loss asks of the rest of the recipe. */
function refuseLoss({ kind }: LossSpec, { encoder, input, output }: Recipe, refuse: (message: string) => void): void {
  if (kind === 'bce' && output !== 'sigmoid')
    refuse(`bce compares probabilities: expected "output": "sigmoid" but received "${output}"`);
  if ((kind === 'bce' || kind === 'mse') && output === 'sigmoid' && input.values === 'words')
    refuse(`a sigmoid gives 0…1 and values of words go beyond: use multinomial with "output": "softmax"`);
  if (kind === 'multinomial' && output !== 'softmax')
    refuse(`multinomial compares distributions: expected "output": "softmax" but received "${output}"`);
  if (kind === 'kl' && encoder.at(-1)?.kind !== 'gaussian')
    refuse('kl asks for an encoder that ends with a gaussian layer');
  if (kind === 'infoNce' && !encoder.some((layer) => isCorruption(layer.kind) || layer.kind === 'gaussian'))
    refuse('infoNce compares two noisy views of a row: expected mask, noise or dropout in the encoder');
  const stranger = encoder.find((layer) => !DIFFERENTIABLE_TWICE.has(layer.kind));
  if (kind === 'contractive' && stranger !== undefined)
    refuse(`contractive takes the gradient of a gradient, which ${stranger.kind} has none of`);
}

const DIFFERENTIABLE_TWICE: ReadonlySet<LayerKind> = new Set([
  'dense',
  'conv2d',
  'convTranspose2d',
  'activation',
  'flatten',
  'reshape',
  'mask',
  'noise',
  'dropout',
]);

/**
 * Checks a recipe and fills its defaults in. Whether the shapes of its layers fit is found when the network is built.
 *
 * @param where what to call it in a message: a file's path
 * @throws SandglassError RECIPE_INVALID with a sentence for each mistake
 */
export function parseRecipe(value: unknown, where = 'the recipe'): Recipe {
  const { success, data, error } = recipeSchema.safeParse(value, { reportInput: true });
  if (success) return data;
  const sentences = sentencesOf(error.issues);
  throw new SandglassError(
    'RECIPE_INVALID',
    `${where} has ${sentences.length === 1 ? 'a mistake' : `${sentences.length} mistakes`}: ${sentences.join('; ')}.`,
  );
}
