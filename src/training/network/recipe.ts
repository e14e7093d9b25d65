// A recipe as data: the network, its losses and how it is trained, in JSON that a user can write. Checked here.
import { z } from 'zod';
import { SandglassError } from '../../errors.ts';

const count = z.int().min(1);
const share = z.number().min(0).lt(1);
const size2 = z.union([count, z.tuple([count, count])]);
const padding2 = z.union([z.int().min(0), z.tuple([z.int().min(0), z.int().min(0)])]);

export const ACTIVATIONS = ['identity', 'relu', 'leakyRelu', 'sigmoid', 'tanh', 'softplus'] as const;
const activation = z.enum(ACTIVATIONS).default('identity');

/** How weights start, as PyTorch defines it: `uniform` is what its Linear and Conv2d do, ±1/√(inputs of a unit). */
const INITIALS = ['heNormal', 'heUniform', 'glorotNormal', 'glorotUniform', 'uniform'] as const;
/** @default He's normal before a ReLU, Glorot's uniform before anything else; biases start at 0 */
const initial = z.enum(INITIALS).optional();

const window = {
  kernel: size2,
  padding: padding2.default(0),
  dilation: size2.default(1),
};
const convolution = {
  filters: count,
  ...window,
  stride: size2.default(1),
  groups: count.default(1),
  bias: z.boolean().default(true),
  activation,
  initial,
};

const LAYERS = [
  // layers with weights
  z.strictObject({
    kind: z.literal('dense'),
    units: count,
    bias: z.boolean().default(true),
    activation,
    initial,
  }),
  z.strictObject({ kind: z.literal('conv2d'), ...convolution }),
  z.strictObject({ kind: z.literal('convTranspose2d'), ...convolution, outputPadding: padding2.default(0) }),
  /** The mean and the spread of a code, and in training one drawn from them (Kingma & Welling 2014). */
  z.strictObject({ kind: z.literal('gaussian'), units: count }),
  z.strictObject({ kind: z.literal('layerNorm'), epsilon: z.number().positive().default(1e-5) }),
  z.strictObject({
    kind: z.literal('batchNorm'),
    epsilon: z.number().positive().default(1e-5),
    /** Weight of a step's statistics in the running ones. */
    momentum: z.number().gt(0).max(1).default(0.1),
  }),
  // layers that move values
  z.strictObject({
    kind: z.literal('maxPool2d'),
    ...window,
    /** @default the kernel */
    stride: size2.optional(),
    /** By which an unpooling layer finds it. */
    name: z.string().min(1).optional(),
  }),
  /** Puts values back where the pooling layer of that name found its maxima. */
  z.strictObject({ kind: z.literal('unpool2d'), of: z.string().min(1) }),
  z.strictObject({ kind: z.literal('upsample'), factor: count.default(2) }),
  z.strictObject({ kind: z.literal('flatten') }),
  z.strictObject({ kind: z.literal('reshape'), shape: z.array(count).min(1).max(3) }),
  z.strictObject({ kind: z.literal('activation'), activation: z.enum(ACTIVATIONS) }),
  // layers that are there in training only
  /** Sets each value to 0 with a probability (masking noise, Vincent et al. 2010). */
  z.strictObject({ kind: z.literal('mask'), probability: share }),
  /** Adds independent normal noise. */
  z.strictObject({ kind: z.literal('noise'), deviation: z.number().min(0) }),
  /** Masks, and divides what is left by 1 − probability. */
  z.strictObject({ kind: z.literal('dropout'), probability: share }),
] as const;
const layer = z.discriminatedUnion('kind', LAYERS);

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

export const recipeSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/),
    about: z.string().optional(),
    input: z.strictObject({
      /** Of one row: [784], [1, 28, 28], [3, 64, 64], or for words [size of the vocabulary]. */
      shape: z.array(count).min(1).max(3),
      /** `pixels`: bytes as 0…1. `words`: log(1 + count), scaled to the length 8. */
      values: z.enum(['pixels', 'words']).default('pixels'),
    }),
    encoder: z.array(layer).min(1),
    /** `mirror`: the encoder backwards, with weights of its own; `tied`: with the encoder's weights, transposed. */
    decoder: z.union([z.enum(['mirror', 'tied']), z.array(layer).min(1)]).default('mirror'),
    /** What the decoder's values go through. */
    output: z.enum(['identity', 'sigmoid', 'softmax']).default('sigmoid'),
    /** The encoder gives bits beside the code: is it above 0.5 (behind a sigmoid), above 0 (else)? */
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
  })
  .superRefine((recipe, context) => {
    const refuse = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    recipe.loss.forEach(({ kind }, i) => {
      if (kind === 'bce' && recipe.output !== 'sigmoid')
        refuse(['loss', i], `bce compares probabilities: expected "output": "sigmoid" but received "${recipe.output}"`);
      if (kind === 'multinomial' && recipe.output !== 'softmax')
        refuse(
          ['loss', i],
          `multinomial compares distributions: expected "output": "softmax" but received "${recipe.output}"`,
        );
      if (kind === 'kl' && recipe.encoder.at(-1)?.kind !== 'gaussian')
        refuse(['loss', i], 'kl asks for an encoder that ends with a gaussian layer');
    });
    if (recipe.loss.every(({ weight }) => weight === 0))
      refuse(['loss'], 'expected at least one term with a weight above 0');
    if (recipe.validation.patience !== undefined && recipe.validation.share === 0)
      refuse(['validation', 'patience'], 'early stopping needs a validation share above 0');
  });

/** A recipe with all defaults filled in. */
export type Recipe = z.output<typeof recipeSchema>;
/** A recipe as it may be written: what has a default may be left out. */
export type RecipeInput = z.input<typeof recipeSchema>;
export type LayerSpec = z.output<typeof layer>;
export type LayerKind = LayerSpec['kind'];
export type LayerOf<Kind extends LayerKind> = Extract<LayerSpec, { kind: Kind }>;
export type LossSpec = Recipe['loss'][number];
export type ActivationName = (typeof ACTIVATIONS)[number];
export type InitialName = (typeof INITIALS)[number];

/**
 * Checks a recipe and fills its defaults in. Whether the shapes of its layers fit is found when the network is built.
 *
 * @param where what to call it in a message: a file's path
 * @throws SandglassError RECIPE_INVALID with a sentence for each mistake
 */
export function parseRecipe(value: unknown, where = 'the recipe'): Recipe {
  const { success, data, error } = recipeSchema.safeParse(value, { reportInput: true });
  if (success) return data;
  const sentences = error.issues.flatMap((issue) => explain(issue));
  throw new SandglassError(
    'RECIPE_INVALID',
    `${where} has ${sentences.length === 1 ? 'a mistake' : `${sentences.length} mistakes`}: ${sentences.join('; ')}.`,
  );
}

function explain(issue: z.core.$ZodIssue): string[] {
  const place = issue.path.reduce<string>(
    (path, part) =>
      typeof part === 'number' ? `${path}[${part}]` : path === '' ? String(part) : `${path}.${String(part)}`,
    '',
  );
  const at = place === '' ? '' : ` for ${place}`;
  const received = issue.input === undefined ? 'nothing' : JSON.stringify(issue.input)?.slice(0, 80);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => `${place === '' ? '' : `${place} has `}"${key}", which is not known`);
    case 'invalid_type':
      return [`expected ${article(issue.expected)}${at} but received ${received}`];
    case 'invalid_value':
      return [`expected ${list(issue.values.map((value) => `"${String(value)}"`))}${at} but received ${received}`];
    case 'too_small':
      return [
        `expected ${sized(issue.origin)}${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${at} but received ${received}`,
      ];
    case 'too_big':
      return [
        `expected ${sized(issue.origin)}${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${at} but received ${received}`,
      ];
    case 'invalid_union':
      return explainUnion(issue, place, received);
    case 'invalid_format':
      return [`expected small letters, digits and hyphens${at} but received ${received}`];
    case 'custom':
      return [`${place}: ${issue.message}`];
    default:
      return [`${issue.message}${at}`];
  }
}

/** A kind that does not exist, or a value that is none of several sorts. */
function explainUnion(issue: z.core.$ZodIssueInvalidUnion, place: string, received: string | undefined): string[] {
  const kinds = KINDS.find(([pattern]) => pattern.test(place))?.[1];
  if (kinds !== undefined) {
    const kind = (issue.input as { kind?: unknown } | undefined)?.kind;
    return [
      `expected a kind (${list(kinds)}) for ${place} but received ${kind === undefined ? received : JSON.stringify(kind)}`,
    ];
  }
  if (place === 'decoder')
    return [`expected "mirror", "tied" or a list of layers for decoder but received ${received}`];
  return [`expected a whole number or a pair of them for ${place} but received ${received}`];
}

const kindsOf = (options: readonly { shape: { kind: { value: string } } }[]) =>
  options.map(({ shape }) => shape.kind.value);
const KINDS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(encoder|decoder)\[\d+\](\.kind)?$/, kindsOf(LAYERS)],
  [/^loss\[\d+\](\.kind)?$/, kindsOf(LOSSES)],
  [/^optimizer(\.kind)?$/, kindsOf(optimizer.options)],
  [/^schedule(\.kind)?$/, kindsOf(schedule.options)],
];

function article(type: string): string {
  if (type === 'int') return 'a whole number';
  return `${/^[aeio]/.test(type) ? 'an' : 'a'} ${type}`;
}

function sized(origin: string): string {
  return origin === 'array' ? 'a list with a length of ' : '';
}

function list(values: readonly string[]): string {
  return values.length === 1 ? values[0]! : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}
