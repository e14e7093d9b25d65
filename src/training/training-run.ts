// One training on its way: what it has reached, and how it gets from chunk to chunk and from epoch to epoch.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SandglassError } from '../errors.ts';
import type { NumericTensor } from '../runtime/numeric-tensor.ts';
import type { OnnxSession } from '../runtime/onnx-session.ts';
import { type CheckpointOptions, type Progress, saveCheckpoint } from './checkpoint.ts';
import { ChunkLength, type ChunkSource } from './chunks.ts';
import { collectGarbage } from './collect-garbage.ts';
import { demandFiniteLosses, demandFiniteParameters, demandFiniteValidation } from './divergence.ts';
import { EarlyStopping } from './early-stopping.ts';
import { named, scalarFeeds, unsharedTensors } from './feeds.ts';
import { noiseTables, noiseWindows } from './noise.ts';
import type { Program } from './program.ts';
import { NAMES } from './program-names.ts';
import { partOf, type State, stateBytes, stateTensors } from './state.ts';
import type { TrainedState, TrainingOptions } from './training-options.ts';

const SECONDS_BETWEEN_CHECKPOINTS = 30;
/** From so many bytes on, the states of former chunks are not left to V8. */
export const LARGE_STATE = 32 * 2 ** 20;

export class TrainingRun {
  readonly #program: Program;
  readonly #source: ChunkSource;
  readonly #options: TrainingOptions;
  readonly #rateOf: (step: number) => number;
  readonly #stepsPerEpoch: number;
  readonly #stopping: EarlyStopping;
  readonly #length: ChunkLength;
  readonly #losses: Float32Array;
  readonly #metrics: Readonly<Record<string, Float32Array>>;
  readonly #stateIsLarge: boolean;
  #state: State;
  #step = 0;
  #epochs = 0;
  #seconds = 0;
  #epochSeconds = 0;
  #checkpoint: (CheckpointOptions & { readonly fingerprint: string }) | undefined;
  #savedStep = 0;
  #savedAt = performance.now();

  constructor(
    program: Program,
    source: ChunkSource,
    state: State,
    options: TrainingOptions,
    rateOf: (step: number) => number,
  ) {
    this.#program = program;
    this.#source = source;
    this.#state = state;
    this.#stateIsLarge = stateBytes(state) >= LARGE_STATE;
    this.#options = options;
    this.#rateOf = rateOf;
    this.#stepsPerEpoch = options.stepsPerEpoch ?? options.steps;
    this.#stopping = new EarlyStopping(options.patience);
    this.#length = new ChunkLength(options.mostStepsPerChunk ?? 200);
    this.#losses = new Float32Array(options.steps);
    this.#metrics = Object.fromEntries(program.metrics.map((name) => [name, new Float32Array(options.steps)]));
  }

  get state(): State {
    return this.#state;
  }

  /** The state to give back, and the epoch it is of. */
  get result(): { readonly state: State; readonly epoch: number } {
    return this.#stopping.best ?? { state: this.#state, epoch: this.#epochs };
  }

  get validations(): readonly number[] {
    return this.#stopping.validations;
  }

  /** Of the steps that were done. */
  get losses(): Float32Array {
    return this.#losses.subarray(0, this.#step);
  }

  get metrics(): Readonly<Record<string, Float32Array>> {
    return Object.fromEntries(
      Object.entries(this.#metrics).map(([name, values]) => [name, values.subarray(0, this.#step)]),
    );
  }

  get seconds(): number {
    return this.#seconds;
  }

  keepCheckpoints(options: CheckpointOptions, fingerprint: string): void {
    this.#checkpoint = { ...options, fingerprint };
  }

  /** Goes on from what another run had reached. */
  resume(progress: Progress): void {
    this.#state = progress.state;
    this.#step = progress.step;
    this.#savedStep = progress.step;
    this.#epochs = progress.epochs;
    this.#seconds = progress.seconds;
    this.#epochSeconds = progress.epochSeconds;
    this.#losses.set(progress.losses);
    for (const [name, values] of Object.entries(progress.metrics)) this.#metrics[name]?.set(values);
    this.#stopping.restore(progress.validations, progress.best);
  }

  /** Trains to the end. */
  async finish(session: OnnxSession): Promise<void> {
    const { steps, signal, seed } = this.#options;
    const constant = {
      ...unsharedTensors(named(this.#program.resident, this.#options.resident ?? {}, NAMES.resident)),
      ...noiseTables(this.#program.noise, seed),
    };
    const began = { step: this.#step, at: performance.now() };
    try {
      await this.#closeEpoch();
      while (this.#step < steps && !this.#stopping.shouldStop) {
        signal?.throwIfAborted();
        const untilEpochEnds = this.#stepsPerEpoch - (this.#step % this.#stepsPerEpoch);
        await this.#runChunk(
          session,
          constant,
          Math.min(this.#length.next(), untilEpochEnds, steps - this.#step),
          began,
        );
        await this.#closeEpoch();
        if (this.#checkpointIsDue()) await this.#save();
        await nextTurn();
      }
      signal?.throwIfAborted();
      if (this.#checkpoint?.atEnd === true && this.#savedStep < this.#step) await this.#save();
    } catch (thrown) {
      // What went wrong by itself is said, and not saved.
      const wentWrong = thrown instanceof SandglassError && thrown.code !== 'ABORTED';
      if (signal?.aborted === true && !wentWrong) throw await this.#aborted(thrown);
      throw thrown;
    }
  }

  async #runChunk(
    session: OnnxSession,
    constant: Readonly<Record<string, NumericTensor>>,
    count: number,
    began: { readonly step: number; readonly at: number },
  ): Promise<void> {
    const { steps, seed, onSteps, onProgress } = this.#options;
    const first = this.#step;
    if (this.#stateIsLarge) collectGarbage();
    const started = performance.now();
    const rates = Array.from({ length: count }, (_, i) => this.#rateOf(first + i));
    const streamed = named(this.#program.streamed, await this.#source.next(first, count), NAMES.streamed);
    const results = await session.run({
      ...this.#state,
      ...constant,
      ...streamed,
      ...noiseWindows(this.#program.noise, seed, first, count),
      ...scalarFeeds(this.#program.optimizer, first, rates),
    });
    const losses = results[NAMES.losses]!.data as Float32Array;
    demandFiniteLosses(losses, first, this.#rateOf);
    const metrics = Object.fromEntries(
      this.#program.metrics.map((name) => [name, results[NAMES.metric(name)]!.data as Float32Array]),
    );
    this.#state = Object.fromEntries(
      Object.keys(this.#state).map((name) => [name, results[NAMES.next(name)]!]),
    ) as State;
    this.#losses.set(losses, first);
    for (const [name, values] of Object.entries(metrics)) this.#metrics[name]!.set(values, first);
    this.#step = first + count;
    const seconds = (performance.now() - started) / 1000;
    this.#length.took(count, seconds);
    this.#seconds += seconds;
    this.#epochSeconds += seconds;
    onSteps?.({ first, losses, metrics, rates });
    const secondsPerStep = (performance.now() - began.at) / 1000 / (this.#step - began.step);
    onProgress?.({ step: this.#step, steps, loss: mean(losses), secondsLeft: secondsPerStep * (steps - this.#step) });
  }

  /** Validates and reports, when an epoch's steps are done and that was not done yet. */
  async #closeEpoch(): Promise<void> {
    const { steps, validate, afterEpoch } = this.#options;
    const first = this.#epochs * this.#stepsPerEpoch;
    const last = Math.min(first + this.#stepsPerEpoch, steps);
    if (this.#step < last || first >= steps) return;
    this.#demandFinite();
    const trained = this.#trained();
    const validation = await validate?.(trained);
    if (validation !== undefined) demandFiniteValidation(validation, this.#epochs + 1);
    const report = {
      ...trained,
      epoch: this.#epochs + 1,
      step: this.#step,
      loss: mean(this.#losses.subarray(first, last)),
      seconds: this.#epochSeconds,
      ...(validation === undefined ? {} : { validation }),
    };
    await afterEpoch?.(report);
    if (validation !== undefined) this.#stopping.record(validation, this.#described());
    this.#epochs++;
    this.#epochSeconds = 0;
  }

  #trained(): TrainedState {
    return {
      parameters: partOf(this.#state, this.#program.parameters, NAMES.parameter),
      buffers: partOf(this.#state, this.#program.buffers, NAMES.buffer),
    };
  }

  /** The state without what the optimizer remembers. */
  #described(): State {
    const inputs = stateTensors(this.#program).flatMap(({ input, described }) => (described ? [input] : []));
    return Object.fromEntries(inputs.map((input) => [input, this.#state[input]!]));
  }

  #demandFinite(): void {
    demandFiniteParameters(this.#trained().parameters, this.#step - 1, this.#rateOf);
  }

  #checkpointIsDue(): boolean {
    const { everySeconds = SECONDS_BETWEEN_CHECKPOINTS } = this.#checkpoint ?? { everySeconds: Infinity };
    return performance.now() - this.#savedAt >= everySeconds * 1000;
  }

  async #save(): Promise<void> {
    if (this.#checkpoint === undefined) return;
    this.#demandFinite();
    await saveCheckpoint(this.#checkpoint.file, this.#checkpoint.fingerprint, {
      step: this.#step,
      epochs: this.#epochs,
      state: this.#state,
      losses: this.losses,
      metrics: this.metrics,
      validations: this.validations,
      best: this.#stopping.best,
      seconds: this.#seconds,
      epochSeconds: this.#epochSeconds,
    });
    this.#savedStep = this.#step;
    this.#savedAt = performance.now();
  }

  /** The error of a training that was stopped; what it has reached is saved first. */
  async #aborted(cause: unknown): Promise<SandglassError> {
    if (this.#checkpoint !== undefined) await this.#save();
    const kept =
      this.#checkpoint === undefined
        ? 'nothing of it was kept'
        : `running it again goes on from step ${this.#savedStep} of ${this.#options.steps}`;
    return new SandglassError('ABORTED', `Training was stopped before it was done; ${kept}`, { cause });
  }
}

function mean(list: Float32Array): number {
  return list.reduce((sum, value) => sum + value, 0) / list.length;
}
