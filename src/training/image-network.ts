// The network of the recipe for pictures: its training program and its files.
import { addGaussianNoise } from './corruption.ts';
import { exportModel } from './export.ts';
import { conv2d, convTranspose2d } from './graph/convolution.ts';
import { mul, relu, sigmoid, sub } from './graph/elementwise.ts';
import type { Tensor } from './graph/graph.ts';
import { gemm } from './graph/linear.ts';
import { averagePool, upsampleNearest } from './graph/pooling.ts';
import { readInitializers } from './graph/read-initializers.ts';
import { type Shape, sameShape, showShape } from './graph/shape.ts';
import { cast, concat, gather, reshape, slice } from './graph/shaping.ts';
import { l2Normalise } from './graph/softmax.ts';
import { corruptionInputs, corruptPictures } from './image-corruption.ts';
import { heNormal, uniform } from './initialisation.ts';
import { infoNce, meanSquaredError, weightedSum } from './losses.ts';
import { defineProgram, type ParameterDescription, type Program } from './program.ts';
import type { Parameter } from './state.ts';
import { straightThroughSign } from './straight-through.ts';

export const THUMBNAIL_SIDE = 64;

/** The largest byte. */
const WHITE = 255;

/** What the network is made of; explained at ImageRecipeOptions. */
export interface ImageNetwork {
  readonly side: number;
  readonly channels: readonly number[];
  readonly decoderChannels: readonly number[];
  readonly codeSize: number;
}

/** How it is trained. */
export interface ImageTraining extends ImageNetwork {
  readonly copies: number;
  readonly decodedPictures: number;
  readonly codeNoise: number;
  readonly reconstructionWeight: number;
  readonly agreementWeight: number;
  readonly signWeight: number;
  readonly temperature: number;
}

type Weights = Readonly<Record<string, Tensor>>;

/** The training program of `rows` thumbnails in batches of pictures, each with its corrupted copies. */
export function defineImageProgram(rows: number, batchSize: number, settings: ImageTraining): Program {
  const { copies, side } = settings;
  const decoded = Math.min(settings.decodedPictures, batchSize);
  return defineProgram({
    name: 'image-training',
    parameters: describeParameters(settings),
    resident: { thumbnails: { type: 'uint8', shape: [rows, 3, THUMBNAIL_SIDE, THUMBNAIL_SIDE] } },
    streamed: {
      rows: { type: 'int64', shape: [batchSize] },
      others: { type: 'int64', shape: [copies * batchSize] },
      ...corruptionInputs(copies * batchSize),
    },
    loss: ({ parameters, resident, streamed, noise }) => {
      const thumbnails = cast(gather(resident.thumbnails, streamed.rows), 'float32');
      const clean = mul(reduced(thumbnails, side), 1 / WHITE);
      const sources = copies === 1 ? thumbnails : concat(new Array(copies).fill(thumbnails), 0);
      const corrupted = corruptPictures(noise, sources, gather(clean, streamed.others), streamed, WHITE);
      // All through the encoder at once: one large product is faster than several.
      const codes = encode(concat([corrupted, clean], 0), parameters, settings);
      const part = (i: number) => slice(codes, 0, i * batchSize, (i + 1) * batchSize);
      const agreement = agreementOf(
        Array.from({ length: copies }, (_, i) => part(i)),
        part(copies),
        settings,
      );
      const signAgreement = agreementOf(
        Array.from({ length: copies }, (_, i) => straightThroughSign(part(i))),
        straightThroughSign(part(copies)),
        settings,
      );
      const reconstruction = meanSquaredError(
        decode(addGaussianNoise(noise, slice(codes, 0, 0, decoded), settings.codeNoise), parameters, settings),
        slice(clean, 0, 0, decoded),
      );
      return {
        loss: weightedSum([
          [settings.reconstructionWeight, reconstruction],
          [settings.agreementWeight, agreement],
          [settings.signWeight, signAgreement],
        ]),
        metrics: { reconstruction, agreement, signAgreement },
      };
    },
  });
}

/** Thumbnail → code, as an ONNX file. */
export function exportImageEncoder(
  parameters: readonly Parameter[],
  network: ImageNetwork,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  return exportModel({
    name: 'image-encoder',
    input: { name: 'thumbnail', type: 'uint8', row: [3, THUMBNAIL_SIDE, THUMBNAIL_SIDE] },
    parameters: parameters.filter(({ name }) => !isOfDecoder(name)),
    metadata,
    build: (thumbnail, weights) => ({
      code: encode(mul(reduced(cast(thumbnail, 'float32'), network.side), 1 / WHITE), weights, network),
    }),
  });
}

/** Code → picture in 0…1, as an ONNX file. */
export function exportImageDecoder(
  parameters: readonly Parameter[],
  network: ImageNetwork,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const factor = THUMBNAIL_SIDE / network.side;
  return exportModel({
    name: 'image-decoder',
    input: { name: 'code', type: 'float32', row: [network.codeSize] },
    parameters: parameters.filter(({ name }) => isOfDecoder(name)),
    metadata,
    build: (code, weights) => {
      const picture = decode(code, weights, network);
      return { picture: factor === 1 ? picture : upsampleNearest(picture, factor) };
    },
  });
}

/** A network that was trained before, out of its two files: what it is made of and its parameters. */
export interface TrainedImageNetwork {
  readonly network: ImageNetwork;
  readonly parameters: readonly Parameter[];
}

/**
 * Reads what {@link exportImageEncoder} and {@link exportImageDecoder} have written.
 *
 * @throws RangeError when the files are not of such a network
 */
export function readImageNetwork(encoder: Uint8Array, decoder: Uint8Array): TrainedImageNetwork {
  const named = new Map(
    // In a graph each name has a number behind it.
    [...readInitializers(encoder), ...readInitializers(decoder)].map(({ name, ...values }) => {
      const plain = name.replace(/_\d+$/, '');
      return [plain, { name: plain, ...values }];
    }),
  );
  const code = named.get('encoderCode')?.shape;
  const [flat, codeSize] = code ?? [];
  const channels = layersOf(named, 'encoder').map(([out]) => out!);
  const decoderChannels = layersOf(named, 'decoder').map(([into]) => into!);
  const narrow = Math.sqrt((flat ?? 0) / (channels.at(-1) ?? 0));
  if (codeSize === undefined || !Number.isInteger(narrow) || decoderChannels.length === 0) {
    throw new RangeError('Expected an encoder and a decoder of pictures but the files hold another network');
  }
  const network = { side: narrow * 2 ** channels.length, channels, decoderChannels, codeSize };
  const parameters = Object.entries(describeParameters(network)).map(([name, { shape }]) => {
    const found = named.get(name);
    if (found !== undefined && sameShape(found.shape, shape)) return found;
    throw new RangeError(`Expected '${name}' ${showShape(shape)} but received ${showShape(found?.shape ?? [])}`);
  });
  return { network, parameters };
}

function layersOf(named: ReadonlyMap<string, { readonly shape: Shape }>, part: 'encoder' | 'decoder'): Shape[] {
  const shapes: Shape[] = [];
  for (
    let shape = named.get(`${part}0`)?.shape;
    shape !== undefined;
    shape = named.get(`${part}${shapes.length}`)?.shape
  )
    shapes.push(shape);
  return shapes;
}

function isOfDecoder(name: string): boolean {
  return name.startsWith('decoder');
}

function reduced(thumbnails: Tensor, side: number): Tensor {
  return side === THUMBNAIL_SIDE ? thumbnails : averagePool(thumbnails, THUMBNAIL_SIDE / side);
}

/** Each copy should find its picture among all of the step, and the other way round. */
function agreementOf(copies: readonly Tensor[], clean: Tensor, { temperature }: ImageTraining): Tensor {
  return weightedSum(copies.map((codes) => [1 / copies.length, infoNce(codes, clean, { temperature })]));
}

/** Codes of pictures [rows, 3, side, side]: of length √codeSize, so that a number is 1 or −1 on average. */
function encode(pictures: Tensor, weights: Weights, { channels, codeSize }: ImageNetwork): Tensor {
  let maps = sub(pictures, 0.5);
  channels.forEach((_, i) => {
    const bias = weights[`encoder${i}Bias`]!;
    maps = relu(conv2d(maps, weights[`encoder${i}`]!, { bias, stride: 2, padding: 1 }));
  });
  const flat = reshape(maps, [maps.shape[0]!, weights.encoderCode!.shape[0]!]);
  const code = gemm(flat, weights.encoderCode!, { bias: weights.encoderCodeBias! });
  return mul(l2Normalise(code), Math.sqrt(codeSize));
}

/** Pictures [rows, 3, side, side] of codes. */
function decode(code: Tensor, weights: Weights, { side, decoderChannels }: ImageNetwork): Tensor {
  const narrow = sideBehind(side, decoderChannels);
  const spread = gemm(code, weights.decoderCode!, { bias: weights.decoderCodeBias! });
  let maps = reshape(spread, [code.shape[0]!, decoderChannels[0]!, narrow, narrow]);
  decoderChannels.forEach((_, i) => {
    const bias = weights[`decoder${i}Bias`]!;
    maps = convTranspose2d(relu(maps), weights[`decoder${i}`]!, { bias, stride: 2, padding: 1 });
  });
  return sigmoid(maps);
}

/** The side of feature maps at the narrow end of layers that each halve or double it. */
function sideBehind(side: number, channels: readonly number[]): number {
  return side / 2 ** channels.length;
}

function describeParameters({
  side,
  channels,
  decoderChannels,
  codeSize,
}: ImageNetwork): Record<string, ParameterDescription> {
  const parameters: Record<string, ParameterDescription> = {};
  const layer = (
    name: string,
    shape: readonly number[],
    outputs: number,
    inputs: number,
    initial = heNormal({ fanIn: inputs }),
  ) => {
    parameters[name] = { shape, initial };
    parameters[`${name}Bias`] = { shape: [outputs], initial: uniform(1 / Math.sqrt(inputs)) };
  };
  channels.forEach((out, i) => {
    const into = channels[i - 1] ?? 3;
    layer(`encoder${i}`, [out, into, 3, 3], out, into * 9);
  });
  const flat = channels.at(-1)! * sideBehind(side, channels) ** 2;
  layer('encoderCode', [flat, codeSize], codeSize, flat, uniform(1 / Math.sqrt(flat)));
  const spread = decoderChannels[0]! * sideBehind(side, decoderChannels) ** 2;
  layer('decoderCode', [codeSize, spread], spread, codeSize);
  decoderChannels.forEach((into, i) => {
    const out = decoderChannels[i + 1] ?? 3;
    // Of a 4 × 4 kernel at stride 2, four places reach each pixel of the result.
    layer(`decoder${i}`, [into, out, 4, 4], out, into * 4);
  });
  return parameters;
}
