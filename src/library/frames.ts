// How many frames of animations and documents of several pages an index keeps: a setting of the index.
import { MOST_FRAMES } from '../image/frame-runs.ts';
import type { Catalog } from '../index/catalog.ts';

/** `first`: an animation is its first frame; `all`: every frame is found, see docs/images.md. */
export type FramesKept = 'first' | 'all';

const SETTING = 'frames';

export function framesKept(catalog: Catalog): FramesKept {
  return catalog.settings.get<FramesKept>(SETTING) ?? 'first';
}

/** How many frames of a file are kept at most. */
export function frameLimit(catalog: Catalog): number {
  return framesKept(catalog) === 'all' ? MOST_FRAMES : 1;
}

/** Changes the setting. Frames that are not wanted any more are forgotten; those that are, are read by the next scans. */
export function keepFrames(catalog: Catalog, kept: FramesKept): void {
  if (kept === framesKept(catalog)) return;
  catalog.write(() => {
    catalog.settings.set(SETTING, kept);
    if (kept === 'first') catalog.frames.clear();
  });
}
