// run.jsonl holds each step once, whatever a crash left in it.
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type RunLine, RunLog } from '../../src/lab/run-log.ts';
import { mountSmallDisk, whyNoSmallDisk } from '../index/small-disk.ts';
import { cleanUp, temporaryFolder } from '../library/collection.ts';

const noDisk = whyNoSmallDisk();
const onDisk = noDisk === undefined ? it : it.skip;
const skipped = noDisk === undefined ? '' : ` (skipped: ${noDisk})`;

let path: string;
beforeEach(() => {
  path = join(temporaryFolder(), 'run.jsonl');
});
afterAll(cleanUp);

const step = (stage: number, number: number): RunLine => ({ kind: 'step', stage, step: number, loss: number / 10 });
const epoch = (stage: number, number: number, at: number): RunLine => ({
  kind: 'epoch',
  stage,
  epoch: number,
  step: at,
});

function lines(): RunLine[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as RunLine);
}

describe('A log of a training', () => {
  onDisk(`on a full disk stays as it was, with no part of a line${skipped}`, () => {
    const disk = mountSmallDisk(8);
    try {
      const log = new RunLog(join(disk.path, 'run.jsonl'));
      log.append([step(1, 1)]);
      const before = readFileSync(join(disk.path, 'run.jsonl'), 'utf8');
      const many = Array.from({ length: 1_000 }, (_, i) => step(1, i + 2));
      expect(() => log.append(many)).toThrow(expect.objectContaining({ code: 'DISK_FULL' }));
      expect(readFileSync(join(disk.path, 'run.jsonl'), 'utf8')).toBe(before);
    } finally {
      disk.remove();
    }
  });

  it('goes back to a step: later ones of the stage go, a line that was cut off too, other stages stay', () => {
    const log = new RunLog(path);
    log.append([{ kind: 'run' }, step(1, 1), epoch(1, 1, 1), step(2, 1), step(2, 2), epoch(2, 1, 2), step(2, 3)]);
    log.append([{ kind: 'end' }]);
    appendFileSync(path, '{"kind":"step","sta');
    new RunLog(path).goBack(2, 1);
    expect(lines()).toEqual([{ kind: 'run' }, step(1, 1), epoch(1, 1, 1), step(2, 1)]);
    expect(readdirSync(join(path, '..'))).toEqual(['run.jsonl']);
  });

  it('that has nothing too much is not written anew', () => {
    const text = '{"kind":"run"}\n{ "kind": "step", "stage": 1, "step": 1 }\n';
    writeFileSync(path, text);
    new RunLog(path).goBack(1, 1);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('gives an epoch one line, also when it is closed a second time after a crash', () => {
    new RunLog(path).append([step(1, 1), epoch(1, 1, 1)]);
    const log = new RunLog(path);
    log.goBack(1, 1);
    log.append([epoch(1, 1, 1)]);
    log.append([epoch(1, 2, 2), epoch(2, 1, 1)]);
    expect(lines()).toEqual([step(1, 1), epoch(1, 1, 1), epoch(1, 2, 2), epoch(2, 1, 1)]);
  });

  it('forgets the epochs of a stage that it goes back in', () => {
    new RunLog(path).append([step(1, 1), epoch(1, 1, 1), step(2, 1), epoch(2, 1, 1)]);
    const log = new RunLog(path);
    log.goBack(1, 1);
    log.goBack(2, 0);
    log.append([step(2, 1), epoch(2, 1, 1)]);
    expect(lines()).toEqual([step(1, 1), epoch(1, 1, 1), step(2, 1), epoch(2, 1, 1)]);
  });

  it('keeps whole numbers whole and of others all digits that a float32 has', () => {
    new RunLog(path).append([{ kind: 'run', seed: 4294967295, rate: 0.1 + 0.2, loss: Math.fround(1 / 3) }]);
    const [line] = lines();
    expect(line).toEqual({ kind: 'run', seed: 4294967295, rate: 0.3, loss: 0.333333343 });
    expect(Math.fround(line!.loss as number)).toBe(Math.fround(1 / 3));
  });
});
