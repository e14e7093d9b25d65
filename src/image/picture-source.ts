// Where the pixels of a picture can be had again, for those to whom its thumbnail is too small.

/** A file whose content is known, or a picture file in memory. */
export type PictureSource =
  | {
      readonly path: string;
      /** Lower-case hexadecimal SHA-256 of the content: another one is another picture. */
      readonly hash: string;
      /** Which frame of an animation, or page. @default 0 */
      readonly frame?: number;
    }
  | {
      /** For messages. */
      readonly path: string;
      readonly bytes: Uint8Array;
    };
