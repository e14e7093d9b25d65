// Training programs: what stops them, that Adam is Adam, and that what is exported is what was trained.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openSession } from '../../src/runtime/onnx-session.ts';
import type { NextChunk } from '../../src/training/chunks.ts';
import { maskInputs } from '../../src/training/corruption.ts';
import { exportModel } from '../../src/training/export.ts';
import { conv2d, convTranspose2d } from '../../src/training/graph/convolution.ts';
import { add, mul, relu, sigmoid } from '../../src/training/graph/elementwise.ts';
import { Graph, type Tensor } from '../../src/training/graph/graph.ts';
import { gemm } from '../../src/training/graph/linear.ts';
import { maxPool2d } from '../../src/training/graph/pooling.ts';
import { sum } from '../../src/training/graph/reduction.ts';
import { cast, gather, reshape } from '../../src/training/graph/shaping.ts';
import { constant, glorotUniform, heNormal, uniform, zeros } from '../../src/training/initialisation.ts';
import { meanSquaredError } from '../../src/training/losses.ts';
import { defineProgram } from '../../src/training/program.ts';
import { Random } from '../../src/training/random.ts';
import { runTraining } from '../../src/training/trainer.ts';
import { checkerMissing, checkModel } from './onnx-checker.ts';

const BATCH = 8;
const INPUTS = 5;
const random = new Random(3);
const X = Float32Array.from({ length: 40 * INPUTS }, () => random.normal());

/** y = x·w + b fitted to fixed targets, rows picked in order. */
function regression(masking = 0) {
  return defineProgram({
    name: 'regression',
    parameters: { w: { shape: [INPUTS, 2], initial: uniform(0.5) }, b: { shape: [2], initial: zeros } },
    resident: { x: { type: 'float32', shape: [40, INPUTS] } },
    streamed: { rows: { type: 'int64', shape: [BATCH] }, targets: { type: 'float32', shape: [BATCH, 2] } },
    loss: ({ parameters, resident, streamed, noise }) => {
      const x = maskInputs(noise, gather(resident.x, streamed.rows), masking);
      const loss = meanSquaredError(gemm(x, parameters.w, { bias: parameters.b }), streamed.targets);
      return { loss, metrics: { doubled: mul(loss, 2) } };
    },
  });
}

const rowsOf = (step: number) => Array.from({ length: BATCH }, (_, i) => (step * BATCH + i) % 40);
const targetsOf = (step: number) =>
  rowsOf(step).flatMap((row) => [X[row * INPUTS]! - 2 * X[row * INPUTS + 1]!, 0.3 * row]);
const chunks: NextChunk = (first, count) => {
  const steps = Array.from({ length: count }, (_, i) => first + i);
  return {
    rows: { data: BigInt64Array.from(steps.flatMap(rowsOf), BigInt), shape: [count, BATCH] },
    targets: { data: Float32Array.from(steps.flatMap(targetsOf)), shape: [count, BATCH, 2] },
  };
};
const resident = { x: { data: X, shape: [40, INPUTS] } };
const usual = {
  steps: 30,
  schedule: { kind: 'constant', rate: 0.05 },
  seed: 4,
  resident,
  device: 'cpu',
  threads: 1,
} as const;

describe('training that cannot go on', () => {
  it('is TRAINING_DIVERGED at the first step when the data holds a NaN', async () => {
    const broken = { x: { data: X.map((value, i) => (i === 3 ? Number.NaN : value)), shape: [40, INPUTS] } };
    await expect(runTraining(regression(), chunks, { ...usual, resident: broken })).rejects.toMatchObject({
      code: 'TRAINING_DIVERGED',
      message: expect.stringMatching(/step 1:.*data/),
    });
  });

  it('is TRAINING_DIVERGED, naming the learning rate, when the loss overflows later', async () => {
    const schedule = { kind: 'constant', rate: 1e25 } as const;
    await expect(runTraining(regression(), chunks, { ...usual, schedule })).rejects.toMatchObject({
      code: 'TRAINING_DIVERGED',
      message: expect.stringContaining('learning rate of 1.0e+25'),
    });
  });

  it('is ABORTED before the start', async () => {
    await expect(runTraining(regression(), chunks, { ...usual, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });

  it('is ABORTED between chunks', async () => {
    const controller = new AbortController();
    const onProgress = () => controller.abort();
    await expect(
      runTraining(regression(), chunks, { ...usual, onProgress, signal: controller.signal }),
    ).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('says which streamed or resident tensor is missing', async () => {
    await expect(runTraining(regression(), () => ({}), usual)).rejects.toThrow("'rows'");
    await expect(runTraining(regression(), chunks, { ...usual, resident: {} })).rejects.toThrow("'x'");
  });

  it('refuses starting values of another size and a number of steps below 1', async () => {
    const start = [{ name: 'w', shape: [1], data: new Float32Array(1) }];
    await expect(runTraining(regression(), chunks, { ...usual, start })).rejects.toThrow(RangeError);
    await expect(runTraining(regression(), chunks, { ...usual, steps: 0 })).rejects.toThrow(RangeError);
  });

  it('refuses starting values for what is not there, epochs of no steps and patience without validation', async () => {
    const start = [{ name: 'v', shape: [1], data: new Float32Array(1) }];
    await expect(runTraining(regression(), chunks, { ...usual, start })).rejects.toThrow("'v'");
    await expect(runTraining(regression(), chunks, { ...usual, stepsPerEpoch: 0 })).rejects.toThrow(RangeError);
    await expect(runTraining(regression(), chunks, { ...usual, patience: 2 })).rejects.toThrow(TypeError);
    const validate = async () => 1;
    await expect(runTraining(regression(), chunks, { ...usual, validate, patience: 0 })).rejects.toThrow(RangeError);
    await expect(runTraining(regression(), chunks, { ...usual, mostStepsPerChunk: 0 })).rejects.toThrow(RangeError);
  });

  it('is TRAINING_DIVERGED when the validation is not finite, or the last step makes parameters infinite', async () => {
    const validate = async () => Number.NaN;
    await expect(runTraining(regression(), chunks, { ...usual, validate })).rejects.toMatchObject({
      code: 'TRAINING_DIVERGED',
      message: expect.stringContaining('after epoch 1'),
    });
    const schedule = { kind: 'constant', rate: 1e39 } as const;
    await expect(runTraining(regression(), chunks, { ...usual, steps: 1, schedule })).rejects.toMatchObject({
      code: 'TRAINING_DIVERGED',
      message: expect.stringContaining("parameter 'w'"),
    });
  });

  it('is GRAPH_SHAPE when a buffer becomes another shape or was never described', () => {
    const define = (name: string, make: (w: Tensor) => Tensor) =>
      defineProgram({
        name: 'buffers',
        parameters: { w: { shape: [2], initial: zeros } },
        buffers: { kept: { shape: [2], initial: zeros } },
        streamed: {},
        loss: ({ parameters: { w } }) => ({ loss: sum(w), buffers: { [name]: make(w) } }),
      });
    const shapeError = expect.objectContaining({ code: 'GRAPH_SHAPE' }) as never;
    expect(() => define('kept', sum)).toThrow(shapeError);
    expect(() => define('other', (w) => w)).toThrow(shapeError);
  });

  it('is GRAPH_SHAPE when a parameter has no part in the loss', () => {
    const define = () =>
      defineProgram({
        name: 'idle',
        parameters: { w: { shape: [2], initial: zeros }, idle: { shape: [2], initial: zeros } },
        streamed: {},
        loss: ({ parameters }) => ({ loss: sum(parameters.w) }),
      });
    expect(define).toThrow(expect.objectContaining({ code: 'GRAPH_SHAPE' }) as never);
  });
});

describe('training', () => {
  it('does what Adam in double precision does, step for step', async () => {
    const { parameters, losses, metrics } = await runTraining(regression(), chunks, usual);
    const start = await runTraining(regression(), chunks, {
      ...usual,
      steps: 1,
      schedule: { kind: 'constant', rate: 0 },
    });
    const reference = adamInJavaScript(
      start.parameters.flatMap(({ data }) => [...data]),
      30,
      0.05,
    );
    const trained = parameters.flatMap(({ data }) => [...data]);
    trained.forEach((value, i) => {
      expect(value).toBeCloseTo(reference.values[i]!, 4);
    });
    losses.forEach((loss, i) => {
      expect(loss / reference.losses[i]!).toBeCloseTo(1, 4);
    });
    expect([...metrics.doubled!]).toEqual([...losses.map((loss) => 2 * loss)]);
    // The same 40 rows come round every five steps.
    const round = (from: number) => losses.subarray(from, from + 5).reduce((total, loss) => total + loss, 0);
    expect(round(25)).toBeLessThan(round(0));
  });

  it('does not depend on how steps are cut into chunks, noise included', async () => {
    const whole = await runTraining(regression(0.5), chunks, usual);
    const single = await runTraining(regression(0.5), chunks, { ...usual, mostStepsPerChunk: 1 });
    expect([...single.losses]).toEqual([...whole.losses]);
    expect(single.parameters).toEqual(whole.parameters);
  });

  it('is another with another seed, and reports every step once', async () => {
    const steps: number[] = [];
    const options = { ...usual, mostStepsPerChunk: 7, onProgress: ({ step }: { step: number }) => steps.push(step) };
    const first = await runTraining(regression(), chunks, options);
    const other = await runTraining(regression(), chunks, { ...usual, seed: 5 });
    expect(other.losses[0]).not.toBe(first.losses[0]);
    expect(steps.at(-1)).toBe(30);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
  });

  it('is the same with the same seed and number of threads', async () => {
    const options = { ...usual, threads: 2 };
    const [first, again] = [
      await runTraining(regression(0.3), chunks, options),
      await runTraining(regression(0.3), chunks, options),
    ];
    expect([...again.losses]).toEqual([...first.losses]);
    expect(again.parameters).toEqual(first.parameters);
  });

  it('lets what waits have its turn after each chunk', async () => {
    let turns = 0;
    let going = true;
    const wait = () => {
      turns++;
      if (going) setImmediate(wait);
    };
    setImmediate(wait);
    await runTraining(regression(), chunks, { ...usual, mostStepsPerChunk: 1 });
    going = false;
    expect(turns).toBeGreaterThan(10);
  });

  it('goes on from parameters that are given', async () => {
    const first = await runTraining(regression(), chunks, usual);
    const second = await runTraining(regression(), chunks, { ...usual, start: first.parameters });
    expect(second.losses[0]!).toBeLessThan(first.losses[0]!);
  });

  it('leaves starting values and data as they were', async () => {
    const start = [{ name: 'w', shape: [INPUTS, 2], data: new Float32Array(2 * INPUTS).fill(0.1) }];
    const before = X.slice();
    const { parameters } = await runTraining(regression(), chunks, { ...usual, start });
    expect([...start[0]!.data]).toEqual([...new Float32Array(2 * INPUTS).fill(0.1)]);
    expect([...parameters[0]!.data]).not.toEqual([...start[0]!.data]);
    expect([...X]).toEqual([...before]);
  });

  it('carries buffers from step to step, whatever the gradients are', async () => {
    const program = defineProgram({
      name: 'counting',
      parameters: { w: { shape: [2], initial: uniform(1) } },
      buffers: { count: { shape: [], initial: zeros }, still: { shape: [3], initial: constant(7) } },
      streamed: {},
      loss: ({ parameters: { w }, buffers }) => ({
        loss: sum(mul(w, w)),
        metrics: { count: buffers.count },
        buffers: { count: add(buffers.count, 1) },
      }),
    });
    const options = { ...usual, resident: {}, steps: 9, mostStepsPerChunk: 2 };
    const { buffers, metrics } = await runTraining(program, () => ({}), options);
    expect([...metrics.count!]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(buffers.map(({ name, data }) => [name, ...data])).toEqual([
      ['count', 9],
      ['still', 7, 7, 7],
    ]);
    const { metrics: more } = await runTraining(program, () => ({}), { ...options, start: buffers });
    expect(more.count![0]).toBe(9);
  });
});

describe('epochs', () => {
  it('end where they should, are validated and reported, and no chunk crosses their end', async () => {
    const asked: [number, number][] = [];
    const reports: unknown[] = [];
    const rates: number[] = [];
    const { losses, validations, epoch } = await runTraining(
      regression(),
      (first, count) => {
        asked.push([first, first + count]);
        return chunks(first, count);
      },
      {
        ...usual,
        stepsPerEpoch: 7,
        validate: async ({ parameters }) => parameters[0]!.data[0]!,
        afterEpoch: async ({ epoch, step, loss, validation }) => {
          reports.push({ epoch, step, loss, validation });
        },
        onSteps: (steps) => {
          expect(steps.first).toBe(rates.length);
          expect(steps.metrics.doubled).toHaveLength(steps.losses.length);
          rates.push(...steps.rates);
        },
      },
    );
    expect(asked.every(([first, end]) => Math.floor(first / 7) === Math.floor((end - 1) / 7))).toBe(true);
    const mean = (from: number, to: number) =>
      losses.subarray(from, to).reduce((total, loss) => total + loss, 0) / (to - from);
    const ends = [7, 14, 21, 28, 30];
    expect(reports).toEqual(
      ends.map((step, i) => ({ epoch: i + 1, step, loss: mean(7 * i, step), validation: validations[i] })),
    );
    expect(rates).toEqual(new Array(30).fill(0.05));
    expect(epoch).toBe(5);
  });

  it('stop when validation has not improved for as long as patience lasts, and the best state is given back', async () => {
    const validations = [5, 3, 4, 3, 3.5, 0];
    const seen: number[][] = [];
    const result = await runTraining(regression(), chunks, {
      ...usual,
      stepsPerEpoch: 4,
      patience: 3,
      validate: async ({ parameters }) => {
        seen.push(parameters.flatMap(({ data }) => [...data]));
        return validations[seen.length - 1]!;
      },
    });
    expect(result.validations).toEqual([5, 3, 4, 3, 3.5]);
    expect(result.epoch).toBe(2);
    expect(result.losses).toHaveLength(20);
    expect(result.metrics.doubled).toHaveLength(20);
    expect(result.parameters.flatMap(({ data }) => [...data])).toEqual(seen[1]);
  });

  it('that were begun go on from a checkpoint, and steps that are done are skipped where that can be', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sandglass-trainer-'));
    try {
      const checkpoint = { file: join(folder, 'a'), everySeconds: 0 };
      const whole = await runTraining(regression(0.2), chunks, { ...usual, stepsPerEpoch: 8, mostStepsPerChunk: 3 });
      const controller = new AbortController();
      const options = { ...usual, stepsPerEpoch: 8, mostStepsPerChunk: 3, checkpoint, signal: controller.signal };
      const afterEpoch = async ({ epoch }: { epoch: number }) => {
        if (epoch === 2) controller.abort();
      };
      await expect(runTraining(regression(0.2), chunks, { ...options, afterEpoch })).rejects.toThrow('step 16 of 30');
      const skipped: number[] = [];
      const source = { next: chunks, skipTo: (step: number) => skipped.push(step) };
      const { signal: _, ...unstopped } = options;
      const rest = await runTraining(regression(0.2), source, unstopped);
      expect(skipped).toEqual([16]);
      expect([...rest.losses]).toEqual([...whole.losses]);
      expect(rest.parameters).toEqual(whole.parameters);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** Kingma & Ba's algorithm 1 on the regression, gradients by hand. */
function adamInJavaScript(start: readonly number[], steps: number, rate: number) {
  const values = [...start];
  const mean = values.map(() => 0);
  const square = values.map(() => 0);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const gradient = values.map(() => 0);
    const targets = targetsOf(step).map(Math.fround);
    let loss = 0;
    rowsOf(step).forEach((row, i) => {
      for (let output = 0; output < 2; output++) {
        let predicted = values[INPUTS * 2 + output]!;
        for (let k = 0; k < INPUTS; k++) predicted += X[row * INPUTS + k]! * values[k * 2 + output]!;
        const error = (predicted - targets[i * 2 + output]!) / BATCH / 2;
        loss += error * error * BATCH * 2;
        for (let k = 0; k < INPUTS; k++) gradient[k * 2 + output]! += 2 * error * X[row * INPUTS + k]!;
        gradient[INPUTS * 2 + output]! += 2 * error;
      }
    });
    losses.push(loss);
    values.forEach((_, i) => {
      mean[i] = 0.9 * mean[i]! + 0.1 * gradient[i]!;
      square[i] = 0.999 * square[i]! + 0.001 * gradient[i]! ** 2;
      const correctedMean = mean[i]! / (1 - 0.9 ** (step + 1));
      const correctedSquare = square[i]! / (1 - 0.999 ** (step + 1));
      values[i]! -= (rate * correctedMean) / (Math.sqrt(correctedSquare) + 1e-8);
    });
  }
  return { values, losses };
}

const ROWS = 12;
const pixels = Uint8Array.from({ length: ROWS * 64 }, () => random.integer(256));
type Weights = Readonly<Record<'conv' | 'convBias' | 'dense' | 'spread' | 'up' | 'upBias', Tensor>>;
const encode = (x: Tensor, p: Weights) => {
  const scaled = mul(cast(x, 'float32'), 1 / 255);
  const maps = relu(maxPool2d(conv2d(scaled, p.conv, { bias: p.convBias, padding: 1 }), { kernel: 2 }).pooled);
  return gemm(reshape(maps, [x.shape[0]!, 64]), p.dense);
};
const decode = (code: Tensor, p: Weights) => {
  const maps = reshape(gemm(code, p.spread), [code.shape[0]!, 4, 4, 4]);
  return sigmoid(convTranspose2d(maps, p.up, { bias: p.upBias, stride: 2 }));
};
const autoEncoder = () =>
  defineProgram({
    name: 'auto-encoder',
    parameters: {
      conv: { shape: [4, 1, 3, 3], initial: heNormal() },
      convBias: { shape: [4], initial: zeros },
      dense: { shape: [64, 3], initial: glorotUniform() },
      spread: { shape: [3, 64], initial: glorotUniform() },
      up: { shape: [4, 1, 2, 2], initial: heNormal({ fanIn: 4 }) },
      upBias: { shape: [1], initial: zeros },
    },
    resident: { pictures: { type: 'uint8', shape: [ROWS, 1, 8, 8] } },
    streamed: { rows: { type: 'int64', shape: [ROWS] } },
    loss: ({ parameters, resident, streamed }) => {
      const x = gather(resident.pictures, streamed.rows);
      return { loss: meanSquaredError(decode(encode(x, parameters), parameters), mul(cast(x, 'float32'), 1 / 255)) };
    },
  });
const everyRow: NextChunk = (_, count) => ({
  rows: { data: BigInt64Array.from({ length: count * ROWS }, (_, i) => BigInt(i % ROWS)), shape: [count, ROWS] },
});

describe('an exported network', () => {
  const pictures = { data: pixels, shape: [ROWS, 1, 8, 8] };
  const train = async () => {
    const options = { ...usual, steps: 20, schedule: { kind: 'cosine', rate: 0.01 }, resident: { pictures } } as const;
    const { parameters } = await runTraining(autoEncoder(), everyRow, options);
    const after = { ...options, steps: 1, schedule: { kind: 'constant', rate: 0 }, start: parameters } as const;
    const { losses } = await runTraining(autoEncoder(), everyRow, after);
    const encoder = exportModel({
      name: 'encoder',
      input: { name: 'pictures', type: 'uint8', row: [1, 8, 8] },
      parameters,
      metadata: { recipe: 'test' },
      build: (x, p) => ({ code: encode(x, p as Weights) }),
    });
    const decoder = exportModel({
      name: 'decoder',
      input: { name: 'code', type: 'float32', row: [3] },
      parameters,
      build: (code, p) => ({ picture: decode(code, p as Weights) }),
    });
    return { encoder, decoder, loss: losses[0]! };
  };

  it('computes what the training graph computed, for any number of rows', async () => {
    const { encoder, decoder, loss } = await train();
    const encoding = await openSession(encoder, { device: 'cpu' });
    const decoding = await openSession(decoder, { device: 'cpu' });
    expect(encoding.signature.inputs).toEqual([{ name: 'pictures', type: 'uint8', shape: ['N', 1, 8, 8] }]);
    expect(encoding.signature.outputs).toEqual([{ name: 'code', type: 'float32', shape: ['N', 3] }]);
    const codes = (await encoding.run({ pictures })).code!;
    const made = (await decoding.run({ code: codes })).picture!;
    const error = [...(made.data as Float32Array)].reduce(
      (total, value, i) => total + (value - pixels[i]! / 255) ** 2,
      0,
    );
    expect(error / pixels.length).toBeCloseTo(loss, 5);
    const one = (await encoding.run({ pictures: { data: pixels.subarray(64, 128), shape: [1, 1, 8, 8] } })).code!;
    expect([...(one.data as Float32Array)].map((v) => v.toFixed(4))).toEqual(
      [...(codes.data as Float32Array).subarray(3, 6)].map((v) => v.toFixed(4)),
    );
  });

  const missing = checkerMissing();
  (missing === undefined ? it : it.skip)(
    `passes onnx.checker, as the training graphs do${missing === undefined ? '' : ` (${missing})`}`,
    async () => {
      const { encoder, decoder } = await train();
      for (const model of [encoder, decoder, regression(0.5).model]) checkModel(model);
    },
  );

  it('is GRAPH_SHAPE when it would pass the 2 GiB of a protobuf file', () => {
    const graph = new Graph('giant');
    const wide = graph.input('x', 'float32', [1, 30_000]);
    const half = new Float32Array(30_000 * 9_000);
    for (const stem of ['a', 'b']) graph.output(gemm(wide, graph.constant(half, 'float32', [30_000, 9_000], stem)));
    expect(() => graph.toModel()).toThrow(expect.objectContaining({ code: 'GRAPH_SHAPE' }) as never);
  });
});
