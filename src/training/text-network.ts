// The network of the text recipe: its training program, its files, and documents encoded with it.
import type { Device } from '../runtime/onnx-session.ts';
import { type BagsOfWords, logMeanShares } from './bags-of-words.ts';
import { addGaussianNoise } from './corruption.ts';
import { exportModel } from './export.ts';
import { add, mul, tanh } from './graph/elementwise.ts';
import { embeddingSum } from './graph/embedding.ts';
import type { Tensor } from './graph/graph.ts';
import { gemm } from './graph/linear.ts';
import { concat, slice } from './graph/shaping.ts';
import { logSoftmax } from './graph/softmax.ts';
import { uniform, zeros } from './initialisation.ts';
import { infoNce, sparseMultinomial, weightedSum } from './losses.ts';
import type { Noise } from './noise.ts';
import { defineProgram, type ParameterDescription, type Program } from './program.ts';
import type { Parameter } from './state.ts';
import { straightThroughSign } from './straight-through.ts';
import { encodeBags, exportWordEncoder } from './word-input.ts';

type Weights = Readonly<Record<'hidden' | 'hiddenBias' | 'code' | 'codeBias' | 'words' | 'wordsBias', Tensor>>;

/** What the network is made of; explained at TextRecipeOptions. */
export interface TextNetwork {
  readonly hiddenSize: number;
  readonly codeSize: number;
  readonly inputLength: number;
}

/** How it is trained. */
export interface TextTraining extends TextNetwork {
  readonly viewWords: number;
  readonly codeNoise: number;
  /** Share of the documents of a step whose words are brought back from the signs of their codes, instead of noisy ones. */
  readonly signShare: number;
  readonly agreementWeight: number;
  readonly temperature: number;
}

/** The training program of batches that DocumentViews draws. */
export function defineTextProgram(bags: BagsOfWords, batchSize: number, settings: TextTraining): Program {
  const { hiddenSize, codeSize, codeNoise, signShare, viewWords, inputLength, agreementWeight, temperature } = settings;
  const { vocabularySize } = bags;
  const views = [2 * batchSize, viewWords];
  const expected = logMeanShares(bags);
  return defineProgram({
    name: 'text-training',
    parameters: {
      // By the length of the input, not by its size: few words are there at a time, and each must move the units.
      hidden: { shape: [vocabularySize, hiddenSize], initial: uniform(Math.sqrt(3) / inputLength) },
      hiddenBias: { shape: [hiddenSize], initial: zeros },
      code: layer([hiddenSize, codeSize], hiddenSize),
      codeBias: layer([codeSize], hiddenSize),
      words: layer([codeSize, vocabularySize], codeSize),
      // How common words are need not be learned first.
      wordsBias: { shape: [vocabularySize], initial: () => expected.slice() },
    },
    streamed: {
      words: { type: 'int32', shape: views },
      wordWeights: { type: 'float32', shape: views },
      targetPositions: { type: 'int32', shape: [-1] },
      targetWeights: { type: 'float32', shape: [-1] },
    },
    loss: ({ parameters, streamed, noise }) => {
      const codes = encode(embeddingSum(parameters.hidden, streamed.words, streamed.wordWeights), parameters);
      const first = slice(codes, 0, 0, batchSize);
      const second = slice(codes, 0, batchSize, 2 * batchSize);
      const logits = decode(roughened(noise, first, codeNoise, Math.round(signShare * batchSize)), parameters);
      const reconstruction = sparseMultinomial(logits, streamed.targetPositions, streamed.targetWeights);
      const agreement = infoNce(first, second, { temperature });
      return {
        loss: weightedSum([
          [1, reconstruction],
          [agreementWeight, agreement],
        ]),
        metrics: { reconstruction, agreement },
      };
    },
  });
}

/** Words and their counts → code, as an ONNX file; see {@link exportWordEncoder}. */
export function exportEncoder(
  parameters: readonly Parameter[],
  idf: Float32Array,
  { inputLength }: TextNetwork,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  return exportWordEncoder({
    name: 'text-encoder',
    idf,
    parameters: parameters.filter(({ name }) => !name.startsWith('words')),
    metadata,
    build: (words, unit, weights) => ({
      code: encode(embeddingSum(weights.hidden!, words, mul(unit, inputLength)), weights as Weights),
    }),
  });
}

/** Code → log-probabilities of the words, as an ONNX file. */
export function exportDecoder(
  parameters: readonly Parameter[],
  { codeSize }: TextNetwork,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  return exportModel({
    name: 'text-decoder',
    input: { name: 'code', type: 'float32', row: [codeSize] },
    parameters: parameters.filter(({ name }) => name.startsWith('words')),
    metadata,
    build: (code, weights) => ({ logProbabilities: logSoftmax(decode(code, weights as Weights)) }),
  });
}

/** The codes of all documents, each scaled to length 1: [documents × codeSize]. */
export async function encodeDocuments(
  encoder: Uint8Array,
  bags: BagsOfWords,
  codeSize: number,
  where: { readonly device: Device; readonly threads?: number },
): Promise<Float32Array> {
  const codes = await encodeBags(encoder, bags, codeSize, where);
  for (let row = 0; row < bags.rows; row++) {
    const code = codes.subarray(row * codeSize, (row + 1) * codeSize);
    const length = Math.sqrt(code.reduce((sum, value) => sum + value * value, 0));
    for (let i = 0; i < codeSize; i++) code[i]! /= length || 1;
  }
  return codes;
}

/** @param weighted the product of the input with the weights of the hidden layer */
function encode(weighted: Tensor, weights: Weights): Tensor {
  const hidden = tanh(add(weighted, weights.hiddenBias));
  return tanh(gemm(hidden, weights.code, { bias: weights.codeBias }));
}

/** Codes as the decoder sees them while it learns: the first `signed` rows as signs, the others with noise. */
function roughened(noise: Noise, codes: Tensor, deviation: number, signed: number): Tensor {
  const [rows] = codes.shape as [number];
  const noisy = signed === rows ? [] : [addGaussianNoise(noise, slice(codes, 0, signed, rows), deviation)];
  const bits = signed === 0 ? [] : [straightThroughSign(slice(codes, 0, 0, signed))];
  return concat([...bits, ...noisy], 0);
}

function decode(code: Tensor, weights: Weights): Tensor {
  return gemm(code, weights.words, { bias: weights.wordsBias });
}

function layer(shape: readonly number[], inputs: number): ParameterDescription {
  return { shape, initial: uniform(1 / Math.sqrt(inputs)) };
}
