// Small networks for pictures: what they make of their numbers can be worked out by hand.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ElementType } from '../../src/runtime/numeric-tensor.ts';
import { encodeModel, type NodeProto, type TensorProto } from '../../src/training/graph/model-proto.ts';

type Shape = readonly (number | string)[];

export interface PictureModelDescription {
  /** @default ['n', 3, 2, 2] */
  readonly shape?: Shape;
  /** @default float32 */
  readonly type?: ElementType;
  /** What the graph ends with. @default all numbers of the input as they come, one vector a picture */
  readonly ending?:
    | 'numbers'
    | 'means'
    | 'map'
    | 'tokens'
    | 'two known'
    | 'two unknown'
    | 'nan'
    | 'constant'
    | 'zeros'
    | 'as many numbers as bright pixels'
    | 'all pictures together'
    | 'each less the mean of all'
    | 'whole numbers';
  /** Names of the inputs. @default ['pixel_values'] */
  readonly inputs?: readonly string[];
}

/** An ONNX file. */
export function pictureModel({
  shape = ['n', 3, 2, 2],
  type = 'float32',
  ending = 'numbers',
  inputs = ['pixel_values'],
}: PictureModelDescription = {}): Uint8Array {
  const [first = ''] = inputs;
  const constant = (name: string, data: BigInt64Array | Float32Array): TensorProto => ({
    name,
    type: data instanceof Float32Array ? 'float32' : 'int64',
    shape: [data.length],
    data,
  });
  const node = (operator: string, from: readonly string[], to: string, attributes: NodeProto['attributes'] = {}) => ({
    ...{ operator, inputs: from, outputs: [to], attributes },
  });
  const float = { to: { int: 1 } };
  const cast = node('Cast', [first], 'x', float);
  const flat = node('Flatten', ['x'], 'flat', { axis: { int: 1 } });
  const out = (...described: [string, Shape][]) => described;
  const endings: Record<
    NonNullable<PictureModelDescription['ending']>,
    [NodeProto[], [string, Shape][], ElementType?]
  > = {
    numbers: [[flat, node('Identity', ['flat'], 'out')], out(['out', ['n', 'd']])],
    means: [
      [node('ReduceMean', ['x'], 'out', { axes: { ints: [2, 3] }, keepdims: { int: 0 } })],
      out(['out', ['n', 'd']]),
    ],
    map: [[node('Identity', ['x'], 'out')], out(['out', ['n', 'c', 'h', 'w']])],
    // A vector a row of pixels of the first colour, and so on: [n, 3 × height, width].
    tokens: [[node('Reshape', ['x', 'parts'], 'last_hidden_state')], out(['last_hidden_state', ['n', 't', 'd']])],
    'two known': [
      [node('Reshape', ['x', 'parts'], 'last_hidden_state'), flat, node('Neg', ['flat'], 'image_embeds')],
      out(['last_hidden_state', ['n', 't', 'd']], ['image_embeds', ['n', 'd']]),
    ],
    'two unknown': [
      [flat, node('Identity', ['flat'], 'first'), node('Neg', ['flat'], 'second')],
      out(['first', ['n', 'd']], ['second', ['n', 'd']]),
    ],
    nan: [
      [flat, node('Div', ['nothing', 'nothing'], 'nan'), node('Add', ['flat', 'nan'], 'out')],
      out(['out', ['n', 'd']]),
    ],
    constant: [
      [flat, node('Mul', ['flat', 'nothing'], 'none'), node('Add', ['none', 'something'], 'out')],
      out(['out', ['n', 'd']]),
    ],
    zeros: [[flat, node('Mul', ['flat', 'nothing'], 'out')], out(['out', ['n', 'd']])],
    'as many numbers as bright pixels': [
      [
        flat,
        node('Greater', ['flat', 'something'], 'bright'),
        node('NonZero', ['bright'], 'places'),
        node('Cast', ['places'], 'numbers', float),
        node('Reshape', ['numbers', 'row'], 'out'),
      ],
      out(['out', [1, 'd']]),
    ],
    'all pictures together': [[node('Reshape', ['x', 'row'], 'out')], out(['out', [1, 'd']])],
    'each less the mean of all': [
      [
        flat,
        node('ReduceMean', ['flat'], 'all', { axes: { ints: [0] }, keepdims: { int: 1 } }),
        node('Mul', ['all', 'half'], 'part'),
        node('Sub', ['flat', 'part'], 'out'),
      ],
      out(['out', ['n', 'd']]),
    ],
    'whole numbers': [[flat, node('Cast', ['flat'], 'out', { to: { int: 7 } })], out(['out', ['n', 'd']]), 'int64'],
  };
  const [nodes, outputs, outputType = 'float32'] = endings[ending];
  return encodeModel({
    name: 'pictures',
    nodes: [cast, ...nodes],
    initializers: [
      constant('nothing', new Float32Array([0])),
      constant('half', new Float32Array([0.5])),
      constant('something', new Float32Array([0.3])),
      constant('row', new BigInt64Array([1n, -1n])),
      constant('parts', new BigInt64Array([0n, -1n, 2n])),
    ],
    inputs: inputs.map((name) => ({ name, type, shape })),
    outputs: outputs.map(([name, size]) => ({ name, type: outputType, shape: size })),
  });
}

/** A network that sees colours at 4 × 4 places: pictures that look alike have codes that are alike. */
export function seeingModel(): Uint8Array {
  return pictureModel({ shape: ['n', 3, 4, 4] });
}

/** Writes a folder with a model; further files by path, as JSON unless they are texts or bytes. */
export function writePictureFolder(
  folder: string,
  model: Uint8Array = seeingModel(),
  files: Readonly<Record<string, unknown>> = {},
  file = 'model.onnx',
): string {
  for (const [path, content] of Object.entries({ [file]: model, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    const isPlain = typeof content === 'string' || content instanceof Uint8Array;
    writeFileSync(join(folder, path), isPlain ? content : JSON.stringify(content));
  }
  return folder;
}
