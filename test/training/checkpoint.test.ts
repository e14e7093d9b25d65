// Checkpoints: what is refused, what stays when the disk is full, and training that is killed and goes on.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { removeCheckpoint } from '../../src/training/checkpoint.ts';
import { mul } from '../../src/training/graph/elementwise.ts';
import { meanOfAll } from '../../src/training/graph/reduction.ts';
import { uniform } from '../../src/training/initialisation.ts';
import { defineProgram } from '../../src/training/program.ts';
import { readSafeTensors } from '../../src/training/safetensors.ts';
import { runTraining } from '../../src/training/trainer.ts';
import type { TrainingOptions } from '../../src/training/training-options.ts';
import { mountSmallDisk, whyNoSmallDisk } from '../index/small-disk.ts';

const folder = mkdtempSync(join(tmpdir(), 'sandglass-checkpoint-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newFile = () => join(folder, `${files++}.safetensors`);

/** Pulls `size` numbers towards 0. */
const program = (size: number) =>
  defineProgram({
    name: 'pull',
    parameters: { w: { shape: [size, 2], initial: uniform(1) } },
    streamed: {},
    loss: ({ parameters: { w } }) => ({ loss: meanOfAll(mul(w, w)) }),
  });
const usual = {
  steps: 20,
  schedule: { kind: 'constant', rate: 0.01 },
  seed: 1,
  mostStepsPerChunk: 5,
  device: 'cpu',
  threads: 1,
} as const;

/** Stops after the first chunk, which leaves a checkpoint. */
async function interrupt(file: string, options: Partial<TrainingOptions> = {}, size = 4) {
  const controller = new AbortController();
  const onProgress = () => controller.abort();
  const run = runTraining(program(size), () => ({}), {
    ...usual,
    checkpoint: { file },
    signal: controller.signal,
    onProgress,
    ...options,
  });
  await expect(run).rejects.toMatchObject({ code: 'ABORTED' });
}
const goOn = (file: string, options: Partial<TrainingOptions> = {}, size = 4) =>
  runTraining(program(size), () => ({}), { ...usual, checkpoint: { file }, ...options });

describe('a checkpoint', () => {
  it.each<[string, Partial<TrainingOptions>, number]>([
    ['another seed', { seed: 2 }, 4],
    ['another number of steps', { steps: 21 }, 4],
    ['another schedule', { schedule: { kind: 'constant', rate: 0.02 } }, 4],
    ['other starting values', { start: [{ name: 'w', shape: [4, 2], data: new Float32Array(8) }] }, 4],
    ['other epochs', { stepsPerEpoch: 10 }, 4],
    ['another network', {}, 5],
  ])('of %s is CHECKPOINT_MISMATCH, and stays', async (_, options, size) => {
    const file = newFile();
    await interrupt(file);
    await expect(goOn(file, options, size)).rejects.toMatchObject({
      code: 'CHECKPOINT_MISMATCH',
      path: file,
      message: expect.stringContaining('delete it'),
    });
    expect((await goOn(file)).losses).toHaveLength(20);
  });

  it('of other data is CHECKPOINT_MISMATCH when the data are named', async () => {
    const file = newFile();
    await interrupt(file, { checkpoint: { file, run: 'these data' } });
    await expect(goOn(file, { checkpoint: { file, run: 'others' } })).rejects.toMatchObject({
      code: 'CHECKPOINT_MISMATCH',
    });
  });

  const damages: [string, (file: string) => void][] = [
    ['is cut short', (file) => truncateSync(file, readFileSync(file).length - 3)],
    ['is empty', (file) => writeFileSync(file, '')],
    ['has a byte more', (file) => writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.of(0)]))],
    ['is something else', (file) => writeFileSync(file, 'these are no tensors '.repeat(50))],
    ['is a header of nothing', (file) => writeFileSync(file, Buffer.from('020000000000000020207b7d', 'hex'))],
    [
      'has one other byte',
      (file) => {
        const bytes = readFileSync(file);
        bytes[bytes.length - 30]! ^= 1;
        writeFileSync(file, bytes);
      },
    ],
    [
      'says another step',
      (file) => writeFileSync(file, readFileSync(file, 'latin1').replace('"step":"4"', '"step":"3"'), 'latin1'),
    ],
  ];
  it.each(damages)('that %s is CHECKPOINT_BROKEN', async (_, damage) => {
    const file = newFile();
    await interrupt(file);
    damage(file);
    await expect(goOn(file)).rejects.toMatchObject({
      code: 'CHECKPOINT_BROKEN',
      path: file,
      message: expect.stringContaining('delete it'),
    });
  });

  it('that cannot be written is OUTPUT_UNWRITABLE', async () => {
    const file = join(folder, 'no such folder', 'a.safetensors');
    await expect(goOn(file, { checkpoint: { file, everySeconds: 0 } })).rejects.toMatchObject({
      code: 'OUTPUT_UNWRITABLE',
    });
  });

  it('is written when it is due and when training is stopped, and not before', async () => {
    const file = newFile();
    await goOn(file);
    expect(existsSync(file)).toBe(false);
    await goOn(file, { checkpoint: { file, everySeconds: 0 } });
    const { tensors, metadata } = await readSafeTensors(file);
    expect(metadata).toMatchObject({ format: 'sandglass-checkpoint-1', step: '20', epochs: '1' });
    expect(tensors['state/parameter/w']!.shape).toEqual([4, 2]);
    expect(tensors.losses!.data).toHaveLength(20);
  });

  it('of a training that is done gives its results without a step', async () => {
    const file = newFile();
    const first = await goOn(file, { checkpoint: { file, everySeconds: 0 } });
    const reported: number[] = [];
    const again = await goOn(file, { onProgress: ({ step }) => reported.push(step) });
    expect(again.parameters).toEqual(first.parameters);
    expect([...again.losses]).toEqual([...first.losses]);
    expect(reported).toEqual([]);
  });

  it('is a file that others can read: a length, a JSON header, numbers', async () => {
    const file = newFile();
    await interrupt(file);
    const bytes = readFileSync(file);
    const length = Number(bytes.readBigUInt64LE(0));
    const header = JSON.parse(bytes.subarray(8, 8 + length).toString()) as Record<
      string,
      { dtype: string; shape: number[]; data_offsets: [number, number] }
    >;
    const { dtype, shape, data_offsets } = header['state/parameter/w']!;
    expect({ dtype, shape, data_offsets }).toEqual({ dtype: 'F32', shape: [4, 2], data_offsets: [0, 32] });
    expect((8 + length) % 8).toBe(0);
    const ends = Object.values(header).flatMap(({ data_offsets: offsets }) => (offsets ? [offsets[1]] : []));
    expect(8 + length + Math.max(...ends)).toBe(bytes.length);
  });

  it('is removed with what a killed process left of the next one', async () => {
    const file = newFile();
    await interrupt(file);
    writeFileSync(`${file}.unfinished`, 'half');
    await removeCheckpoint(file);
    expect(readdirSync(folder).filter((name) => file.endsWith(name.slice(0, 3)))).toEqual([]);
  });
});

const noDisk = whyNoSmallDisk();
describe('a disk', () => {
  (noDisk === undefined ? it : it.skip)(
    `that is full is DISK_FULL, the checkpoint before stays, nothing half is left${noDisk === undefined ? '' : ` (${noDisk})`}`,
    async () => {
      const disk = mountSmallDisk(128);
      try {
        const file = join(disk.path, 'a.safetensors');
        await interrupt(file, {}, 2000); // 48 kilobytes of state
        const before = readFileSync(file);
        writeFileSync(join(disk.path, 'ballast'), Buffer.alloc(60 * 1024));
        await expect(goOn(file, { checkpoint: { file, everySeconds: 0 } }, 2000)).rejects.toMatchObject({
          code: 'DISK_FULL',
          path: file,
        });
        expect(readFileSync(file).equals(before)).toBe(true);
        expect(readdirSync(disk.path).sort()).toEqual(['a.safetensors', 'ballast']);
        rmSync(join(disk.path, 'ballast'));
        const { losses } = await goOn(file, { checkpoint: { file, everySeconds: 0 } }, 2000);
        expect([...losses]).toEqual([...(await runTraining(program(2000), () => ({}), usual)).losses]);
      } finally {
        disk.remove();
      }
    },
  );
});

const SCRIPT = fileURLToPath(new URL('./interrupted-training.mjs', import.meta.url));

/** Runs the training in a process of its own, which `signal` reaches when it says that `after` steps are done. */
function inProcess(file: string, stepsPerChunk: number, signal?: NodeJS.Signals, after = 0) {
  const child = spawn(process.execPath, [SCRIPT, file, signal === undefined ? '0' : '4', String(stepsPerChunk)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  return new Promise<{ readonly out: string; readonly signal: NodeJS.Signals | null }>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const steps = [...out.matchAll(/^step (\d+)$/gm)].map(([, step]) => Number(step));
      if (signal !== undefined && steps.some((step) => step >= after)) child.kill(signal);
    });
    child.on('close', (_, by) => resolve({ out, signal: by }));
  });
}

describe('training that is interrupted', () => {
  const whole = inProcess(newFile(), 200);
  const doneIn = (out: string) => /^done .*$/m.exec(out)?.[0];

  it('goes on after kill -9, again and again, to the very numbers of an unbroken run', async () => {
    const file = newFile();
    for (const after of [60, 200, 400]) {
      const { out, signal } = await inProcess(file, 7, 'SIGKILL', after);
      expect(signal).toBe('SIGKILL');
      expect(doneIn(out)).toBeUndefined();
    }
    const { out } = await inProcess(file, 50);
    expect(Number(/^resumed (\d+)/.exec(out)?.[1])).toBeGreaterThan(390);
    expect(doneIn(out)).toMatch(/^done 600 14 /);
    expect(doneIn(out)).toBe(doneIn((await whole).out));
    expect(existsSync(`${file}.unfinished`)).toBe(false);
  });

  (process.platform === 'win32' ? it.skip : it)(
    'is saved when it is asked to stop, and says that it can go on',
    async () => {
      const file = newFile();
      const { out } = await inProcess(file, 7, 'SIGINT', 100);
      const [, step] = /^ABORTED .*goes on from step (\d+) of 600/m.exec(out) ?? [];
      expect(Number(step)).toBeGreaterThanOrEqual(100);
      const again = await inProcess(file, 31);
      expect(again.out).toMatch(new RegExp(`^resumed ${step}\n`));
      expect(doneIn(again.out)).toBe(doneIn((await whole).out));
    },
  );
});
