// Opening and running models, and what is said when that cannot be done.
import { describe, expect, it } from '@jest/globals';
import { findCudaLibraries } from '../../src/runtime/cuda-libraries.ts';
import { executionProviders, openSession } from '../../src/runtime/onnx-session.ts';
import { encodeModel } from '../../src/training/graph/model-proto.ts';

/** `sum = a + a` with a [N, 2]. */
function doubler(): Uint8Array {
  return encodeModel({
    name: 'doubler',
    nodes: [{ operator: 'Add', inputs: ['a', 'a'], outputs: ['sum'] }],
    initializers: [],
    inputs: [{ name: 'a', type: 'float32', shape: ['N', 2] }],
    outputs: [{ name: 'sum', type: 'float32', shape: ['N', 2] }],
  });
}

describe('a model that cannot be opened', () => {
  it.each([
    ['no bytes at all', new Uint8Array(0)],
    ['bytes that are no protobuf', new TextEncoder().encode('not a model')],
    ['the first half of a model', doubler().subarray(0, doubler().length >> 1)],
  ])('is ENCODER_BROKEN: %s', async (_, bytes) => {
    await expect(openSession(bytes)).rejects.toMatchObject({ name: 'SandglassError', code: 'ENCODER_BROKEN' });
  });

  it('is DEVICE_UNAVAILABLE, with what to do, when CUDA was asked for and is not there', async () => {
    if (findCudaLibraries().missing.length === 0) return; // CUDA may well be usable here
    await expect(openSession(doubler(), { device: 'cuda' })).rejects.toMatchObject({
      code: 'DEVICE_UNAVAILABLE',
      message: expect.stringContaining('--device cpu'),
    });
  });
});

describe('a feed that does not fit', () => {
  it.each([
    ['a missing input', {}, TypeError],
    ['an unknown input', { b: { data: new Float32Array(2), shape: [1, 2] } }, TypeError],
    ['another element type', { a: { data: new Uint8Array(2), shape: [1, 2] } }, TypeError],
    ['another shape', { a: { data: new Float32Array(3), shape: [1, 3] } }, RangeError],
    ['fewer values than the shape says', { a: { data: new Float32Array(2), shape: [2, 2] } }, RangeError],
  ])('is refused: %s', async (_, feeds, kind) => {
    const session = await openSession(doubler());
    await expect(session.run(feeds as never)).rejects.toThrow(kind as never);
    await session.release();
  });
});

describe('a model that works', () => {
  it('says its inputs and outputs and computes for any number of rows', async () => {
    const session = await openSession(doubler(), { threads: 1 });
    expect(session.inputs).toEqual(['a']);
    expect(session.outputs).toEqual(['sum']);
    expect(session.signature).toEqual({
      inputs: [{ name: 'a', type: 'float32', shape: ['N', 2] }],
      outputs: [{ name: 'sum', type: 'float32', shape: ['N', 2] }],
    });
    for (const rows of [1, 3]) {
      const data = Float32Array.from({ length: rows * 2 }, (_, i) => i);
      const { sum } = await session.run({ a: { data, shape: [rows, 2] } });
      expect(sum!.shape).toEqual([rows, 2]);
      expect([...(sum!.data as Float32Array)]).toEqual([...data].map((value) => 2 * value));
    }
    await session.release();
  });

  it('runs on the CPU when any device will do and CUDA is not there', async () => {
    if (findCudaLibraries().missing.length === 0) return;
    const session = await openSession(doubler(), { device: 'auto' });
    expect(session.device).toBe('cpu');
    await session.release();
  });

  it('can lie in the middle of a larger buffer', async () => {
    const model = doubler();
    const larger = new Uint8Array(model.length + 20);
    larger.set(model, 7);
    const session = await openSession(larger.subarray(7, 7 + model.length));
    expect(session.outputs).toHaveLength(1);
    await session.release();
  });
});

describe('the report on execution providers', () => {
  it('always has the CPU, and names the files that CUDA misses', async () => {
    const report = await executionProviders();
    expect(report[0]).toMatchObject({ name: 'cpu', bundled: true, complete: true, missing: [] });
    const cuda = report.find((provider) => provider.name === 'cuda');
    expect(cuda!.complete).toBe(cuda!.missing.length === 0);
    expect(cuda!.missing).toEqual(findCudaLibraries().missing);
  });
});
