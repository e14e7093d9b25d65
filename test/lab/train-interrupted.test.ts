// Trainings that are stopped, killed or run into something: the same call goes on, and no trace of it is left.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TrainEvent, type TrainOptions, train } from '../../src/sandglass.ts';
import { until } from '../cli/command.ts';
import { mountSmallDisk, whyNoSmallDisk } from '../index/small-disk.ts';
import { cleanUp } from '../library/collection.ts';
import { digits, eventsOf, filesOf, linesOf, newFolder, outcomeOf, SMALL, STACKED, trained } from './small-training.ts';

const noDisk = whyNoSmallDisk();
const onDisk = noDisk === undefined ? it : it.skip;
const skipped = noDisk === undefined ? '' : ` (skipped: ${noDisk})`;
const CHILD = fileURLToPath(new URL('train-in-process.mjs', import.meta.url));

let data: string;
beforeAll(async () => {
  data = await digits();
});
afterAll(cleanUp);

/** Ends a training after some event. */
async function interrupted(options: TrainOptions, isLast: (event: TrainEvent) => boolean): Promise<void> {
  for await (const event of train({ threads: 1, device: 'cpu', ...options })) if (isLast(event)) break;
}

describe('A training that runs into something', () => {
  it('stops with TRAINING_DIVERGED when its losses do, and takes its rows on disk away', async () => {
    const out = newFolder();
    const gz = await digits({ train: 100, gzip: true });
    const recipe = { ...SMALL, output: 'identity', optimizer: { kind: 'sgd' } };
    await expect(trained({ recipe, data: gz, out, rate: 1e30, mostBytes: 0 })).rejects.toMatchObject({
      code: 'TRAINING_DIVERGED',
    });
    expect(existsSync(join(out, 'rows'))).toBe(false);
    expect(existsSync(join(out, 'manifest.json'))).toBe(false);
  });

  onDisk.each([
    ['a sheet or the log', 0],
    ['a checkpoint', 150_000],
  ])(
    `such as a full disk at %s keeps the checkpoint before, and goes on when there is space${skipped}`,
    async (_, left) => {
      const disk = mountSmallDisk(8_192);
      try {
        const options = {
          recipe: { ...SMALL, encoder: [{ kind: 'dense', units: 32 }] },
          data,
          epochs: 12,
          checkpointSeconds: 0,
        };
        const out = join(disk.path, 'out');
        const ballast = join(disk.path, 'ballast');
        const full = interrupted({ ...options, out }, (event) => {
          if (event.phase === 'epoch' && event.epoch === 3) fill(ballast, left);
          return false;
        });
        await expect(full).rejects.toMatchObject({
          code: 'DISK_FULL',
          message: expect.stringMatching(/[Ff]ree some space/),
        });
        const files = filesOf(out);
        expect(files).toContain('checkpoint.safetensors');
        expect(files.filter((name) => name.endsWith('.unfinished'))).toEqual([]);
        rmSync(ballast);
        const again = await trained({ ...options, out });
        expect(eventsOf(again, 'resume')[0]!.step).toBeGreaterThanOrEqual(20);
        const whole = newFolder();
        await trained({ ...options, out: whole });
        expect(outcomeOf(out)).toEqual(outcomeOf(whole));
      } finally {
        disk.remove();
      }
    },
  );

  it('such as other data than it was begun with is refused, and goes on with those', async () => {
    const out = newFolder();
    await interrupted({ recipe: SMALL, data, out }, ({ phase }) => phase === 'epoch');
    const other = await digits({ train: 200 });
    await expect(trained({ recipe: SMALL, data: other, out })).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    await expect(trained({ recipe: SMALL, data, out, epochs: 9 })).rejects.toMatchObject({
      code: 'OUTPUT_EXISTS',
      message: expect.stringMatching(/epochs/),
    });
    await trained({ recipe: SMALL, data, out });
    expect(linesOf(out).filter(({ kind }) => kind === 'step')).toHaveLength(30);
  });

  it('such as a checkpoint that is damaged is told, and begun anew with fresh', async () => {
    const out = newFolder();
    await interrupted({ recipe: SMALL, data, out }, ({ phase }) => phase === 'epoch');
    appendFileSync(join(out, 'checkpoint.safetensors'), 'x');
    await expect(trained({ recipe: SMALL, data, out })).rejects.toMatchObject({ code: 'CHECKPOINT_BROKEN' });
    await trained({ recipe: SMALL, data, out, fresh: true });
    expect(filesOf(out)).not.toContain('checkpoint.safetensors');
  });
});

/** Leaves only so many bytes of a disk. */
function fill(file: string, left: number): void {
  const { bavail, bsize } = statfsSync(join(file, '..'));
  try {
    writeFileSync(file, Buffer.alloc(Math.max(0, bavail * bsize - left)));
  } catch {
    // The training took some of it meanwhile: as full as it gets.
  }
}

describe('A training that is stopped', () => {
  it.each([
    ['one stage', SMALL, 3],
    ['several stages', STACKED, 5],
  ])('by leaving the loop, or by a signal, goes on to what an unbroken one of %s gives', async (_, recipe, epoch) => {
    const whole = newFolder();
    await trained({ recipe, data, out: whole, epochs: 6 });
    const broken = newFolder();
    const options = { recipe, data, out: broken, epochs: 6 };
    let epochs = 0;
    await interrupted(options, ({ phase }) => phase === 'epoch' && ++epochs === epoch);
    const before = filesOf(broken);
    expect(before.some((name) => name.startsWith('checkpoint'))).toBe(true);

    const stop = new AbortController();
    const stopping = interrupted({ ...options, signal: stop.signal }, ({ phase }) => {
      if (phase === 'epoch') stop.abort();
      return false;
    });
    await expect(stopping).rejects.toMatchObject({ code: 'ABORTED' });

    const again = await trained(options);
    expect(eventsOf(again, 'resume')).toHaveLength(1);
    expect(outcomeOf(broken)).toEqual(outcomeOf(whole));
  });

  it('between its last step and its manifest gives the same when it is run again', async () => {
    const out = newFolder();
    await trained({ recipe: STACKED, data, out });
    const before = outcomeOf(out);
    rmSync(join(out, 'manifest.json'));
    await trained({ recipe: STACKED, data, out });
    expect(outcomeOf(out)).toEqual(before);
  });

  it('before it begins writes nothing', async () => {
    const out = newFolder();
    await expect(trained({ recipe: SMALL, data, out, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    expect(existsSync(out)).toBe(false);
  });

  it.each([
    ['one stage, with checkpoints', SMALL, 0],
    ['one stage, without a checkpoint', SMALL, 1_000],
    ['several stages, with checkpoints', STACKED, 0],
    ['several stages, with none but those at their ends', STACKED, 1_000],
  ])('by kill -9 at any moment goes on to what an unbroken one gives: %s', async (_, recipe, checkpointSeconds) => {
    const whole = newFolder();
    const options = { recipe: { ...recipe, epochs: 12 }, data, threads: 1, device: 'cpu', checkpointSeconds } as const;
    await trained({ ...options, out: whole });
    const out = newFolder();
    const steps = outcomeOf(whole).steps.length;
    for (const share of [0.25, 0.6]) await killedAt(share * steps, { ...options, out });
    appendFileSync(join(out, 'run.jsonl'), '{"kind":"st');
    await trained({ ...options, out });
    expect(outcomeOf(out)).toEqual(outcomeOf(whole));
  });
});

/** Kills a training in a process of its own when its log has so many lines. */
async function killedAt(lines: number, options: TrainOptions): Promise<void> {
  const child = spawn(process.execPath, [CHILD, JSON.stringify(options)], { stdio: 'ignore' });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.on('exit', (_, signal) => resolve(signal));
  });
  const log = join(options.out!, 'run.jsonl');
  await until(() => existsSync(log) && readFileSync(log, 'utf8').split('\n').length > lines, `${lines} lines`);
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
}
