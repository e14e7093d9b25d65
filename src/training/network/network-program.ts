// A network's training as a program: which rows a step sees, its losses, its optimizer.
import type { NumericTensor } from '../../runtime/numeric-tensor.ts';
import { mul } from '../graph/elementwise.ts';
import type { Tensor } from '../graph/graph.ts';
import { gather, reshape, slice } from '../graph/shaping.ts';
import { weightedSum } from '../losses.ts';
import { defineProgram, type InputDescription, type Program, type StepInputs } from '../program.ts';
import { valuesOf } from './forward.ts';
import type { Network } from './network.ts';
import type { Recipe } from './recipe.ts';
import { type LossTerm, lossTerms } from './training-graph.ts';

/** The rows a network learns from: held by the runtime whole, or handed over step by step. */
export interface RowsOfProgram {
  readonly count: number;
  readonly type: 'uint8' | 'float32';
  readonly resident: boolean;
  /** Rows of one step. */
  readonly batch: number;
}

/** Names of the program's inputs for data. */
export const ROWS = 'rows';
export const PICKED = 'picked';
const LOSS_WEIGHTS = 'loss-weights';

/**
 * Resident: all rows under {@link ROWS}, and a step's row numbers streamed under {@link PICKED}. Else a step's rows
 * streamed under {@link ROWS}. Where a loss warms up, each step's weights are streamed under {@link LOSS_WEIGHTS}.
 *
 * Each loss is a metric of its name, where there are several.
 */
export function defineNetworkProgram(recipe: Recipe, network: Network, rows: RowsOfProgram): Program {
  return defineProgram<string, string, string, string>({
    name: recipe.name,
    parameters: network.parameters,
    buffers: network.buffers,
    ...rowInputs(
      network,
      rows,
      warmsUp(recipe) ? { [LOSS_WEIGHTS]: { type: 'float32', shape: [recipe.loss.length] } } : {},
    ),
    optimizer: recipe.optimizer,
    ...(recipe.clipNorm === undefined ? {} : { clipNorm: recipe.clipNorm }),
    loss(inputs) {
      const training = { noise: inputs.noise, buffers: new Map<string, Tensor>(), divergences: [] };
      const pass = {
        values: { ...inputs.parameters, ...inputs.buffers },
        switches: new Map<string, Tensor>(),
        training,
      };
      const terms = lossTerms(recipe, network, valuesOf(recipe, pickedRows(inputs)), pass);
      const streamed = inputs.streamed[LOSS_WEIGHTS];
      return {
        loss: streamed === undefined ? totalLoss(terms) : weighted(terms, streamed),
        metrics: terms.length > 1 ? Object.fromEntries(terms.map(({ spec, loss }) => [spec.kind, loss])) : {},
        buffers: Object.fromEntries(training.buffers),
      };
    },
  });
}

/** How the data comes in, with what else is streamed. */
export function rowInputs(
  { input }: Network,
  { count, type, resident, batch }: RowsOfProgram,
  others: Readonly<Record<string, InputDescription>> = {},
): Readonly<Record<'resident' | 'streamed', Readonly<Record<string, InputDescription>>>> {
  return resident
    ? {
        resident: { [ROWS]: { type, shape: [count, ...input] } },
        streamed: { [PICKED]: { type: 'int64', shape: [batch] }, ...others },
      }
    : { resident: {}, streamed: { [ROWS]: { type, shape: [batch, ...input] }, ...others } };
}

/** The rows of this step. */
export function pickedRows({
  resident,
  streamed,
}: Pick<StepInputs<string, string, string, string>, 'resident' | 'streamed'>): Tensor {
  const all = resident[ROWS];
  return all === undefined ? streamed[ROWS]! : gather(all, streamed[PICKED]!);
}

/** What {@link LOSS_WEIGHTS} is for `count` steps from `first` (from 0) on; nothing where no loss warms up. */
export function lossWeightsOf(
  recipe: Recipe,
  first: number,
  count: number,
  stepsPerEpoch: number,
): Readonly<Record<string, NumericTensor>> {
  if (!warmsUp(recipe)) return {};
  const weights = Array.from({ length: count }, (_, i) => lossWeights(recipe, first + i, stepsPerEpoch));
  return { [LOSS_WEIGHTS]: { data: Float32Array.from(weights.flat()), shape: [count, recipe.loss.length] } };
}

/** True when a loss's weight is another at each step. */
function warmsUp({ loss }: Recipe): boolean {
  return loss.some(({ warmUp }) => warmUp > 0);
}

/** The losses' weights at step `step` (from 0): those that warm up grow in a straight line. */
function lossWeights({ loss }: Recipe, step: number, stepsPerEpoch: number): number[] {
  return loss.map(({ weight, warmUp }) =>
    warmUp > 0 ? weight * Math.min(1, step / (warmUp * stepsPerEpoch)) : weight,
  );
}

function totalLoss(terms: readonly LossTerm[]): Tensor {
  return weightedSum(terms.map(({ spec, loss }) => [spec.weight, loss]));
}

function weighted(terms: readonly LossTerm[], weights: Tensor): Tensor {
  return weightedSum(terms.map(({ loss }, i) => [1, mul(loss, reshape(slice(weights, 0, i, i + 1), []))]));
}
