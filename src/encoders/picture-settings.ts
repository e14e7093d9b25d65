// How a network for pictures wants them: what the user says, else what lies beside it, else what it says itself, else what is usual.
import { SandglassError } from '../errors.ts';
import type { ResizeKernel } from '../image/pillow-resize.ts';
import type { TensorDescription } from '../runtime/feeds.ts';
import type { PictureFrame, PictureNumbers } from './picture-input.ts';
import type { Pooling } from './pooling.ts';
import { type StatedPicture, statedPicture } from './preprocessor-config.ts';

/** How a picture encoder is used; what is not given is read from what lies beside its model, and from the model. */
export interface PictureOptions {
  /** Where the three colours stand in the input. @default where the model has a 3, else NCHW */
  readonly inputLayout?: 'NCHW' | 'NHWC';
  /** Pixels: one number for a square, or height and width. @default what the model takes, else 224 */
  readonly side?: number | readonly [height: number, width: number];
  /** @default what preprocessor_config.json says, else `crop`, see {@link PictureFrame} */
  readonly fit?: PictureFrame['fit'];
  /** With `crop`: the shorter edge before the middle is cut out. @default the side: no more is cut off than must be */
  readonly resize?: number;
  /** How pixels are resized. @default what preprocessor_config.json says, else `bilinear` */
  readonly kernel?: ResizeKernel;
  /** What each byte is multiplied by. @default 1/255 */
  readonly scale?: number;
  /** Taken away after that: one number, or one a colour. @default ImageNet's */
  readonly mean?: number | readonly number[];
  /** Divided by after that. @default ImageNet's */
  readonly std?: number | readonly number[];
  /** The order of colours. @default `rgb` */
  readonly channels?: 'rgb' | 'bgr';
  /** The output of the model. @default one of a known name, or the only one */
  readonly output?: string;
  /** How the vectors of a picture's parts become one. @default `cls` of a row of vectors, `mean` of a map */
  readonly pooling?: Exclude<Pooling, 'none'>;
}

export interface PictureSettings {
  readonly form: PictureFrame & PictureNumbers;
  /** What was taken because nobody said anything else; sentences. */
  readonly said: readonly string[];
}

const COLOURS = 3;
const USUAL_SIDE = 224;
const MOST_PIXELS = 4_096;
const BYTE_SCALE = 1 / 255;
const IMAGENET_MEAN = [0.485, 0.456, 0.406];
const IMAGENET_STD = [0.229, 0.224, 0.225];
const TYPES: readonly string[] = ['float32', 'float16', 'uint8'];
/** What exporters call the size of the colours' axis. */
const COLOUR_AXES: ReadonlySet<unknown> = new Set(['channels', 'num_channels', 'channel', 'c', 'C']);

/**
 * @param config the content of preprocessor_config.json, when there is one
 * @param path of the model, for errors
 * @throws SandglassError ENCODER_UNFIT when the model takes no colour pictures, or what is said does not fit it;
 *   SETTING_INVALID for an option that cannot be
 */
export function pictureSettings(
  input: TensorDescription,
  options: PictureOptions,
  config: Readonly<Record<string, unknown>> | undefined,
  path: string,
): PictureSettings {
  const said: string[] = [];
  const type = typeOf(input, path);
  const layout = layoutOf(input, options, path);
  const stated = statedPicture(config ?? {}, path, options.side !== undefined && options.fit !== undefined);
  const frame = frameOf(input, layout, options, stated, said, path);
  const numbers = numbersOf(type, options, stated, said);
  const channels = options.channels ?? stated.channels ?? 'rgb';
  return { form: { layout, type, channels, ...frame, ...numbers }, said };
}

function typeOf({ name, type }: TensorDescription, path: string): PictureNumbers['type'] {
  if (TYPES.includes(type)) return type as PictureNumbers['type'];
  throw unfit(`takes ${name} as ${type}; expected ${TYPES.join(', ')}`, path);
}

function layoutOf({ shape }: TensorDescription, { inputLayout }: PictureOptions, path: string) {
  const sizes = { NCHW: shape[1], NHWC: shape[3] };
  const can = (['NCHW', 'NHWC'] as const).filter((layout) => !isFixed(sizes[layout]) || sizes[layout] === COLOURS);
  if (inputLayout !== undefined) {
    if (can.includes(inputLayout)) return inputLayout;
    throw unfit(`takes [${shape.join(', ')}], where ${inputLayout} has no ${COLOURS} colours`, path);
  }
  const told = can.find((layout) => sizes[layout] === COLOURS) ?? can.find((layout) => COLOUR_AXES.has(sizes[layout]));
  const layout = told ?? can[0];
  if (layout !== undefined) return layout;
  throw unfit(
    `takes [${shape.join(', ')}]; expected pictures of ${COLOURS} colours, [pictures, 3, height, width] or [pictures, height, width, 3]`,
    path,
  );
}

function frameOf(
  { shape }: TensorDescription,
  layout: PictureNumbers['layout'],
  options: PictureOptions,
  stated: StatedPicture,
  said: string[],
  path: string,
): PictureFrame {
  const [height, width] = layout === 'NCHW' ? shape.slice(2) : shape.slice(1, 3);
  const fixed = isFixed(height) && isFixed(width) ? ([height, width] as const) : undefined;
  const asked = sideOf(options.side);
  const fits = (side: readonly number[] | undefined): boolean =>
    side !== undefined && (!isFixed(height) || side[0] === height) && (!isFixed(width) || side[1] === width);
  if (asked !== undefined && !fits(asked))
    throw unfit(`takes pictures of ${height} × ${width}, and ${asked.join(' × ')} was asked for`, path);
  const isStatedUsed = asked === undefined && fits(stated.side);
  if (asked === undefined && stated.side !== undefined && !isStatedUsed)
    said.push(
      `preprocessor_config.json says ${stated.side.join(' × ')} pixels, and the model takes ${height} × ${width}: these are used.`,
    );
  const side = asked ?? (isStatedUsed ? stated.side : undefined) ?? fixed;
  if (side === undefined)
    said.push(`Nothing says how many pixels the model takes: ${USUAL_SIDE} × ${USUAL_SIDE} (--side).`);
  const chosen = side ?? [USUAL_SIDE, USUAL_SIDE];
  const fit = options.fit ?? stated.fit ?? 'crop';
  const kernel = options.kernel ?? stated.kernel ?? 'bilinear';
  const resize = options.resize ?? (isStatedUsed && options.fit === undefined ? stated.resize : undefined);
  if (resize === undefined || resize === Math.max(...chosen)) return { side: chosen, fit, kernel };
  if (fit === 'crop' && resize >= Math.max(...chosen)) return { side: chosen, fit, resize, kernel };
  throw new SandglassError(
    'SETTING_INVALID',
    fit === 'crop'
      ? `Expected at least ${Math.max(...chosen)} for resize, of which ${chosen.join(' × ')} is cut out, but received ${resize}.`
      : `Expected no resize with fit ${fit}: it says how much --fit crop cuts off.`,
  );
}

function numbersOf(
  type: PictureNumbers['type'],
  options: PictureOptions,
  stated: StatedPicture,
  said: string[],
): Pick<PictureNumbers, 'scale' | 'mean' | 'std'> {
  if (type === 'uint8') {
    const given = (['scale', 'mean', 'std'] as const).find((name) => options[name] !== undefined);
    if (given !== undefined)
      throw new SandglassError(
        'SETTING_INVALID',
        `Expected no ${given}: the model takes bytes, and makes numbers of them itself.`,
      );
    return { scale: 1, mean: [0, 0, 0], std: [1, 1, 1] };
  }
  const scale = options.scale ?? stated.scale ?? BYTE_SCALE;
  const mean = ofColours('mean', options.mean) ?? stated.mean;
  const std = ofColours('std', options.std) ?? stated.std;
  if (!Number.isFinite(scale) || scale === 0) throw outOfRange('scale', scale);
  if (std?.some((each) => each === 0)) throw outOfRange('std', std);
  if (mean !== undefined && std !== undefined) return { scale, mean, std };
  if (options.scale !== undefined || mean !== undefined || std !== undefined)
    return { scale, mean: mean ?? [0, 0, 0], std: std ?? [1, 1, 1] };
  said.push(
    "Nothing says how the model wants its numbers: bytes / 255, less ImageNet's mean, by ImageNet's deviation (--scale, --mean, --std).",
  );
  return { scale, mean: IMAGENET_MEAN, std: IMAGENET_STD };
}

function ofColours(name: string, value: number | readonly number[] | undefined): readonly number[] | undefined {
  if (value === undefined) return undefined;
  const numbers = typeof value === 'number' ? Array<number>(COLOURS).fill(value) : value;
  if (numbers.length === COLOURS && numbers.every(Number.isFinite)) return numbers;
  throw outOfRange(name, numbers);
}

function sideOf(side: PictureOptions['side']): readonly [number, number] | undefined {
  if (side === undefined) return undefined;
  const [height, width] = typeof side === 'number' ? [side, side] : side;
  if ([height, width].every((each) => Number.isInteger(each) && each > 0 && each <= MOST_PIXELS))
    return [height, width];
  throw outOfRange('side', side);
}

function outOfRange(name: string, value: unknown): SandglassError {
  const expected = {
    scale: 'a number other than 0',
    mean: 'a number, or three',
    std: 'a number other than 0, or three',
    side: `whole numbers from 1 to ${MOST_PIXELS}`,
  }[name];
  return new SandglassError(
    'SETTING_INVALID',
    `Expected ${expected} for ${name} but received ${JSON.stringify(value)}.`,
  );
}

function isFixed(size: number | string | undefined): size is number {
  return typeof size === 'number' && size > 0;
}

function unfit(what: string, path: string): SandglassError {
  return new SandglassError('ENCODER_UNFIT', `The model ${path} ${what}.`, { path });
}
