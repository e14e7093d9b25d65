import { describe, expect, it } from '@jest/globals';
import { frameRuns, MOST_FRAMES, spreadFrames } from '../../src/image/frame-runs.ts';

const longestRun = (runs: readonly number[][]) => Math.max(...runs.map((run) => run.at(-1)! - run[0]! + 1));
const decodedFrames = (runs: readonly number[][]) => runs.reduce((sum, run) => sum + run.at(-1)! + 1, 0);

describe('Frames that are kept', () => {
  it('are all of a few, and evenly spread ones of many, the first among them', () => {
    expect(spreadFrames(1, 64)).toEqual([0]);
    expect(spreadFrames(5, 64)).toEqual([0, 1, 2, 3, 4]);
    const many = spreadFrames(10_000, MOST_FRAMES);
    expect(many).toHaveLength(MOST_FRAMES);
    expect(new Set(many.map((frame, i) => frame - (many[i - 1] ?? frame - 156)))).toEqual(new Set([156, 157]));
    expect(many[0]).toBe(0);
  });
});

describe('Frames that are decoded together', () => {
  it('are all but the first of a short animation', () => {
    expect(frameRuns(4, 64, 480, 320)).toEqual([[1, 2, 3]]);
    expect(frameRuns(2, 64, 16_000, 16_000)).toEqual([[1]]);
  });

  it('fit into memory, however long the animation is', () => {
    for (const [frames, width, height] of [
      [1_000, 320, 240],
      [300, 1_920, 1_080],
      [10_000, 100, 100],
      [100_000, 1, 1],
    ] as const) {
      const runs = frameRuns(frames, 64, width, height);
      const ordinals = runs.flat();
      expect(ordinals).toEqual([...ordinals].sort((a, b) => a - b));
      if (longestRun(runs) > 1) expect(longestRun(runs) * width * height).toBeLessThanOrEqual(32e6);
      if (ordinals.length > 1) expect(decodedFrames(runs) * width * height).toBeLessThanOrEqual(600e6);
    }
  });

  it('are of the beginning where the whole would take too long', () => {
    const runs = frameRuns(10_000, 64, 480, 320);
    expect(runs.flat()).toHaveLength(63);
    expect(runs.flat().at(-1)).toBeGreaterThan(500);
    expect(runs.flat().at(-1)).toBeLessThan(5_000);
  });
});
