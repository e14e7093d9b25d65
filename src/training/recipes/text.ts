// The recipe for documents: a de-noising auto-encoder from a few of a document's words to the words of it and its neighbours.
import { SandglassError } from '../../errors.ts';
import { type Device, openSession } from '../../runtime/onnx-session.ts';
import type { CommonRecipeOptions, Recipe } from '../auto-encoder.ts';
import {
  type BagsOfWords,
  inverseDocumentFrequencies,
  logMeanShares,
  unitLogTfIdf,
  withoutEmptyRows,
} from '../bags-of-words.ts';
import { neighboursByCode } from '../code-neighbours.ts';
import { addGaussianNoise } from '../corruption.ts';
import { DocumentViews } from '../document-views.ts';
import { BatchOrder, type EpochPlan, epochProgress, meanLosses, planEpochs } from '../epochs.ts';
import { exportModel } from '../export.ts';
import { add, log, mul, tanh } from '../graph/elementwise.ts';
import { embeddingSum } from '../graph/embedding.ts';
import type { Tensor } from '../graph/graph.ts';
import { gemm } from '../graph/linear.ts';
import { max, min } from '../graph/selection.ts';
import { slice } from '../graph/shaping.ts';
import { l2Normalise, logSoftmax } from '../graph/softmax.ts';
import { uniform, zeros } from '../initialisation.ts';
import { infoNce, sparseMultinomial, weightedSum } from '../losses.ts';
import { nearestDocuments } from '../nearest-documents.ts';
import type { Schedule } from '../optimizer.ts';
import { defineProgram, type ParameterDescription } from '../program.ts';
import { Random } from '../random.ts';
import { type Parameter, runTraining } from '../trainer.ts';

export interface TextRecipeOptions extends CommonRecipeOptions {
  /** Numbers in a code. @default 128 */
  readonly codeSize?: number;
  /** Units of the hidden layer. @default 256 */
  readonly hiddenSize?: number;
  /** Largest share of a document's words that is taken away from the input. @default 0.9 */
  readonly masking?: number;
  /** Smallest such share; drawn anew for every document and step. @default 0.3 */
  readonly leastMasking?: number;
  /** Words of an input at most: of long documents more is taken away. @default 48 */
  readonly viewWords?: number;
  /** Standard deviation of the noise added to the code, whose numbers lie in −1…1: makes their signs good bits. @default 0.3 */
  readonly codeNoise?: number;
  /** Length of the input vector. @default 8 */
  readonly inputLength?: number;
  /** Nearest documents to learn from; fewer in a small collection, see {@link neighboursFor}. @default 20 */
  readonly neighbours?: number;
  /** Share of a neighbour's words, against the document's own, in what has to be brought back. @default 0.8 */
  readonly neighbourWeight?: number;
  /** Weight of the agreement (InfoNCE) between the codes of a document and a neighbour. @default 0.3 */
  readonly agreementWeight?: number;
  /** Temperature of the agreement. @default 0.2 */
  readonly temperature?: number;
  /** How often the agreement is with another view of the document itself. @default 0 */
  readonly ownView?: number;
  /** Rounds through the documents. @default as {@link epochsFor} says */
  readonly epochs?: number;
  /** Share of the epochs after which neighbours are sought anew, by code and words; 1 keeps those by words. @default 0.4 */
  readonly firstRound?: number;
  /** Documents of one step. @default 256 */
  readonly batchSize?: number;
  /** Learning rate at the start; in the last round it falls along half a cosine. @default 1e-2 */
  readonly rate?: number;
}

export const TEXT_RECIPE_DEFAULTS = {
  codeSize: 128,
  hiddenSize: 256,
  masking: 0.9,
  leastMasking: 0.3,
  viewWords: 48,
  codeNoise: 0.3,
  inputLength: 8,
  neighbours: 20,
  neighbourWeight: 0.8,
  agreementWeight: 0.3,
  temperature: 0.2,
  ownView: 0,
  firstRound: 0.4,
  batchSize: 256,
  rate: 1e-2,
  seed: 1,
} as const;

/** Fewer documents than this teach nothing. */
const LEAST_DOCUMENTS = 16;
/** Rows that go through the encoder at once between two rounds. */
const ENCODED_AT_ONCE = 256;
const WARM_UP = 10;
const USUAL_STEPS = 500;
const FEWEST_EPOCHS = 4;

/** Epochs that make about 500 steps, but at least 4. */
export function epochsFor(documents: number, batchSize: number): number {
  const stepsPerEpoch = Math.max(1, Math.floor(documents / batchSize));
  return Math.max(FEWEST_EPOCHS, Math.round(USUAL_STEPS / stepsPerEpoch));
}

/** A quarter of the square root of the number of documents, but 1 to `most`: the 20th nearest of 50 is no neighbour. */
export function neighboursFor(documents: number, most: number): number {
  return Math.min(most, Math.max(1, Math.floor(Math.sqrt(documents) / 4)));
}

type Settings = Required<Omit<TextRecipeOptions, 'device' | 'threads'>>;
type Weights = Readonly<Record<'hidden' | 'hiddenBias' | 'code' | 'codeBias' | 'words' | 'wordsBias', Tensor>>;

/**
 * encoder.onnx: `counts` [N, vocabulary] float32, raw word counts → `code` [N, codeSize] in −1…1.
 * decoder.onnx: `code` → `logProbabilities` [N, vocabulary], the words a document of that code most likely has.
 *
 * The loss is that of a distribution over words (−Σ t·log softmax) plus 0.3 of the agreement. It begins near 9.7 for 10,000
 * words and batches of 256 (8.0 for the words, which a decoder that knows only how common they are reaches, and 5.5 for the agreement) and should fall to about 8.8.
 */
export const trainText: Recipe<BagsOfWords, TextRecipeOptions> = async (data, options = {}, hooks = {}) => {
  const { device = 'auto', threads, ...given } = options;
  const bags = withoutEmptyRows(data);
  if (bags.rows < LEAST_DOCUMENTS) {
    throw new SandglassError(
      'TRAINING_TOO_SMALL',
      `Expected at least ${LEAST_DOCUMENTS} documents with words of the vocabulary but received ${bags.rows}`,
    );
  }
  const batchSize = given.batchSize ?? TEXT_RECIPE_DEFAULTS.batchSize;
  const settings: Settings = { ...TEXT_RECIPE_DEFAULTS, epochs: epochsFor(bags.rows, batchSize), ...given };
  const where = { device, ...(threads === undefined ? {} : { threads }) };
  const started = performance.now();
  const idf = inverseDocumentFrequencies(bags);
  const unit = unitLogTfIdf(bags, idf);
  const plan = planEpochs(bags.rows, settings.batchSize, settings.epochs);
  const random = new Random(settings.seed);
  const views = new DocumentViews(
    bags,
    unit,
    nearestDocuments(bags, unit, neighboursFor(bags.rows, settings.neighbours)),
    new BatchOrder(plan, random.fork()),
    random.fork(),
    settings,
  );
  const program = defineTextProgram(bags, plan.batchSize, settings);
  const recipe = { name: 'text', ...settings, vocabularySize: bags.vocabularySize, documents: bags.rows };
  const metadata = { recipe: JSON.stringify(recipe) };
  const encoderOf = (parameters: readonly Parameter[]) => exportEncoder(parameters, idf, settings, metadata);

  let parameters: readonly Parameter[] | undefined;
  const losses: number[] = [];
  const report = epochProgress(plan, hooks);
  const rounds = roundsOf(plan, settings.firstRound);
  let stepsBefore = 0;
  for (const [i, round] of rounds.entries()) {
    if (parameters !== undefined) {
      const codes = await encodeAll(encoderOf(parameters), bags, settings.codeSize, where);
      views.neighbours = await neighboursByCode(bags, unit, codes, views.neighbours, where);
    }
    const before = stepsBefore;
    const last = i === rounds.length - 1;
    const schedule: Schedule = last
      ? { kind: 'cosine', rate: settings.rate, warmUp: WARM_UP }
      : { kind: 'constant', rate: settings.rate };
    const result = await runTraining(program, views.next, {
      steps: round.steps,
      schedule,
      seed: settings.seed + i,
      ...(parameters === undefined ? {} : { start: parameters }),
      ...where,
      ...(hooks.signal === undefined ? {} : { signal: hooks.signal }),
      onProgress: ({ step, loss }) => {
        const done = before + step;
        const secondsPerStep = (performance.now() - started) / 1000 / done;
        report({ step: done, steps: plan.steps, loss, secondsLeft: secondsPerStep * (plan.steps - done) });
      },
    });
    parameters = result.parameters;
    stepsBefore += round.steps;
    losses.push(...meanLosses(result.losses, round));
  }
  return {
    encoder: encoderOf(parameters!),
    decoder: exportModel({
      name: 'text-decoder',
      input: { name: 'code', type: 'float32', row: [settings.codeSize] },
      parameters: parameters!.filter(({ name }) => name.startsWith('words')),
      metadata,
      build: (code, weights) => ({ logProbabilities: logSoftmax(decode(code, weights as Weights)) }),
    }),
    codeSize: settings.codeSize,
    recipe,
    losses,
    seconds: (performance.now() - started) / 1000,
  };
};

/** The epochs before neighbours are sought anew, and those after. */
function roundsOf(plan: EpochPlan, firstRound: number): EpochPlan[] {
  const first = Math.min(plan.epochs, Math.max(1, Math.round(plan.epochs * firstRound)));
  return [first, plan.epochs - first]
    .filter((epochs) => epochs > 0)
    .map((epochs) => ({ ...plan, epochs, steps: epochs * plan.stepsPerEpoch }));
}

function exportEncoder(
  parameters: readonly Parameter[],
  idf: Float32Array,
  { inputLength }: Settings,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  return exportModel({
    name: 'text-encoder',
    input: { name: 'counts', type: 'float32', row: [idf.length] },
    parameters: [
      ...parameters.filter(({ name }) => !name.startsWith('words')),
      { name: 'idf', shape: [idf.length], data: idf },
    ],
    metadata,
    build: (counts, weights) => {
      // 1 + log c for c ≥ 1 and 0 for 0, without a condition.
      const logarithmic = add(min(counts, 1), log(max(counts, 1)));
      const input = mul(l2Normalise(mul(logarithmic, weights.idf!)), inputLength);
      return { code: encode(gemm(input, weights.hidden!), weights as Weights) };
    },
  });
}

/** The codes of all documents, each scaled to length 1: [documents × codeSize]. */
async function encodeAll(
  encoder: Uint8Array,
  { rows, vocabularySize, indptr, indices, counts }: BagsOfWords,
  codeSize: number,
  where: { readonly device: Device; readonly threads?: number },
): Promise<Float32Array> {
  const session = await openSession(encoder, where);
  const codes = new Float32Array(rows * codeSize);
  try {
    for (let first = 0; first < rows; first += ENCODED_AT_ONCE) {
      const size = Math.min(ENCODED_AT_ONCE, rows - first);
      const dense = new Float32Array(size * vocabularySize);
      for (let row = 0; row < size; row++) {
        for (let i = indptr[first + row]!; i < indptr[first + row + 1]!; i++)
          dense[row * vocabularySize + indices[i]!] = counts[i]!;
      }
      const { code } = await session.run({ counts: { data: dense, shape: [size, vocabularySize] } });
      codes.set(code!.data as Float32Array, first * codeSize);
    }
  } finally {
    await session.release();
  }
  for (let row = 0; row < rows; row++) {
    const code = codes.subarray(row * codeSize, (row + 1) * codeSize);
    const length = Math.sqrt(code.reduce((sum, value) => sum + value * value, 0));
    for (let i = 0; i < codeSize; i++) code[i]! /= length;
  }
  return codes;
}

/** @param weighted the product of the input with the weights of the hidden layer */
function encode(weighted: Tensor, weights: Weights): Tensor {
  const hidden = tanh(add(weighted, weights.hiddenBias));
  return tanh(gemm(hidden, weights.code, { bias: weights.codeBias }));
}

function decode(code: Tensor, weights: Weights): Tensor {
  return gemm(code, weights.words, { bias: weights.wordsBias });
}

function defineTextProgram(bags: BagsOfWords, batchSize: number, settings: Settings) {
  const { hiddenSize, codeSize, codeNoise, viewWords, inputLength, agreementWeight, temperature, seed } = settings;
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
    loss: ({ graph, parameters, streamed }) => {
      const codes = encode(embeddingSum(parameters.hidden, streamed.words, streamed.wordWeights), parameters);
      const first = slice(codes, 0, 0, batchSize);
      const second = slice(codes, 0, batchSize, 2 * batchSize);
      const logits = decode(addGaussianNoise(graph, first, codeNoise, seed), parameters);
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

function layer(shape: readonly number[], inputs: number): ParameterDescription {
  return { shape, initial: uniform(1 / Math.sqrt(inputs)) };
}
