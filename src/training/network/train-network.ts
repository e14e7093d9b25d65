// Trains a recipe's network on rows: held-out validation, layer-wise pre-training where asked, then the whole network.
import { existsSync } from 'node:fs';
import { type EpochPlan, planEpochs } from '../epochs.ts';
import { Random } from '../random.ts';
import type { Parameter } from '../state.ts';
import type { TrainedState, TrainingResult } from '../training-options.ts';
import { EVALUATION_BLOCK, type Evaluator, openEvaluator, reconstruct } from './evaluation.ts';
import { buildNetwork, type Network } from './network.ts';
import { defineNetworkProgram, lossWeightsOf } from './network-program.ts';
import { type PretrainingStage, pretrainingStages, stageProgram } from './pretraining.ts';
import type { Recipe } from './recipe.ts';
import { mostStepsPerChunk, residentRows, rowChunks, rowsOfProgram, type TrainingRows } from './row-chunks.ts';
import { type RowSplit, splitRows } from './split-rows.ts';
import {
  checkpointFile,
  type NetworkTrainingOptions,
  runStage,
  type StageOfTraining,
  type StageResult,
} from './training-stage.ts';

export type { TrainingRows } from './row-chunks.ts';
export type { NetworkEpoch, NetworkTrainingOptions, StageResult } from './training-stage.ts';

export interface TrainedNetwork {
  readonly recipe: Recipe;
  readonly network: Network;
  /** Parameters and buffers. */
  readonly values: readonly Parameter[];
  readonly stages: readonly StageResult[];
  /** The epoch that gave the values: the best one with early stopping. */
  readonly epoch: number;
  readonly trainingRows: number;
  readonly validationRows: number;
  /** Rows of a step: fewer than the recipe says when there are no more. */
  readonly batch: number;
  readonly seconds: number;
}

/** Rows that are evaluated at a time where there is no validation, and only some are looked at. */
const FEW_ROWS = 32;

/**
 * Blocks its thread for about a second at a time: run it in a worker.
 *
 * @throws SandglassError GRAPH_SHAPE, RECIPE_INVALID, TRAINING_TOO_SMALL, TRAINING_DIVERGED, ABORTED, DEVICE_UNAVAILABLE,
 *   CHECKPOINT_BROKEN, CHECKPOINT_MISMATCH, DISK_FULL
 */
export async function trainNetwork(
  recipe: Recipe,
  data: TrainingRows,
  options: NetworkTrainingOptions = {},
): Promise<TrainedNetwork> {
  const network = buildNetwork(recipe);
  const layers = recipe.pretraining === undefined ? [] : pretrainingStages(recipe, network);
  const random = new Random(recipe.seed);
  const split = splitRows(recipe, data.count, random.fork());
  const stages = layers.length + 1;
  const run: Run = { recipe, network, data, split, options, stages, begun: stagesBegun(stages, options), random };
  const results: StageResult[] = [];
  let values: Parameter[] = [];
  for (const layer of layers) {
    const { trained, result } = await trainLayer(run, layer, values, results.length + 1);
    values = [...values, ...trained.parameters];
    results.push(result);
  }
  const { trained, result } = await trainWhole(run, values);
  results.push(result);
  return {
    recipe,
    network,
    values: valuesOf(trained),
    stages: results,
    epoch: trained.epoch,
    trainingRows: split.training.length,
    validationRows: split.validation.length,
    batch: Math.min(recipe.batch, split.training.length),
    seconds: results.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

/** What the stages of one training share. */
interface Run {
  readonly recipe: Recipe;
  readonly network: Network;
  readonly data: TrainingRows;
  readonly split: RowSplit;
  readonly options: NetworkTrainingOptions;
  readonly stages: number;
  /** The last stage that an interrupted training left a checkpoint of; 0 when there is none. */
  readonly begun: number;
  /** Gives each stage an order of its own. */
  readonly random: Random;
}

interface TrainedStage {
  readonly trained: TrainingResult;
  readonly result: StageResult;
}

function stagesBegun(stages: number, options: NetworkTrainingOptions): number {
  for (let stage = stages; stage > 0; stage--) {
    const file = checkpointFile({ stage, stages }, options);
    if (file !== undefined && existsSync(file)) return stage;
  }
  return 0;
}

/** One layer and its mirror, above those that were trained before. */
async function trainLayer(
  run: Run,
  layer: PretrainingStage,
  before: readonly Parameter[],
  stage: number,
): Promise<TrainedStage> {
  const { recipe, network, data, split } = run;
  const { epochs, rate } = recipe.pretraining!;
  const plan = planEpochs(split.training.length, recipe.batch, epochs);
  const below = before.filter(({ name }) => layer.frozen.includes(name));
  const trained = await runStage(
    {
      ...commonTask(run, plan, { stage, name: layer.name }),
      program: stageProgram(recipe, network, layer, rowsOfProgram(data, plan)),
      chunks: rowChunks(data, network.input, split.training, plan, run.random.fork(), () => ({})),
      resident: {
        ...residentRows(data, network.input),
        ...Object.fromEntries(below.map(({ name, shape, data: values }) => [name, { data: values, shape }])),
      },
      schedule: { kind: 'constant', rate: rate ?? recipe.schedule.rate },
      start: [],
    },
    run.options,
  );
  return { trained, result: resultOf(placeOf(run, plan, { stage, name: layer.name }), plan, trained) };
}

async function trainWhole(run: Run, start: readonly Parameter[]): Promise<TrainedStage> {
  const { recipe, network, data, split, options } = run;
  const plan = planEpochs(split.training.length, recipe.batch, recipe.epochs);
  const at = { stage: run.stages, name: 'whole network' };
  const { warmUp, ...schedule } = recipe.schedule;
  const { patience } = recipe.validation;
  const evaluator = await openEvaluator(recipe, network, {
    block: Math.min(EVALUATION_BLOCK, split.validation.length || FEW_ROWS),
    device: options.device ?? 'auto',
    ...(options.threads === undefined ? {} : { threads: options.threads }),
  });
  try {
    const trained = await runStage(
      {
        ...commonTask(run, plan, at),
        program: defineNetworkProgram(recipe, network, rowsOfProgram(data, plan)),
        chunks: rowChunks(data, network.input, split.training, plan, run.random.fork(), (first, count) =>
          lossWeightsOf(recipe, first, count, plan.stepsPerEpoch),
        ),
        resident: residentRows(data, network.input),
        schedule: { ...schedule, warmUp: Math.round(warmUp * plan.stepsPerEpoch) },
        start,
        ...(split.validation.length === 0 ? {} : { validate: (state) => validationLoss(run, evaluator, state) }),
        ...(patience === undefined ? {} : { patience }),
        reconstruct: (state, rows) => reconstruct(evaluator, network, rows, valuesOf(state)),
      },
      options,
    );
    return { trained, result: resultOf(placeOf(run, plan, at), plan, trained) };
  } finally {
    await evaluator.release();
  }
}

type At = Pick<StageOfTraining, 'stage' | 'name'>;

function placeOf({ stages }: Run, { epochs, steps }: EpochPlan, { stage, name }: At): StageOfTraining {
  return { stage, stages, name, epochs, steps };
}

function commonTask(run: Run, plan: EpochPlan, at: At) {
  return {
    place: placeOf(run, plan, at),
    plan,
    mostStepsPerChunk: mostStepsPerChunk(run.data, run.network.input, plan),
    // Each stage draws numbers of its own.
    seed: (run.recipe.seed + at.stage - 1) >>> 0,
    goesOn: run.begun === at.stage,
  };
}

function resultOf(place: StageOfTraining, plan: EpochPlan, trained: TrainingResult): StageResult {
  const { losses, validations, seconds } = trained;
  return { ...place, losses, validations, seconds, stepsPerEpoch: plan.stepsPerEpoch };
}

function valuesOf({ parameters, buffers }: TrainedState): Parameter[] {
  return [...parameters, ...buffers];
}

/** Mean over the blocks of the rows that were held out. */
async function validationLoss({ data, split }: Run, evaluator: Evaluator, state: TrainedState): Promise<number> {
  const { block } = evaluator;
  const blocks = split.validation.length / block;
  let sum = 0;
  for (let i = 0; i < blocks; i++) {
    const rows = await data.read(split.validation.subarray(i * block, (i + 1) * block));
    sum += (await evaluator.evaluate(rows, valuesOf(state))).loss;
  }
  return sum / blocks;
}
