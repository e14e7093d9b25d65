// The layers of a network as data: what a user may write for each of them.
import { z } from 'zod';

export const count = z.int().min(1);
export const share = z.number().min(0).lt(1);
/** One number for both directions, or [height, width]. */
const size2 = z.union([count, z.tuple([count, count])]);
const padding2 = z.union([z.int().min(0), z.tuple([z.int().min(0), z.int().min(0)])]);

const ACTIVATIONS = ['identity', 'relu', 'leakyRelu', 'sigmoid', 'tanh', 'softplus'] as const;
const activation = z.enum(ACTIVATIONS).default('identity');

/** How weights start, as PyTorch defines it: `uniform` is what its Linear and Conv2d do, ±1/√(inputs of a unit). */
const INITIALS = ['heNormal', 'heUniform', 'glorotNormal', 'glorotUniform', 'uniform'] as const;
/** @default He’s normal before a ReLU, Glorot’s uniform before anything else; biases start at 0 */
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
export const layerSchema = z.discriminatedUnion('kind', LAYERS);

/** A layer with all defaults filled in. */
export type LayerSpec = z.output<typeof layerSchema>;
export type LayerKind = LayerSpec['kind'];
export type LayerOf<Kind extends LayerKind> = Extract<LayerSpec, { kind: Kind }>;
export type ActivationName = (typeof ACTIVATIONS)[number];
export type InitialName = (typeof INITIALS)[number];

/** Layers that are there in training only, and change what passes. */
export function isCorruption(kind: LayerKind): kind is 'mask' | 'noise' | 'dropout' {
  return kind === 'mask' || kind === 'noise' || kind === 'dropout';
}
