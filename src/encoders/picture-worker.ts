// Runs in the threads of framed-pictures.ts: reads a batch of pictures and notes which one it is at.
import { asSandglassError } from '../errors.ts';
import type { ErrorReport } from '../features/extract-result.ts';
import type { GuardedTask } from '../features/guarded-threads.ts';
import type { PictureSource } from '../image/picture-source.ts';
import { framedSource } from './frame-picture.ts';
import type { PictureFrame } from './picture-input.ts';

export interface FrameTask extends GuardedTask {
  readonly sources: readonly PictureSource[];
  readonly frame: PictureFrame;
  readonly maxSeconds: number;
}

/** [height, width, 3] bytes, or why there are none. */
export type Framed = Uint8Array | ErrorReport;

export default async function framePictures({ sources, frame, maxSeconds, begun }: FrameTask): Promise<Framed[]> {
  const results: Framed[] = [];
  for (const source of sources) {
    Atomics.add(begun, 0, 1);
    results.push(await frameOrSay(source, frame, maxSeconds));
  }
  return results;
}

/** Never rejects for a picture. */
export async function frameOrSay(source: PictureSource, frame: PictureFrame, maxSeconds: number): Promise<Framed> {
  try {
    return await framedSource(source, frame, maxSeconds);
  } catch (error) {
    return { ...asSandglassError(error, 'IMAGE_BROKEN', source.path).toJSON(), path: source.path };
  }
}
