// All frames of an animation, pages of a document or pictures of a collection, as far as they are kept: one after another.
import { SandglassError } from '../errors.ts';
import { type DecodedPicture, type DecodeLimits, decodeReduced, decodeRun, type Picture } from './decode.ts';
import { frameRuns, spreadFrames } from './frame-runs.ts';

export interface InnerFrame {
  /** Its place in the file, from 1: the first frame, 0, is the picture itself. */
  readonly ordinal: number;
  readonly picture: Picture;
}

/** Frames are made of those before them. */
const ANIMATED: ReadonlySet<string> = new Set(['gif', 'webp']);
/** Of the time for a file, its further frames have this share; those that it does not suffice for are left out. */
const SHARE_OF_TIME = 0.5;
const DEFAULT_SECONDS = 60;

/**
 * The frames beside the first, reduced as `decodeReduced` does, in their order. A frame that is damaged is left out.
 *
 * @param first what was decoded of the file before
 * @param most how many frames are kept, the first included
 */
export async function* decodeFrames(
  bytes: Uint8Array,
  first: Pick<DecodedPicture, 'format' | 'frames' | 'fullWidth' | 'fullHeight'>,
  most: number,
  { maxPixels, maxSeconds = DEFAULT_SECONDS }: DecodeLimits = {},
): AsyncGenerator<InnerFrame, void, undefined> {
  if (first.frames < 2 || most < 2) return;
  const end = performance.now() + 1000 * SHARE_OF_TIME * maxSeconds;
  const runs = ANIMATED.has(first.format)
    ? frameRuns(first.frames, most, first.fullWidth, first.fullHeight)
    : spreadFrames(first.frames, most)
        .slice(1)
        .map((ordinal) => [ordinal]);
  for (const run of runs) {
    const seconds = Math.ceil((end - performance.now()) / 1000);
    if (seconds <= 0) return;
    const limits = { maxSeconds: seconds, ...(maxPixels === undefined ? {} : { maxPixels }) };
    try {
      const pictures =
        run.length > 1
          ? await decodeRun(bytes, run, seconds)
          : [await decodeReduced(bytes, { ...limits, frame: run[0]! })];
      for (const [i, picture] of pictures.entries()) yield { ordinal: run[i]!, picture };
    } catch (error) {
      if (!(error instanceof SandglassError)) throw error;
    }
  }
}
