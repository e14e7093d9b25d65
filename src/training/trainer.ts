// Runs a training program: chunk after chunk of steps, epoch after epoch, with checkpoints, progress and cancelling.
import { throwIfAborted } from '../errors.ts';
import { openSession } from '../runtime/onnx-session.ts';
import { fingerprintOf, loadCheckpoint } from './checkpoint.ts';
import { type ChunkSource, type NextChunk, skipSteps } from './chunks.ts';
import type { Program } from './program.ts';
import { NAMES } from './program-names.ts';
import { learningRate } from './schedule.ts';
import { partOf, startingState, stateBytes } from './state.ts';
import type { TrainingOptions, TrainingResult } from './training-options.ts';
import { LARGE_STATE, TrainingRun } from './training-run.ts';

/**
 * Trains. Blocks its thread for about a second at a time: run it in a worker.
 *
 * The result depends on the program, the data, the options and the number of threads only, not on timing, nor on how often
 * the training was interrupted.
 *
 * @throws SandglassError ABORTED; TRAINING_DIVERGED with the step and the likely cause; DEVICE_UNAVAILABLE;
 *   CHECKPOINT_BROKEN, CHECKPOINT_MISMATCH, DISK_FULL, OUTPUT_UNWRITABLE of a checkpoint
 */
export async function runTraining(
  program: Program,
  chunks: NextChunk | ChunkSource,
  options: TrainingOptions,
): Promise<TrainingResult> {
  checkOptions(options);
  const { steps, seed, schedule, start = [], stepsPerEpoch, patience, checkpoint, signal } = options;
  throwIfAborted(signal, 'Training was stopped before it began');
  const source = typeof chunks === 'function' ? { next: chunks } : chunks;
  const run = new TrainingRun(program, source, startingState(program, seed, start), options, (step) =>
    learningRate(schedule, step, steps),
  );
  if (checkpoint !== undefined) {
    const settings = { steps, seed, schedule, start, stepsPerEpoch, patience, run: checkpoint.run ?? '' };
    const fingerprint = fingerprintOf(program, settings);
    const progress = await loadCheckpoint(checkpoint.file, fingerprint, run.state);
    run.keepCheckpoints(checkpoint, fingerprint);
    if (progress !== undefined) {
      run.resume(progress);
      await skipSteps(source, progress.step);
      options.onResume?.(progress.step);
    }
  }
  const session = await openSession(program.model, {
    device: options.device ?? 'auto',
    spinning: options.spinning ?? false,
    memory: memoryFor(stateBytes(run.state)),
    ...(options.threads === undefined ? {} : { threads: options.threads }),
  });
  try {
    await run.finish(session);
  } finally {
    await session.release();
  }
  const { state, epoch } = run.result;
  return {
    parameters: partOf(state, program.parameters, NAMES.parameter),
    buffers: partOf(state, program.buffers, NAMES.buffer),
    losses: run.losses,
    metrics: run.metrics,
    validations: run.validations,
    epoch,
    seconds: run.seconds,
  };
}

/**
 * What keeps the peak below the data, twelve times the parameters and 300 MB: with 39 MB of parameters and Adam, `fast`
 * took 890 MB, `lean` 820 at the same speed; with 115 MB `lean` 1,950 MB, `least` 1,320 and half as much time again.
 */
function memoryFor(bytes: number): 'fast' | 'lean' | 'least' {
  if (bytes <= LARGE_STATE) return 'fast';
  return bytes <= 120 * 2 ** 20 ? 'lean' : 'least';
}

function checkOptions({ steps, stepsPerEpoch, validate, patience }: TrainingOptions): void {
  if (!Number.isInteger(steps) || steps < 1) {
    throw new RangeError(`Expected a number of steps ≥ 1 but received ${steps}`);
  }
  if (stepsPerEpoch !== undefined && !(Number.isInteger(stepsPerEpoch) && stepsPerEpoch >= 1)) {
    throw new RangeError(`Expected stepsPerEpoch ≥ 1 but received ${stepsPerEpoch}`);
  }
  if (patience !== undefined && validate === undefined) {
    throw new TypeError('Expected validate where there is a patience but received none');
  }
}
