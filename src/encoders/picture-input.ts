// What a network for pictures takes, number by number: the part of a manifest that says how pixels become its input.
import type { ResizeKernel } from '../image/pillow-resize.ts';
import type { Pooling } from './pooling.ts';

/** How a picture comes to the side that a network takes. */
export interface PictureFrame {
  /** Height and width in pixels. */
  readonly side: readonly [height: number, width: number];
  /**
   * `stretch`: resized to the side, aspect not kept; `crop`: resized until it covers the side, the middle cut out; `pad`:
   * resized until it fits into the side, black around it.
   */
  readonly fit: 'stretch' | 'crop' | 'pad';
  /** With `crop`: the shorter edge after resizing, where more is cut off than the aspect asks for. */
  readonly resize?: number;
  readonly kernel: ResizeKernel;
}

/** Each colour's byte becomes (byte × scale − mean) / std, in double precision, then rounded to the type. */
export interface PictureNumbers {
  readonly layout: 'NCHW' | 'NHWC';
  /** Of the network's input; bytes stay bytes. */
  readonly type: 'float32' | 'float16' | 'uint8';
  /** The order of the colours. */
  readonly channels: 'rgb' | 'bgr';
  readonly scale: number;
  /** One a colour, in the order of `channels`. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export interface PictureInput extends PictureFrame, PictureNumbers {
  readonly feature: 'picture';
  /** The output of the model that is used. */
  readonly output: string;
  /** How the vectors of a picture's parts become one; `none`: the model gives one vector a picture. */
  readonly pooling: Pooling;
  /** Pictures that go through the network in one run. */
  readonly batch: number;
}
