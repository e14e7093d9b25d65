// The contract of reducing: the three small pictures that every feature is made from.

export interface ReducedPicture {
  /** [3, 64, 64] bytes. */
  readonly thumbnail: Uint8Array;
  /** [32, 32] grey bytes. */
  readonly phashPixels: Uint8Array;
  /** [8, 9] grey bytes. */
  readonly dhashPixels: Uint8Array;
}
