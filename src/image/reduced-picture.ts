// The contract of reducing: the small pictures and sums that every feature is made from.

export interface ReducedPicture {
  /** [3, 64, 64] bytes. */
  readonly thumbnail: Uint8Array;
  /** [32, 32] grey bytes. */
  readonly phashPixels: Uint8Array;
  /** [64, 64] grey bytes. */
  readonly phash16Pixels: Uint8Array;
  /** [8, 9] grey bytes. */
  readonly dhashPixels: Uint8Array;
  /** [8, 8] grey bytes. */
  readonly ahashPixels: Uint8Array;
  /** [side, side] grey bytes, `side` of `whashSide`. */
  readonly whashPixels: Uint8Array;
  /** [16, 16] sums of `blockSums`: exact. */
  readonly blockSums: Float64Array;
  /** [64, 64] samples of `pdqSamples`: the same but for the last digits, however they are made. */
  readonly pdqSamples: Float64Array;
}
