// The training itself, told as it goes: a line for each step and epoch, a sheet for each epoch, events for who watches.
import type { DataSet, DataSets } from '../data-sets/data-set.ts';
import type { Recipe } from '../training/network/recipe.ts';
import { type TrainedNetwork, trainNetwork } from '../training/network/train-network.ts';
import type { NetworkEpoch, StageOfTraining } from '../training/network/training-stage.ts';
import type { StepReport } from '../training/training-options.ts';
import type { RunFolder } from './run-folder.ts';
import type { RunLine, RunLog } from './run-log.ts';
import { drawEpochSheet, isPicture } from './run-pictures.ts';
import type { TrainEvent, TrainOptions } from './train-events.ts';

/** Trains all stages of a recipe, or goes on with them, and writes what happens into the folder. */
export async function trainStages(
  recipe: Recipe,
  { train: rows, test, fingerprint }: DataSets,
  folder: RunFolder,
  { device, threads, signal, checkpointSeconds }: TrainOptions,
  emit: (event: TrainEvent) => void,
): Promise<TrainedNetwork> {
  const log = new StageLog(folder.log);
  const shown = isPicture(recipe) ? await rowsToShow(test.rows > 0 ? test : rows) : undefined;
  return trainNetwork(
    recipe,
    {
      count: rows.rows,
      type: rows.type,
      ...(rows.resident === undefined ? {} : { resident: rows.resident }),
      read: (numbers) => rows.read(numbers),
    },
    {
      checkpoints: folder.path,
      dataFingerprint: fingerprint,
      ...(device === undefined ? {} : { device }),
      ...(threads === undefined ? {} : { threads }),
      ...(signal === undefined ? {} : { signal }),
      ...(checkpointSeconds === undefined ? {} : { checkpointSeconds }),
      onStage: ({ stage, stages, name, epochs }) => emit({ phase: 'stage', stage, stages, name, epochs }),
      onResume: (stage, step) => {
        emit({ phase: 'resume', stage: stage.stage, step });
        log.resume(stage, step);
      },
      onSteps: (stage, steps) => log.steps(stage, steps),
      onProgress: ({ stage, epoch, epochs, step, steps, loss, secondsLeft }) =>
        emit({ phase: 'train', stage, epoch, epochs, step, steps, loss, secondsLeft }),
      afterEpoch: async (epoch) => {
        const sheet = shown && (await drawEpochSheet(folder, recipe, epoch, shown));
        log.epoch(epoch, sheet);
        emit(epochEvent(epoch, sheet));
      },
    },
  );
}

/** Writes the stages' lines. What an earlier run logged and no checkpoint knows of is dropped before the first one. */
class StageLog {
  readonly #log: RunLog;
  #stage = 0;

  constructor(log: RunLog) {
    this.#log = log;
  }

  resume(place: StageOfTraining, step: number): void {
    this.#goBack(place, step);
    this.#log.append([{ kind: 'resume', stage: place.stage, step, at: new Date().toISOString() }]);
  }

  steps(place: StageOfTraining, { first, losses, metrics, rates }: StepReport): void {
    this.#goBack(place, first);
    const named = Object.entries(metrics);
    const lines = Array.from(
      losses,
      (loss, i): RunLine => ({
        kind: 'step',
        stage: place.stage,
        step: first + i + 1,
        loss,
        rate: rates[i],
        ...Object.fromEntries(named.map(([name, values]) => [name, values[i]!])),
      }),
    );
    this.#log.append(lines);
  }

  epoch(place: NetworkEpoch, sheet: string | undefined): void {
    const { stage, epoch, step, loss, validation, seconds } = place;
    this.#goBack(place, step);
    this.#log.append([{ kind: 'epoch', stage, epoch, step, loss, validation, seconds, sheet }]);
  }

  /** Once a stage: to the step after which this run does them, as the stage's checkpoint says; 0 where there is none. */
  #goBack({ stage }: StageOfTraining, step: number): void {
    if (stage === this.#stage) return;
    this.#stage = stage;
    this.#log.goBack(stage, step);
  }
}

/** Rows that the sheets show: four lines of eight. */
const ROWS_SHOWN = 32;

/** From all over the set: neighbours in a folder are often of one class. */
async function rowsToShow(set: DataSet): Promise<Uint8Array | Float32Array> {
  const count = Math.min(ROWS_SHOWN, set.rows);
  return set.read(Uint32Array.from({ length: count }, (_, i) => Math.floor((i * set.rows) / count)));
}

function epochEvent(
  { stage, stages, epoch, epochs, loss, validation, seconds }: NetworkEpoch,
  sheet: string | undefined,
): TrainEvent {
  return {
    phase: 'epoch',
    stage,
    stages,
    epoch,
    epochs,
    loss,
    seconds,
    ...(validation === undefined ? {} : { validation }),
    ...(sheet === undefined ? {} : { sheet }),
  };
}
