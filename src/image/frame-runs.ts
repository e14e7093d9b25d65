// Which frames of a file are kept, and which of them are decoded in one go.

/** Of one file so many frames are kept, the first one included: spread evenly where it has more. */
export const MOST_FRAMES = 64;

/** Pixels that are decoded and in memory at once: 100 MB. */
const PIXELS_AT_ONCE = 32e6;
/** Pixels decoded of one animation at most: some ten seconds. Frames are made of those before them, which count too. */
const MOST_PIXELS = 600e6;
/** Where so many pixels would not do, fewer frames of the beginning are looked at, in steps of this share. */
const SHARE_OF_BEGINNING = 0.8;

/** `most` numbers from 0 below `frames`, evenly spread, or all; 0 is among them. */
export function spreadFrames(frames: number, most: number): number[] {
  const count = Math.min(frames, most);
  return Array.from({ length: count }, (_, i) => Math.floor((i * frames) / count));
}

/**
 * The frames of an animation but for the first, in runs that are decoded together. Each run is decoded from the very first
 * frame on. Of an animation that is too large for that, frames of its beginning.
 */
export function frameRuns(frames: number, most: number, width: number, height: number): number[][] {
  for (let beginning = frames; ; beginning = Math.max(2, Math.floor(beginning * SHARE_OF_BEGINNING))) {
    const runs = inRuns(spreadFrames(beginning, most).slice(1), Math.floor(PIXELS_AT_ONCE / (width * height)));
    const decoded = runs.reduce((sum, run) => sum + (run.at(-1)! + 1) * width * height, 0);
    if (decoded <= MOST_PIXELS || beginning <= 2) return runs;
  }
}

/** @param longest frames from the first to the last of a run */
function inRuns(ordinals: readonly number[], longest: number): number[][] {
  const runs: number[][] = [];
  for (const ordinal of ordinals) {
    const run = runs.at(-1);
    if (run !== undefined && ordinal - run[0]! < longest) run.push(ordinal);
    else runs.push([ordinal]);
  }
  return runs;
}
