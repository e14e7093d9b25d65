// The rows of each step, in an order that is drawn anew each epoch, as the program of a network wants them.
import type { NumericTensor } from '../../runtime/numeric-tensor.ts';
import type { ChunkSource } from '../chunks.ts';
import { BatchOrder, type EpochPlan } from '../epochs.ts';
import type { Shape } from '../graph/shape.ts';
import type { Random } from '../random.ts';
import { PICKED, ROWS, type RowsOfProgram } from './network-program.ts';

/** Rows to learn from: [count, …shape], bytes of pixels or counts of words. */
export interface TrainingRows {
  readonly count: number;
  readonly type: 'uint8' | 'float32';
  /** All of them, when they fit into memory. */
  readonly resident?: Uint8Array | Float32Array;
  /** Rows by number, one after the other. */
  read(rows: Uint32Array): Promise<Uint8Array | Float32Array>;
}

/** Streamed rows of a chunk take no more than this. */
const MOST_STREAMED_BYTES = 64 * 2 ** 20;

/** How a program is told of these rows. */
export function rowsOfProgram({ count, type, resident }: TrainingRows, { batchSize }: EpochPlan): RowsOfProgram {
  return { count, type, resident: resident !== undefined, batch: batchSize };
}

/** What stays with the runtime all through the training. */
export function residentRows({ count, resident }: TrainingRows, row: Shape): Readonly<Record<string, NumericTensor>> {
  return resident === undefined ? {} : { [ROWS]: { data: resident, shape: [count, ...row] } };
}

/** How many steps one call into the runtime may take. */
export function mostStepsPerChunk(data: TrainingRows, row: Shape, { batchSize, stepsPerEpoch }: EpochPlan): number {
  if (data.resident !== undefined) return stepsPerEpoch;
  const bytesOfRow = row.reduce((product, size) => product * size, data.type === 'uint8' ? 1 : 4);
  return Math.max(1, Math.floor(MOST_STREAMED_BYTES / (bytesOfRow * batchSize)));
}

/**
 * @param places the rows that are trained on
 * @param alongside more to hand over for `count` steps from `first` on
 */
export function rowChunks(
  data: TrainingRows,
  row: Shape,
  places: Uint32Array,
  plan: EpochPlan,
  random: Random,
  alongside: (first: number, count: number) => Readonly<Record<string, NumericTensor>>,
): ChunkSource {
  const order = new BatchOrder(plan, random);
  const { batchSize } = plan;
  return {
    skipTo: (step) => order.skipTo(step),
    async next(first, count) {
      const rows = new Uint32Array(count * batchSize);
      for (let step = 0; step < count; step++) {
        const batch = order.next().map((i) => places[i]!);
        rows.set(batch, step * batchSize);
      }
      const picked: Record<string, NumericTensor> =
        data.resident === undefined
          ? { [ROWS]: { data: await data.read(rows), shape: [count, batchSize, ...row] } }
          : { [PICKED]: { data: BigInt64Array.from(rows, BigInt), shape: [count, batchSize] } };
      return { ...picked, ...alongside(first, count) };
    },
  };
}
