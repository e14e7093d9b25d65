// A training of a second or two with all that a checkpoint has to keep, in a process of its own that can be killed:
//   node interrupted-training.mjs CHECKPOINT MILLISECONDS_A_CHUNK STEPS_A_CHUNK
// Prints `step N` after each chunk, `resumed N` where it goes on, and at the end `done` with a hash of all results.
import { createHash } from 'node:crypto';
import { maskInputs } from '../../dist/training/corruption.js';
import { add, mul, sub, tanh } from '../../dist/training/graph/elementwise.js';
import { gemm } from '../../dist/training/graph/linear.js';
import { mean } from '../../dist/training/graph/reduction.js';
import { glorotUniform, zeros } from '../../dist/training/initialisation.js';
import { meanSquaredError } from '../../dist/training/losses.js';
import { defineProgram } from '../../dist/training/program.js';
import { Random } from '../../dist/training/random.js';
import { runTraining } from '../../dist/training/trainer.js';

const [file, delay, mostStepsPerChunk] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];

const program = defineProgram({
  name: 'interrupted',
  parameters: {
    w: { shape: [6, 3], initial: glorotUniform() },
    v: { shape: [3, 6], initial: glorotUniform() },
  },
  buffers: { level: { shape: [6], initial: zeros } },
  streamed: { x: { type: 'float32', shape: [8, 6] } },
  clipNorm: 0.5,
  loss: ({ parameters, buffers, streamed: { x }, noise }) => {
    const level = add(mul(buffers.level, 0.9), mul(mean(x, { axes: [0] }), 0.1));
    const code = tanh(gemm(maskInputs(noise, sub(x, level), 0.3), parameters.w));
    return { loss: meanSquaredError(gemm(code, parameters.v), x), buffers: { level } };
  },
});

const random = new Random(8);
const next = async (_, count) => {
  await new Promise((resolve) => setTimeout(resolve, delay));
  return { x: { data: Float32Array.from({ length: count * 48 }, () => random.normal()), shape: [count, 8, 6] } };
};
const controller = new AbortController();
process.once('SIGINT', () => controller.abort());

try {
  const { parameters, buffers, losses, metrics, validations, epoch } = await runTraining(program, next, {
    steps: 600,
    stepsPerEpoch: 45,
    schedule: { kind: 'cosine', rate: 0.02, warmUp: 20 },
    seed: 3,
    validate: async (state) => state.parameters[0].data.reduce((sum, value) => sum + Math.abs(value - 0.3), 0),
    patience: 20,
    checkpoint: { file, everySeconds: 0 },
    mostStepsPerChunk,
    device: 'cpu',
    threads: 1,
    signal: controller.signal,
    onResume: (step) => console.log(`resumed ${step}`),
    onProgress: ({ step }) => console.log(`step ${step}`),
  });
  const hash = createHash('sha256').update(JSON.stringify({ validations, epoch }));
  for (const { data } of [...parameters, ...buffers]) hash.update(data);
  for (const list of [losses, ...Object.values(metrics)]) hash.update(list);
  console.log(`done ${losses.length} ${validations.length} ${hash.digest('hex')}`);
} catch (error) {
  console.log(`${error.code} ${error.message}`);
}
