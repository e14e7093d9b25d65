// The recipe for documents: a de-noising auto-encoder from masked log-TF-IDF to the words of the document.
import { SandglassError } from '../../errors.ts';
import type { CommonRecipeOptions, Recipe } from '../auto-encoder.ts';
import { type BagsOfWords, inverseDocumentFrequencies, logTfIdf, rowsWithWords } from '../bags-of-words.ts';
import { addGaussianNoise } from '../corruption.ts';
import { BatchOrder, epochProgress, meanLosses, planEpochs } from '../epochs.ts';
import { exportModel } from '../export.ts';
import { add, log, mul, tanh } from '../graph/elementwise.ts';
import type { Tensor } from '../graph/graph.ts';
import { gemm } from '../graph/linear.ts';
import { max, min } from '../graph/selection.ts';
import { scatterFlat } from '../graph/shaping.ts';
import { l2Normalise, logSoftmax } from '../graph/softmax.ts';
import { uniform } from '../initialisation.ts';
import { multinomial } from '../losses.ts';
import { defineProgram, type ParameterDescription } from '../program.ts';
import { Random } from '../random.ts';
import { SparseSteps } from '../sparse-steps.ts';
import { type NextChunk, runTraining } from '../trainer.ts';

export interface TextRecipeOptions extends CommonRecipeOptions {
  /** Numbers in a code. @default 128 */
  readonly codeSize?: number;
  /** Units of the hidden layer. @default 256 */
  readonly hiddenSize?: number;
  /** Share of the words that is taken away from the input. @default 0.8 */
  readonly masking?: number;
  /** Standard deviation of the noise added to the code, whose numbers lie in −1…1: makes their signs good bits. @default 0.3 */
  readonly codeNoise?: number;
  /** Length of the input vector. @default 8 */
  readonly inputLength?: number;
  /** Rounds through the documents. @default 16 */
  readonly epochs?: number;
  /** Documents of one step. @default 256 */
  readonly batchSize?: number;
  /** Learning rate at the start; it falls along half a cosine. @default 1e-3 */
  readonly rate?: number;
}

export const TEXT_RECIPE_DEFAULTS = {
  codeSize: 128,
  hiddenSize: 256,
  masking: 0.8,
  codeNoise: 0.3,
  inputLength: 8,
  epochs: 16,
  batchSize: 256,
  rate: 1e-3,
  seed: 1,
} as const;

/** Fewer documents than this teach nothing. */
const LEAST_DOCUMENTS = 16;

type Settings = Required<Omit<TextRecipeOptions, 'device' | 'threads'>>;
type Weights = Readonly<Record<'hidden' | 'hiddenBias' | 'code' | 'codeBias' | 'words' | 'wordsBias', Tensor>>;

/**
 * encoder.onnx: `counts` [N, vocabulary] float32, raw word counts → `code` [N, codeSize] in −1…1.
 * decoder.onnx: `code` → `logProbabilities` [N, vocabulary], the words a document of that code most likely has.
 *
 * The loss is that of a distribution over words (−Σ t·log softmax): it begins at log(vocabulary) and should fall to about
 * two thirds of that.
 */
export const trainText: Recipe<BagsOfWords, TextRecipeOptions> = async (bags, options = {}, hooks = {}) => {
  const { device = 'auto', threads, ...given } = options;
  const settings: Settings = { ...TEXT_RECIPE_DEFAULTS, ...given };
  const rows = rowsWithWords(bags);
  if (rows.length < LEAST_DOCUMENTS) {
    throw new SandglassError(
      'TRAINING_TOO_SMALL',
      `Expected at least ${LEAST_DOCUMENTS} documents with words of the vocabulary but received ${rows.length}`,
    );
  }
  const idf = inverseDocumentFrequencies(bags);
  const plan = planEpochs(rows.length, settings.batchSize, settings.epochs);
  const random = new Random(settings.seed);
  const program = defineTextProgram(bags.vocabularySize, plan.batchSize, settings);
  const result = await runTraining(
    program,
    corruptedBags(bags, rows, idf, new BatchOrder(plan, random.fork()), random.fork(), settings),
    {
      steps: plan.steps,
      schedule: { kind: 'cosine', rate: settings.rate },
      seed: settings.seed,
      device,
      ...(threads === undefined ? {} : { threads }),
      ...(hooks.signal === undefined ? {} : { signal: hooks.signal }),
      onProgress: epochProgress(plan, hooks),
    },
  );
  const recipe = { name: 'text', ...settings, vocabularySize: bags.vocabularySize, documents: rows.length };
  const metadata = { recipe: JSON.stringify(recipe) };
  return {
    encoder: exportModel({
      name: 'text-encoder',
      input: { name: 'counts', type: 'float32', row: [bags.vocabularySize] },
      parameters: [
        ...result.parameters.filter(({ name }) => !name.startsWith('words')),
        { name: 'idf', shape: [idf.length], data: idf },
      ],
      metadata,
      build: (counts, parameters) => {
        // 1 + log c for c ≥ 1 and 0 for 0, without a condition.
        const logarithmic = add(min(counts, 1), log(max(counts, 1)));
        const input = mul(l2Normalise(mul(logarithmic, parameters.idf!)), settings.inputLength);
        return { code: encode(input, parameters as Weights) };
      },
    }),
    decoder: exportModel({
      name: 'text-decoder',
      input: { name: 'code', type: 'float32', row: [settings.codeSize] },
      parameters: result.parameters.filter(({ name }) => name.startsWith('words')),
      metadata,
      build: (code, parameters) => ({ logProbabilities: logSoftmax(decode(code, parameters as Weights)) }),
    }),
    codeSize: settings.codeSize,
    recipe,
    losses: meanLosses(result.losses, plan),
    seconds: result.seconds,
  };
};

function encode(input: Tensor, weights: Weights): Tensor {
  const hidden = tanh(gemm(input, weights.hidden, { bias: weights.hiddenBias }));
  return tanh(gemm(hidden, weights.code, { bias: weights.codeBias }));
}

function decode(code: Tensor, weights: Weights): Tensor {
  return gemm(code, weights.words, { bias: weights.wordsBias });
}

function defineTextProgram(vocabularySize: number, batchSize: number, settings: Settings) {
  const { hiddenSize, codeSize, codeNoise, seed } = settings;
  const dense = [batchSize, vocabularySize];
  const entries = { positions: { type: 'int32', shape: [-1] }, values: { type: 'float32', shape: [-1] } } as const;
  return defineProgram({
    name: 'text-training',
    parameters: {
      hidden: layer([vocabularySize, hiddenSize], vocabularySize),
      hiddenBias: layer([hiddenSize], vocabularySize),
      code: layer([hiddenSize, codeSize], hiddenSize),
      codeBias: layer([codeSize], hiddenSize),
      words: layer([codeSize, vocabularySize], codeSize),
      wordsBias: layer([vocabularySize], codeSize),
    },
    streamed: {
      inputPositions: entries.positions,
      inputValues: entries.values,
      // Any distribution over words a row: today the words of the document itself.
      targetPositions: entries.positions,
      targetValues: entries.values,
    },
    loss: ({ graph, parameters, streamed }) => {
      const input = scatterFlat(streamed.inputPositions, streamed.inputValues, dense);
      const target = scatterFlat(streamed.targetPositions, streamed.targetValues, dense);
      const code = addGaussianNoise(graph, encode(input, parameters), codeNoise, seed);
      return { loss: multinomial(decode(code, parameters), target) };
    },
  });
}

function layer(shape: readonly number[], inputs: number): ParameterDescription {
  return { shape, initial: uniform(1 / Math.sqrt(inputs)) };
}

/**
 * Masked inputs and their targets for each step. Words are dropped here, where rows are sparse, and not in the graph,
 * where a mask over the whole vocabulary would have to be drawn.
 */
function corruptedBags(
  bags: BagsOfWords,
  rows: Uint32Array,
  idf: Float32Array,
  order: BatchOrder,
  random: Random,
  { masking, inputLength }: Settings,
): NextChunk {
  const { vocabularySize, indptr, indices } = bags;
  const weights = logTfIdf(bags, idf);
  return (_, count) => {
    const inputs = new SparseSteps();
    const targets = new SparseSteps();
    for (let step = 0; step < count; step++) {
      inputs.beginStep();
      targets.beginStep();
      order.next().forEach((place, batchRow) => {
        const row = rows[place]!;
        const from = indptr[row]!;
        const to = indptr[row + 1]!;
        const kept: number[] = [];
        let squares = 0;
        for (let i = from; i < to; i++) {
          targets.add(batchRow * vocabularySize + indices[i]!, 1 / (to - from));
          if (random.chance(masking)) continue;
          kept.push(i);
          squares += weights[i]! ** 2;
        }
        const scale = inputLength / Math.sqrt(squares);
        for (const i of kept) inputs.add(batchRow * vocabularySize + indices[i]!, weights[i]! * scale);
      });
    }
    const input = inputs.tensors();
    const target = targets.tensors();
    return {
      inputPositions: input.positions,
      inputValues: input.values,
      targetPositions: target.positions,
      targetValues: target.values,
    };
  };
}
