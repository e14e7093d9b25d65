// The recipe for documents: a de-noising auto-encoder from a few of a document's words to the words of it and its neighbours.
import { SandglassError } from '../../errors.ts';
import type { Recipe } from '../auto-encoder.ts';
import { type BagsOfWords, inverseDocumentFrequencies, unitLogTfIdf, withoutEmptyRows } from '../bags-of-words.ts';
import { neighboursByCode } from '../code-neighbours.ts';
import { DocumentViews } from '../document-views.ts';
import { BatchOrder, type EpochPlan, epochProgress, meanLosses, planEpochs } from '../epochs.ts';
import { firstNeighbours } from '../first-neighbours.ts';
import { Random } from '../random.ts';
import type { Schedule } from '../schedule.ts';
import type { Parameter } from '../state.ts';
import { defineTextProgram, encodeDocuments, exportDecoder, exportEncoder } from '../text-network.ts';
import { runTraining } from '../trainer.ts';
import { neighboursFor, type TextRecipeOptions, type TextSettings, textSettings } from './text-settings.ts';

export type { TextQuality, TextRecipeOptions } from './text-settings.ts';

/** Fewer documents than this teach nothing. */
const LEAST_DOCUMENTS = 16;
const WARM_UP = 10;
/** Neighbours are sought by codes of so many numbers at least; smaller codes are learned in the last round, from the hidden layer on. */
const SEEKING_SIZE = 128;

/**
 * encoder.onnx: `counts` [N, vocabulary] float32, raw word counts → `code` [N, codeSize] in −1…1, whose signs are good bits.
 * decoder.onnx: `code` → `logProbabilities` [N, vocabulary], the words a document of that code most likely has.
 *
 * The loss is that of a distribution over words (−Σ t·log softmax) plus half the agreement. On 9,428 posts of 20 Newsgroups
 * it ends at 9.1 with 128 numbers.
 *
 * The defaults were chosen on every sixth post of 20 Newsgroups' training half, one seed: docs/text.md says what each brings.
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
  const settings = textSettings(given, bags.rows);
  const where = { device, ...(threads === undefined ? {} : { threads }) };
  const started = performance.now();
  const idf = inverseDocumentFrequencies(bags);
  const unit = unitLogTfIdf(bags, idf);
  const plan = planEpochs(bags.rows, settings.batchSize, settings.epochs);
  const random = new Random(settings.seed);
  const views = new DocumentViews(
    bags,
    unit,
    await firstNeighbours(bags, unit, neighboursFor(bags.rows, settings.neighbours), { seed: settings.seed, ...where }),
    new BatchOrder(plan, random.fork()),
    random.fork(),
    settings,
  );
  const early = { ...settings, codeSize: Math.max(settings.codeSize, SEEKING_SIZE), signShare: 0 };
  const programs = [early, settings].map((of) => defineTextProgram(bags, plan.batchSize, of));
  const recipe = { name: 'text', ...settings, vocabularySize: bags.vocabularySize, documents: bags.rows };
  const metadata = { recipe: JSON.stringify(recipe) };
  const encoderOf = (parameters: readonly Parameter[]) => exportEncoder(parameters, idf, settings, metadata);
  const keeps = (name: string) => early.codeSize === settings.codeSize || name.startsWith('hidden');

  let parameters: readonly Parameter[] | undefined;
  const losses: number[] = [];
  const report = epochProgress(plan, hooks);
  const rounds = roundsOf(plan, settings);
  let stepsBefore = 0;
  for (const [i, round] of rounds.entries()) {
    if (parameters !== undefined) {
      const codes = await encodeDocuments(encoderOf(parameters), bags, early.codeSize, where);
      const k = neighboursFor(bags.rows, settings.laterNeighbours);
      views.neighbours = await neighboursByCode(bags, unit, codes, views.neighbours, k, where);
    }
    const before = stepsBefore;
    const last = i === rounds.length - 1;
    const schedule: Schedule = last
      ? { kind: 'cosine', rate: settings.rate, warmUp: WARM_UP }
      : { kind: 'constant', rate: settings.rate };
    const result = await runTraining(programs[last ? 1 : 0]!, views.next, {
      steps: round.steps,
      schedule,
      seed: settings.seed + i,
      ...(parameters === undefined ? {} : { start: last ? parameters.filter(({ name }) => keeps(name)) : parameters }),
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
    decoder: exportDecoder(parameters!, settings, metadata),
    codeSize: settings.codeSize,
    recipe,
    losses,
    seconds: (performance.now() - started) / 1000,
  };
};

/** The epochs after each of which neighbours are sought anew; the rounds before the last one are equally long. */
function roundsOf(plan: EpochPlan, { rounds, lastRound }: TextSettings): EpochPlan[] {
  const last = rounds === 1 ? plan.epochs : Math.max(1, Math.round(plan.epochs * lastRound));
  const before = plan.epochs - last;
  const ends = Array.from({ length: rounds }, (_, i) =>
    i === rounds - 1 ? plan.epochs : Math.round((before * (i + 1)) / (rounds - 1)),
  );
  return ends
    .map((end, i) => end - (ends[i - 1] ?? 0))
    .filter((epochs) => epochs > 0)
    .map((epochs) => ({ ...plan, epochs, steps: epochs * plan.stepsPerEpoch }));
}
