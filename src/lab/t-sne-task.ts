// What passes between tsne and its thread.

/** What the thread is started with. */
export interface TsneTask {
  /** [n, width] */
  readonly rows: Float32Array;
  readonly width: number;
  readonly perplexity: number;
  readonly iterations: number;
  readonly seed: number;
}

/** What comes back: how far it is, and at the end the map [n, 2]. */
export type TsneMessage = { readonly iteration: number } | { readonly points: Float32Array };
