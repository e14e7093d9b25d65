// Networks built from recipes: what does not fit is said with the layer and both shapes; mirrors and tied weights.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SandglassError } from '../../../src/errors.ts';
import { buildNetwork } from '../../../src/training/network/network.ts';
import { parseRecipe, type RecipeInput } from '../../../src/training/network/recipe.ts';
import { namedRecipe, RECIPE_NAMES } from '../../../src/training/recipes/auto-encoders.ts';

type Spec = Pick<RecipeInput, 'encoder'> & Partial<RecipeInput>;

function build(shape: number[], spec: Spec) {
  return buildNetwork(parseRecipe({ name: 'mine', input: { shape }, ...spec }));
}

function messageOf(shape: number[], spec: Spec): string {
  try {
    build(shape, spec);
  } catch (thrown) {
    if (thrown instanceof SandglassError && thrown.code === 'GRAPH_SHAPE') return thrown.message;
    throw thrown;
  }
  throw new Error('Expected the network to be refused');
}

/** `kind [shape]` of each layer. */
function shapesOf(layers: ReturnType<typeof buildNetwork>['decoder']): string[] {
  return layers.map(({ kind, output }) => `${kind} [${output.join(', ')}]`);
}

const CONV = { kind: 'conv2d', filters: 4, kernel: 3 } as const;

describe('a network whose layers do not fit', () => {
  it.each<[what: string, shape: number[], spec: Spec, ...parts: string[]]>([
    [
      'a convolution of flat rows',
      [16],
      { encoder: [CONV] },
      "conv2d of layer 'encoder.0'",
      'expected pictures [channels, height, width]',
      '[16]',
    ],
    [
      'a dense layer of pictures',
      [1, 4, 4],
      { encoder: [{ kind: 'dense', units: 2 }] },
      "dense of layer 'encoder.0'",
      'expected rows with one axis but the layer before it gives [1, 4, 4]; put {"kind": "flatten"} between',
    ],
    [
      'a gaussian code of pictures',
      [1, 4, 4],
      { encoder: [{ kind: 'gaussian', units: 2 }] },
      "gaussian of layer 'encoder.0'",
      '[1, 4, 4]',
    ],
    [
      'a kernel larger than the picture',
      [1, 4, 4],
      { encoder: [{ ...CONV, kernel: 3, dilation: 2 }] },
      "conv2d of layer 'encoder.0'",
      'a kernel of [5, 5] (its dilation included) with padding [0, 0] leaves nothing of [4, 4]',
    ],
    [
      'groups that do not divide the channels',
      [3, 8, 8],
      { encoder: [{ ...CONV, groups: 2 }] },
      'expected groups that divide 3 channels and 4 filters but received 2',
    ],
    [
      'an output padding as large as the stride',
      [4, 4, 4],
      { encoder: [{ kind: 'convTranspose2d', filters: 2, kernel: 2, stride: 2, outputPadding: 2 }] },
      "convTranspose2d of layer 'encoder.0'",
      'expected an output padding smaller than the stride [2, 2] or the dilation [1, 1] but received [2, 2]',
    ],
    [
      'a padding of more than half a pooling window',
      [1, 4, 4],
      { encoder: [{ kind: 'maxPool2d', kernel: 2, padding: 2, name: 'a' }] },
      "maxPool2d of layer 'encoder.0'",
      'at most half the kernel [2, 2] but received [2, 2]',
    ],
    [
      'a pooling window larger than the picture',
      [1, 4, 4],
      { encoder: [{ kind: 'maxPool2d', kernel: 5 }] },
      'a window of [5, 5] does not fit into [1, 4, 4]',
    ],
    [
      'two pooling layers of one name',
      [1, 8, 8],
      {
        encoder: [
          { kind: 'maxPool2d', kernel: 2, name: 'a' },
          { kind: 'maxPool2d', kernel: 2, name: 'a' },
        ],
      },
      "maxPool2d of layer 'encoder.1'",
      'an earlier pooling layer has the name "a" already',
    ],
    [
      'an unpooling layer of an unknown name',
      [1, 4, 4],
      { encoder: [{ kind: 'maxPool2d', kernel: 2, name: 'a' }], decoder: [{ kind: 'unpool2d', of: 'b' }] },
      "unpool2d of layer 'decoder.0'",
      'expected a maxPool2d layer with the name "b" in the encoder',
    ],
    [
      'an unpooling layer of another shape',
      [1, 8, 8],
      {
        encoder: [{ kind: 'maxPool2d', kernel: 2, name: 'a' }],
        decoder: [
          { kind: 'upsample', factor: 2 },
          { kind: 'unpool2d', of: 'a' },
        ],
      },
      'the pooling layer "a" gave [1, 4, 4] but the layer before this one gives [1, 8, 8]',
    ],
    [
      'a reshape to another number of values',
      [16],
      { encoder: [{ kind: 'reshape', shape: [1, 4, 5] }] },
      "reshape of layer 'encoder.0'",
      'expected 20 values for [1, 4, 5] but the layer before it gives [16]',
    ],
    [
      'a decoder that ends with another shape',
      [16],
      { encoder: [{ kind: 'dense', units: 2 }], decoder: [{ kind: 'dense', units: 15 }] },
      "dense of layer 'decoder.0'",
      'the decoder ends with [15] but the input is [16]',
    ],
    [
      'pooling of an odd side that repeated pixels cannot undo',
      [1, 7, 7],
      { encoder: [{ kind: 'maxPool2d', kernel: 2 }] },
      "maxPool2d of layer 'encoder.0'",
      'takes [1, 7, 7] but upsample in its place of the mirrored decoder gives [1, 6, 6]',
      'give the pooling layer a "name"',
    ],
    [
      'an encoder without a layer to mirror',
      [16],
      { encoder: [{ kind: 'mask', probability: 0.5 }] },
      'the encoder has no layer that a mirrored decoder could undo',
    ],
    [
      'a gaussian code with tied weights',
      [16],
      { encoder: [{ kind: 'gaussian', units: 2 }], decoder: 'tied' },
      "gaussian of layer 'encoder.0'",
      'has no weights that a tied decoder could use',
    ],
  ])('is told of %s', (_, shape, spec, ...parts) => {
    const message = messageOf(shape, spec);
    for (const part of parts) expect(message).toContain(part);
  });
});

describe('a mirrored decoder', () => {
  it('undoes dense layers with the activation that stood before them', () => {
    const { decoder, code } = build([16], {
      encoder: [
        { kind: 'mask', probability: 0.1 },
        { kind: 'dense', units: 8, activation: 'relu' },
        { kind: 'batchNorm' },
        { kind: 'dense', units: 2, activation: 'tanh' },
      ],
    });
    expect(code).toEqual([2]);
    expect(shapesOf(decoder)).toEqual(['dense [8]', 'dense [16]']);
  });

  it('adds the lines a stride passed over: 28 × 28 through Conv2d(1→4, k2, s2, p1) and back', () => {
    const { code, decoder } = build([1, 28, 28], {
      encoder: [{ kind: 'conv2d', filters: 4, kernel: 2, stride: 2, padding: 1 }],
    });
    expect(code).toEqual([4, 15, 15]);
    expect(shapesOf(decoder)).toEqual(['convTranspose2d [1, 28, 28]']);
  });

  it.each([5, 6, 7, 8, 9])('gives back %i × 11 pixels whatever the stride leaves over', (side) => {
    const { decoder } = build([2, side, 11], {
      encoder: [{ kind: 'conv2d', filters: 4, kernel: [3, 2], stride: [2, 3], padding: [1, 0], dilation: [1, 2] }],
    });
    expect(decoder.at(-1)!.output).toEqual([2, side, 11]);
  });

  it('follows o = ⌊(h + 2p − d(k − 1) − 1) / s⌋ + 1 there and h = (o − 1)s + d(k − 1) + 1 − 2p + output padding back', () => {
    const whole = (min: number, max: number) => fc.integer({ min, max });
    const sizes = fc.record({ h: whole(1, 40), k: whole(1, 5), s: whole(1, 4), p: whole(0, 3), d: whole(1, 3) });
    fc.assert(
      fc.property(sizes, ({ h, k, s, p, d }) => {
        const o = Math.floor((h + 2 * p - d * (k - 1) - 1) / s) + 1;
        fc.pre(o >= 1);
        const { code, decoder } = build([1, h, h], {
          encoder: [{ kind: 'conv2d', filters: 2, kernel: k, stride: s, padding: p, dilation: d }],
        });
        const added = h - ((o - 1) * s + d * (k - 1) + 1 - 2 * p);
        expect(code).toEqual([2, o, o]);
        expect(decoder[0]!.output).toEqual([1, h, h]);
        expect(added >= 0 && added < s).toBe(true);
      }),
    );
  });

  it('undoes a transposed convolution by a convolution', () => {
    const { decoder } = build([2, 5, 5], {
      encoder: [{ kind: 'convTranspose2d', filters: 4, kernel: 3, stride: 2, padding: 1, outputPadding: 1 }],
    });
    expect(shapesOf(decoder)).toEqual(['conv2d [2, 5, 5]']);
  });

  it('unpools where pooling has a name and repeats pixels where it has none', () => {
    const { decoder } = build([1, 8, 8], {
      encoder: [{ kind: 'maxPool2d', kernel: 2, name: 'a' }, { kind: 'maxPool2d', kernel: 2 }, { kind: 'flatten' }],
    });
    expect(shapesOf(decoder)).toEqual(['reshape [1, 2, 2]', 'upsample [1, 4, 4]', 'unpool2d [1, 8, 8]']);
  });
});

describe('tied weights', () => {
  it('leave the decoder its biases only', () => {
    const { parameters } = build([1, 8, 8], {
      encoder: [{ ...CONV, stride: 2 }, { kind: 'flatten' }, { kind: 'dense', units: 3 }],
      decoder: 'tied',
    });
    expect(Object.keys(parameters)).toEqual([
      'encoder.0.weight',
      'encoder.0.bias',
      'encoder.2.weight',
      'encoder.2.bias',
      'decoder.0.bias',
      'decoder.2.bias',
    ]);
  });
});

describe('the named recipe', () => {
  it.each(RECIPE_NAMES)('%s builds', (name) => {
    const recipe = namedRecipe(name)!;
    const { decoder, input } = buildNetwork(recipe);
    expect(decoder.at(-1)!.output).toEqual(input);
  });
});
