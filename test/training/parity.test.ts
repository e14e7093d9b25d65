// The same losses as PyTorch's from the same weights, pictures and masks; see scripts/fixtures/torch-parity.py.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { conv2d, convTranspose2d } from '../../src/training/graph/convolution.ts';
import { mul, relu, sigmoid } from '../../src/training/graph/elementwise.ts';
import type { Tensor } from '../../src/training/graph/graph.ts';
import { gemm } from '../../src/training/graph/linear.ts';
import { maxPool2d } from '../../src/training/graph/pooling.ts';
import { cast, gather, reshape } from '../../src/training/graph/shaping.ts';
import { zeros } from '../../src/training/initialisation.ts';
import { meanSquaredError } from '../../src/training/losses.ts';
import { defineProgram, type InputDescription } from '../../src/training/program.ts';
import type { Parameter } from '../../src/training/state.ts';
import { runTraining } from '../../src/training/trainer.ts';

const BATCH = 64;
const ROWS = 640;
const SIDE = 28;
const PIXELS = SIDE * SIDE;
const KEPT_OF_256 = 192;
const SEEDS = { pictures: 1, noise: 3, mask: 9 };

type Losses = Readonly<Record<'float32' | 'float64', readonly number[]>>;
const TORCH = JSON.parse(readFileSync(new URL('./parity.json', import.meta.url), 'utf8')) as Readonly<
  Record<'dense' | 'masked' | 'convolutional', Losses>
>;

const { imul } = Math; // a look-up of Math is slow in a test's realm

/** 32 random bits for each of 0 … count − 1, as the script of the fixture draws them. */
function bits(seed: number, count: number): Uint32Array {
  const begin = imul(seed, 0x85ebca6b);
  const numbers = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    let x = (imul(i, 0x9e3779b9) + begin) | 0;
    x = imul(x ^ (x >>> 16), 0x21f0aaad);
    x = imul(x ^ (x >>> 15), 0x735a2d97);
    numbers[i] = x ^ (x >>> 15);
  }
  return numbers;
}

/** Three soft discs and noise a picture, in whole numbers. */
function drawPictures(): Uint8Array {
  const discs = bits(SEEDS.pictures, ROWS * 9);
  const noise = bits(SEEDS.noise, ROWS * PIXELS);
  const pictures = new Uint8Array(ROWS * PIXELS);
  for (let place = 0; place < pictures.length; place++) {
    const row = Math.floor(place / PIXELS);
    const y = Math.floor((place % PIXELS) / SIDE);
    const x = place % SIDE;
    let light = 0;
    for (let disc = row * 9; disc < row * 9 + 9; disc += 3) {
      const distance = (y - 4 - (discs[disc]! % 20)) ** 2 + (x - 4 - (discs[disc + 1]! % 20)) ** 2;
      light = Math.max(light, 255 - Math.floor((255 * distance) / (9 + (discs[disc + 2]! % 40))));
    }
    pictures[place] = Math.floor((light * 3) / 4) + (noise[place]! & 63);
  }
  return pictures;
}

interface Layer {
  readonly weights: readonly number[];
  readonly bias: number;
  /** Places of the input that reach one of the output. */
  readonly fanIn: number;
}

/** Parameters `0`, `1` … : weights and bias of each layer in turn, between ±1 / √(fan in). */
function drawParameters(layers: readonly Layer[], seed: number): Parameter[] {
  const draw = (number: number, shape: readonly number[], fanIn: number) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const data = new Float32Array(count);
    bits(seed + number, count).forEach((value, i) => {
      data[i] = ((2 * (value >>> 8)) / 2 ** 24 - 1) / Math.sqrt(fanIn);
    });
    return { name: `${number}`, shape, data };
  };
  return layers.flatMap(({ weights, bias, fanIn }, k) => [draw(2 * k, weights, fanIn), draw(2 * k + 1, [bias], fanIn)]);
}

type Weights = Readonly<Record<string, Tensor>>;
interface Network {
  readonly seed: number;
  readonly layers: readonly Layer[];
  restore(x: Tensor, weights: Weights): Tensor;
}

const WIDTHS = [784, 256, 128, 64, 16, 64, 128, 256, 784];
const DENSE: Network = {
  seed: 300,
  layers: WIDTHS.slice(1).map((out, i) => ({ weights: [WIDTHS[i]!, out], bias: out, fanIn: WIDTHS[i]! })),
  restore(x, weights) {
    let values = x;
    for (let i = 0; i < 8; i++) {
      values = gemm(values, weights[2 * i]!, { bias: weights[2 * i + 1]! });
      if (i !== 3 && i !== 7) values = relu(values);
    }
    return sigmoid(values);
  },
};
const CONVOLUTIONAL: Network = {
  seed: 700,
  layers: [
    { weights: [16, 1, 3, 3], bias: 16, fanIn: 9 },
    { weights: [32, 16, 3, 3], bias: 32, fanIn: 144 },
    { weights: [1568, 64], bias: 64, fanIn: 1568 },
    { weights: [64, 1568], bias: 1568, fanIn: 64 },
    { weights: [32, 16, 2, 2], bias: 16, fanIn: 32 },
    { weights: [16, 1, 2, 2], bias: 1, fanIn: 16 },
  ],
  restore(x, weights) {
    const layer = (k: number) => [weights[2 * k]!, { bias: weights[2 * k + 1]! }] as const;
    const up = { stride: 2 };
    const [conv1, bias1] = layer(0);
    let maps = maxPool2d(relu(conv2d(reshape(x, [BATCH, 1, SIDE, SIDE]), conv1, { ...bias1, padding: 1 })), {
      kernel: 2,
    }).pooled;
    const [conv2, bias2] = layer(1);
    maps = maxPool2d(relu(conv2d(maps, conv2, { ...bias2, padding: 1 })), { kernel: 2 }).pooled;
    const code = gemm(reshape(maps, [BATCH, 1568]), ...layer(2));
    maps = reshape(relu(gemm(code, ...layer(3))), [BATCH, 32, 7, 7]);
    const [up1, upBias1] = layer(4);
    const [up2, upBias2] = layer(5);
    maps = relu(convTranspose2d(maps, up1, { ...upBias1, ...up }));
    return reshape(sigmoid(convTranspose2d(maps, up2, { ...upBias2, ...up })), [BATCH, PIXELS]);
  },
};

const pictures = drawPictures();

async function train({ seed, layers, restore }: Network, steps: number, masked = false): Promise<Float32Array> {
  const start = drawParameters(layers, seed);
  const streamed: Record<string, InputDescription> = { rows: { type: 'int64', shape: [BATCH] } };
  if (masked) streamed.mask = { type: 'uint8', shape: [BATCH, PIXELS] };
  const program = defineProgram({
    name: 'parity',
    parameters: Object.fromEntries(start.map(({ name, shape }) => [name, { shape, initial: zeros }])),
    resident: { pictures: { type: 'uint8', shape: [ROWS, PIXELS] } },
    streamed,
    loss({ parameters, resident, streamed: { rows, mask } }) {
      const clean = mul(cast(gather(resident.pictures, rows!), 'float32'), 1 / 255);
      const seen = mask === undefined ? clean : mul(clean, cast(mask, 'float32'));
      return { loss: meanSquaredError(restore(seen, parameters), clean) };
    },
  });
  const ofStep = BATCH * PIXELS;
  const mask = new Uint8Array(masked ? steps * ofStep : 0);
  if (masked) {
    bits(SEEDS.mask, mask.length).forEach((value, i) => {
      mask[i] = Number((value & 255) < KEPT_OF_256);
    });
  }
  const chunk = (first: number, count: number) => ({
    rows: {
      data: BigInt64Array.from({ length: count * BATCH }, (_, i) => BigInt((first * BATCH + i) % ROWS)),
      shape: [count, BATCH],
    },
    mask: { data: mask.subarray(first * ofStep, (first + count) * ofStep), shape: [count, BATCH, PIXELS] },
  });
  const { losses } = await runTraining(program, chunk, {
    steps,
    schedule: { kind: 'constant', rate: 1e-3 },
    seed: 1,
    start,
    resident: { pictures: { data: pictures, shape: [ROWS, PIXELS] } },
    device: 'cpu',
  });
  return losses;
}

/** The most of |loss / reference − 1|. */
function distance(losses: Iterable<number>, reference: readonly number[]): number {
  return Math.max(...Array.from(losses, (loss, step) => Math.abs(loss / reference[step]! - 1)));
}

describe.each([
  { name: 'dense', what: 'of dense layers', network: DENSE, steps: 100 },
  { name: 'masked', what: 'of dense layers on given masks', network: DENSE, steps: 50 },
  { name: 'convolutional', what: 'of convolutions', network: CONVOLUTIONAL, steps: 50 },
] as const)('an auto-encoder $what', ({ name, network, steps }) => {
  it(`has PyTorch's losses within 1e-4 over ${steps} steps`, async () => {
    const losses = await train(network, steps, name === 'masked');
    expect(distance(losses, TORCH[name].float32)).toBeLessThan(1e-4);
  });
});

describe('an auto-encoder of dense layers over 200 steps', () => {
  it("is no farther from float64 than twice as far as PyTorch's float32", async () => {
    const { float32, float64 } = TORCH.dense;
    const losses = await train(DENSE, float64.length);
    expect(distance(losses, float64)).toBeLessThan(2 * distance(float32, float64));
  });
});
