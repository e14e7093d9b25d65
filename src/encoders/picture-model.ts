// The network of an imported picture encoder: framed pixels in, a vector a picture out.
import { SandglassError } from '../errors.ts';
import type { TensorDescription } from '../runtime/feeds.ts';
import type { NumericTensor } from '../runtime/numeric-tensor.ts';
import type { Device } from '../runtime/onnx-session.ts';
import { ofHalf } from './half-floats.ts';
import { openModel, runModel } from './open-model.ts';
import type { PictureFrame, PictureInput, PictureNumbers } from './picture-input.ts';
import { tensorMaker } from './picture-tensor.ts';
import type { Pooling } from './pooling.ts';

/** Outputs that are known by their name, the best first. */
const KNOWN_OUTPUTS: readonly string[] = [
  'image_embeds',
  'image_embeddings',
  'image_features',
  'embeddings',
  'embedding',
  'features',
  'pooler_output',
  'last_hidden_state',
];

/** What of a vector's place in an output is asked with. */
export type OutputChoice = Pick<PictureInput, 'output' | 'pooling'>;

export interface PictureModel {
  /** The input: [pictures, 3, height, width] or [pictures, height, width, 3], as far as the model says. */
  readonly input: TensorDescription;
  /** Of the outputs; float16 is given as float32. */
  readonly outputs: readonly TensorDescription[];
  /** The only number of pictures that the model takes; absent where it is open. */
  readonly rows?: number;
  /** All outputs for some framed pictures; where the model takes more at once, what is made of nothing stands behind. */
  run(pictures: readonly Uint8Array[], form: PictureFrame & PictureNumbers): Promise<Record<string, NumericTensor>>;
  release(): Promise<void>;
}

/** True for inputs that a picture, or several, fit into. */
export function takesPictures({ shape }: TensorDescription): boolean {
  return shape.length === 4;
}

/**
 * @param path of the model's file
 * @throws SandglassError ENCODER_UNFIT when it is no ONNX model, or takes something else than pictures; DEVICE_UNAVAILABLE
 */
export async function openPictureModel(path: string, device: Device): Promise<PictureModel> {
  const session = await openModel(path, device);
  const { inputs, outputs } = session.signature;
  const [input] = inputs;
  if (input === undefined || inputs.length > 1 || !takesPictures(input)) {
    await session.release();
    const found = inputs.map(described).join(', ') || '(none)';
    throw new SandglassError(
      'ENCODER_UNFIT',
      `The model ${path} takes ${found}; expected one input of pictures, [pictures, 3, height, width] or [pictures, height, width, 3].`,
      { path },
    );
  }
  const [rows] = input.shape;
  const isFixed = typeof rows === 'number' && rows > 0;
  let make: { readonly of: PictureFrame & PictureNumbers; readonly tensor: ReturnType<typeof tensorMaker> } | undefined;
  return {
    input,
    outputs,
    ...(isFixed ? { rows } : {}),
    async run(pictures, form) {
      if (make?.of !== form) make = { of: form, tensor: tensorMaker(form) };
      const feeds = { [input.name]: make.tensor(pictures, isFixed ? rows : pictures.length) };
      const results = await runModel(session, feeds, path, `a picture of ${form.side.join(' × ')}`);
      return Object.fromEntries(
        outputs.flatMap(({ name, type }) => {
          const result = results[name];
          if (result === undefined) return [];
          return [
            [
              name,
              type === 'float16' ? { ...result, data: Float32Array.from(result.data as Uint16Array, ofHalf) } : result,
            ],
          ];
        }),
      );
    },
    release: () => session.release(),
  };
}

export function described({ name, type, shape }: TensorDescription): string {
  return `${name} ${type} [${shape.join(', ')}]`;
}

/**
 * The output to use: the one that is asked for, one of a known name, or the only one; and how its vectors become one.
 *
 * @param results of one run
 * @param rows pictures of that run
 * @throws SandglassError ENCODER_UNFIT when there is none that fits, or several of unknown names
 */
export function choosePictureOutput(
  results: Readonly<Record<string, NumericTensor>>,
  rows: number,
  wanted: { readonly output?: string | undefined; readonly pooling?: Exclude<Pooling, 'none'> | undefined },
  path: string,
): OutputChoice {
  const fitting = Object.entries(results).filter(
    ([, { data, shape }]) =>
      (data instanceof Float32Array || data instanceof Float64Array) &&
      shape[0] === rows &&
      shape.length >= 2 &&
      shape.length <= 4,
  );
  const named = (name: string) => fitting.find(([output]) => output === name);
  const chosen =
    wanted.output === undefined
      ? (KNOWN_OUTPUTS.map(named).find((output) => output !== undefined) ??
        (fitting.length === 1 ? fitting[0] : undefined))
      : named(wanted.output);
  if (chosen === undefined) {
    const found = Object.entries(results).map(([name, { shape }]) => `${name} [${shape.join(', ')}]`);
    const expected =
      wanted.output === undefined
        ? fitting.length > 1
          ? 'choose one with --output'
          : `expected one of floats, [${rows}, numbers], [${rows}, parts, numbers], or a map of them`
        : `expected ${wanted.output} among them, of floats, with a row for each of ${rows} pictures`;
    throw new SandglassError('ENCODER_UNFIT', `The model ${path} has the outputs ${found.join(', ')}; ${expected}.`, {
      path,
    });
  }
  const [output, { shape }] = chosen;
  if (shape.length === 4 && wanted.pooling === 'cls') {
    throw new SandglassError(
      'ENCODER_UNFIT',
      `The output ${output} [${shape.join(', ')}] of ${path} is a map, whose first vector says nothing of the whole; use --pooling mean or max.`,
      { path },
    );
  }
  const usual = shape.length === 3 ? 'cls' : 'mean';
  return { output, pooling: shape.length === 2 ? 'none' : (wanted.pooling ?? usual) };
}

/**
 * One vector a picture: [rows × dimensions].
 *
 * @param rows the pictures that were asked for; what stands behind them is left out
 */
export function pictureVectors(
  { data, shape }: NumericTensor,
  rows: number,
  pooling: Pooling,
  layout: PictureInput['layout'],
): Float32Array {
  const values = data as Float32Array | Float64Array;
  // Of a map the numbers of a vector stand where the colours of the input do.
  const isPlanar = shape.length === 4 && layout === 'NCHW';
  const dimensions = (isPlanar ? shape[1] : shape.at(-1)) ?? 0;
  const each = shape.slice(1).reduce((product, size) => product * size, 1);
  if (pooling === 'none') return Float32Array.from(values.subarray(0, rows * each));
  const parts = dimensions === 0 ? 0 : each / dimensions;
  const [ofPart, ofNumber] = isPlanar ? [1, parts] : [dimensions, 1];
  const vectors = new Float32Array(rows * dimensions);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < dimensions; i++) {
      const at = row * each + i * ofNumber;
      let pooled = values[at]!;
      for (let part = 1; pooling !== 'cls' && part < parts; part++) {
        const value = values[at + part * ofPart]!;
        pooled = pooling === 'max' ? Math.max(pooled, value) : pooled + value;
      }
      vectors[row * dimensions + i] = pooling === 'mean' ? pooled / parts : pooled;
    }
  }
  return vectors;
}
