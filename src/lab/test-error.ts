// How well a trained network gives rows back that it never saw.
import type { DataSet } from '../data-sets/data-set.ts';
import type { Device } from '../runtime/onnx-session.ts';
import { corruptsInput, corruptValues } from '../training/network/corrupt.ts';
import { openEvaluator, reconstruct } from '../training/network/evaluation.ts';
import type { ExportedNetwork } from '../training/network/export-network.ts';
import type { TrainedNetwork } from '../training/network/train-network.ts';
import { openPair } from './exported-pair.ts';

/** Rows that are measured at a time. */
const BLOCK = 500;
const NOISE_SEED = 11;

export interface TestMeasure {
  /** The recipe's losses that compare rows with reconstructions, mean over whole blocks of test rows. */
  readonly testLoss: number;
  /** Of pictures: squared error summed over the pixels (0…1), mean over the test set, through the exported files. */
  readonly testError?: number;
  /** Of de-noising networks: the same for noisy pictures against the clean ones, and what doing nothing would score. */
  readonly denoising?: { readonly testError: number; readonly noisyError: number };
}

export async function measureTest(
  trained: TrainedNetwork,
  files: ExportedNetwork,
  test: DataSet,
  device: Device,
): Promise<TestMeasure> {
  const { recipe } = trained;
  const testLoss = await lossOn(trained, test, device);
  if (recipe.input.values !== 'pixels') return { testLoss };
  const testError = await errorThroughFiles(files, test, device);
  if (!corruptsInput(recipe)) return { testLoss, testError };
  return { testLoss, testError, denoising: await denoisingError(trained, test, device) };
}

async function lossOn({ recipe, network, values }: TrainedNetwork, test: DataSet, device: Device): Promise<number> {
  const block = Math.min(BLOCK, test.rows);
  const evaluator = await openEvaluator(recipe, network, { block, device });
  try {
    let sum = 0;
    const blocks = Math.floor(test.rows / block);
    for (let i = 0; i < blocks; i++) {
      sum += (await evaluator.evaluate(await rowsOf(test, i * block, block), values)).loss;
    }
    return sum / blocks;
  } finally {
    await evaluator.release();
  }
}

async function errorThroughFiles(files: ExportedNetwork, test: DataSet, device: Device): Promise<number> {
  const pair = await openPair(files, device);
  try {
    return await meanError(test, (rows) => pair.reconstruct(rows));
  } finally {
    await pair.release();
  }
}

async function denoisingError({ recipe, network, values }: TrainedNetwork, test: DataSet, device: Device) {
  const evaluator = await openEvaluator(recipe, network, { block: Math.min(BLOCK, test.rows), device });
  let noisyError = 0;
  try {
    const testError = await meanError(test, async (rows, first) => {
      const clean = Float32Array.from(rows, (value) => value / 255);
      const noisy = corruptValues(recipe, clean, NOISE_SEED + first);
      noisyError += squares(noisy, clean);
      const stored = noisy.map((value) => value * 255);
      return reconstruct(evaluator, network, stored, values);
    });
    return { testError, noisyError: noisyError / test.rows };
  } finally {
    await evaluator.release();
  }
}

/** Squared error of all rows against what `make` makes of them, block by block, a row's sum on average. */
async function meanError(
  test: DataSet,
  make: (rows: Uint8Array | Float32Array, first: number) => Promise<Float32Array>,
): Promise<number> {
  let sum = 0;
  for (let first = 0; first < test.rows; first += BLOCK) {
    const rows = await rowsOf(test, first, Math.min(BLOCK, test.rows - first));
    const made = await make(rows, first);
    sum += squares(
      made,
      Float32Array.from(rows, (value) => value / 255),
    );
  }
  return sum / test.rows;
}

function rowsOf(test: DataSet, first: number, count: number): Promise<Uint8Array | Float32Array> {
  return test.read(Uint32Array.from({ length: count }, (_, i) => first + i));
}

function squares(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
}
