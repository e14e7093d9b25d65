// The network of a sentence encoder: passages of sub-words in, a vector a passage out.
import { SandglassError } from '../errors.ts';
import type { TensorDescription } from '../runtime/feeds.ts';
import type { NumericTensor } from '../runtime/numeric-tensor.ts';
import type { Device } from '../runtime/onnx-session.ts';
import { openModel, runModel } from './open-model.ts';
import type { Pooling } from './pooling.ts';

/** Inputs that are known by their name; the first two must be there. */
const TOKENS = 'input_ids';
const MASK = 'attention_mask';
const SEGMENTS = 'token_type_ids';
const INPUTS: readonly string[] = [TOKENS, MASK, SEGMENTS];

/** Outputs that are known by their name: a vector a text, a vector a token. */
const SENTENCE_OUTPUT = 'sentence_embedding';
const TOKEN_OUTPUTS: readonly string[] = ['last_hidden_state', 'token_embeddings'];

export interface SentenceModel {
  /** The only number of passages, and of tokens of each, that the model takes; absent where both are open. */
  readonly rows?: number;
  readonly tokens?: number;
  /** Names and shapes of the outputs for a few passages: what {@link chooseOutput} chooses from. */
  shapesOf(passages: readonly (readonly number[])[]): Promise<ReadonlyMap<string, readonly number[]>>;
  /** One vector a passage: [passages × dimensions]. */
  vectors(passages: readonly (readonly number[])[], output: string, pooling: Pooling): Promise<Float32Array>;
  release(): Promise<void>;
}

/** True for the input that sub-words go into. */
export function takesSubwords({ name, shape }: TensorDescription): boolean {
  return name === TOKENS && shape.length === 2;
}

/**
 * Opens the model of a sentence encoder.
 *
 * @param path of its file; weights in files beside it are found
 * @param padding the number of the token that fills up
 * @throws SandglassError ENCODER_UNFIT when it is no ONNX model, or takes something else than sub-words; DEVICE_UNAVAILABLE
 */
export async function openSentenceModel(path: string, padding: number, device: Device): Promise<SentenceModel> {
  const session = await openModel(path, device);
  const { inputs } = session.signature;
  const names = inputs.map(({ name }) => name);
  const problem =
    ![TOKENS, MASK].every((name) => names.includes(name)) || names.some((name) => !INPUTS.includes(name))
      ? `has the inputs ${names.join(', ') || '(none)'}; expected ${TOKENS}, ${MASK} and perhaps ${SEGMENTS}`
      : inputs
          .filter(({ type, shape }) => shape.length !== 2 || (type !== 'int64' && type !== 'int32'))
          .map(
            ({ name, type, shape }) => `takes ${name} as ${type} [${shape.join(', ')}]; expected int64 [texts, tokens]`,
          )
          .at(0);
  if (problem !== undefined) {
    await session.release();
    throw new SandglassError('ENCODER_UNFIT', `The model ${path} ${problem}. It is no sentence encoder.`, { path });
  }
  const [rows, tokens] = [0, 1].map((axis) => inputs.map(({ shape }) => shape[axis]).find(isFixed));

  const run = async (passages: readonly (readonly number[])[]) => {
    const length = tokens ?? Math.max(...passages.map((passage) => passage.length));
    const shape = [rows ?? passages.length, length];
    const mask = new Uint8Array(shape[0]! * length);
    const feeds: Record<string, NumericTensor> = {};
    for (const { name, type } of inputs) {
      const data = new (type === 'int64' ? BigInt64Array : Int32Array)(mask.length) as BigInt64Array;
      const number = (type === 'int64' ? BigInt : Number) as (value: number) => bigint;
      if (name === TOKENS) data.fill(number(padding));
      passages.forEach((passage, row) => {
        for (let i = 0; i < Math.min(length, passage.length); i++) {
          mask[row * length + i] = 1;
          if (name !== SEGMENTS) data[row * length + i] = number(name === TOKENS ? passage[i]! : 1);
        }
      });
      feeds[name] = { data, shape };
    }
    return { results: await runModel(session, feeds, path, 'sub-words'), mask };
  };

  return {
    ...(rows === undefined ? {} : { rows }),
    ...(tokens === undefined ? {} : { tokens }),
    async shapesOf(passages) {
      const { results } = await run(passages);
      return new Map(Object.entries(results).map(([name, { shape }]) => [name, shape]));
    },
    async vectors(passages, output, pooling) {
      const { results, mask } = await run(passages);
      const result = results[output];
      if (!result || !(result.data instanceof Float32Array)) {
        throw new SandglassError('ENCODER_UNFIT', `The model ${path} gives no numbers of type float32 as ${output}.`, {
          path,
        });
      }
      const dimensions = result.shape.at(-1)!;
      if (pooling === 'none') return result.data.subarray(0, passages.length * dimensions);
      return pool(result, passages.length, mask, dimensions, pooling);
    },
    release: () => session.release(),
  };
}

export interface ChosenOutput {
  readonly output: string;
  readonly pooling: Pooling;
  readonly dimensions: number;
}

/**
 * The output to use: the sentence's own vector when the model makes one, unless `wanted` asks for another way; the vectors of
 * the tokens; the only output there is.
 *
 * @param shapes of the outputs, for some texts
 * @throws SandglassError ENCODER_UNFIT when there is none, or several of unknown names
 */
export function chooseOutput(
  shapes: ReadonlyMap<string, readonly number[]>,
  wanted: Exclude<Pooling, 'none'> | undefined,
  usual: Exclude<Pooling, 'none'>,
  path: string,
): ChosenOutput {
  const fitting = [...shapes].filter(([, { length }]) => length === 2 || length === 3);
  const named = (name: string) => fitting.find(([output]) => output === name);
  const ofTokens = TOKEN_OUTPUTS.map(named).find((output) => output !== undefined);
  const chosen =
    (wanted === undefined ? (named(SENTENCE_OUTPUT) ?? ofTokens) : (ofTokens ?? named(SENTENCE_OUTPUT))) ??
    (fitting.length === 1 ? fitting[0] : undefined);
  if (chosen === undefined) {
    const found = [...shapes].map(([name, shape]) => `${name} [${shape.join(', ')}]`).join(', ') || '(none)';
    throw new SandglassError(
      'ENCODER_UNFIT',
      `The model ${path} has the outputs ${found}; expected ${SENTENCE_OUTPUT}, ${TOKEN_OUTPUTS.join(', ')}, or only one.`,
      { path },
    );
  }
  const [output, shape] = chosen;
  return { output, pooling: shape.length === 2 ? 'none' : (wanted ?? usual), dimensions: shape.at(-1)! };
}

function isFixed(size: number | string | undefined): size is number {
  return typeof size === 'number' && size > 0;
}

/** @param mask [rows × tokens], 1 where there is a token */
function pool(
  states: NumericTensor,
  rows: number,
  mask: Uint8Array,
  dimensions: number,
  pooling: Exclude<Pooling, 'none'>,
): Float32Array {
  const data = states.data as Float32Array;
  const tokens = states.shape[1]!;
  const vectors = new Float32Array(rows * dimensions);
  for (let row = 0; row < rows; row++) {
    const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions);
    let seen = 0;
    for (let token = 0; token < (pooling === 'cls' ? 1 : tokens); token++) {
      if (mask[row * tokens + token] === 0) continue;
      const from = (row * tokens + token) * dimensions;
      for (let i = 0; i < dimensions; i++) {
        const value = data[from + i]!;
        vector[i] = pooling === 'max' && seen > 0 ? Math.max(vector[i]!, value) : vector[i]! + value;
      }
      seen++;
    }
    if (pooling === 'mean') for (let i = 0; i < dimensions; i++) vector[i]! /= seen;
  }
  return vectors;
}
