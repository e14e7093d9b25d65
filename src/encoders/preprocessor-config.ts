// What Hugging Face's preprocessor_config.json says of how pictures are prepared.
import { SandglassError } from '../errors.ts';
import type { ResizeKernel } from '../image/pillow-resize.ts';
import type { PictureFrame } from './picture-input.ts';

/** What is not said is left out. */
export interface StatedPicture {
  readonly side?: readonly [height: number, width: number];
  readonly fit?: PictureFrame['fit'];
  readonly resize?: number;
  readonly kernel?: ResizeKernel;
  readonly scale?: number;
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  readonly channels?: 'rgb' | 'bgr';
}

type Config = Readonly<Record<string, unknown>>;

/** By Pillow's numbers. */
const KERNELS: readonly ResizeKernel[] = ['nearest', 'lanczos', 'bilinear', 'bicubic', 'box', 'hamming'];
const COLOURS = 3;
/** ConvNeXT's processor cuts off less from here on: it stretches. */
const STRETCHED_FROM = 384;
const BYTE_SCALE = 1 / 255;

/**
 * @param path of the model, for errors
 * @param frameIsGiven somebody else says side and fit
 * @throws SandglassError ENCODER_UNFIT when it asks for what is not done here
 */
export function statedPicture(config: Config, path: string, frameIsGiven = false): StatedPicture {
  const kernel = typeof config.resample === 'number' ? KERNELS[config.resample] : undefined;
  return {
    ...(frameIsGiven ? {} : statedFrame(config, path)),
    ...(kernel === undefined ? {} : { kernel }),
    ...statedNumbers(config, path),
    ...(config.do_flip_channel_order === true ? { channels: 'bgr' } : {}),
  };
}

function statedFrame(config: Config, path: string): Pick<StatedPicture, 'side' | 'fit' | 'resize'> {
  const size = sizeOf(config.size, path, 'size');
  if (config.do_resize === false || size === undefined) return {};
  const cut = config.do_center_crop === true ? sizeOf(config.crop_size ?? config.size, path, 'crop_size') : undefined;
  if (cut !== undefined) {
    const side = 'edge' in cut ? ([cut.edge, cut.edge] as const) : cut.side;
    // A size of one number, where the middle is cut out, is that of the shorter edge.
    if ('edge' in size) return { side, fit: 'crop', resize: size.edge };
    const [height, width] = size.side;
    if (height === side[0] && width === side[1]) return { side, fit: 'stretch' };
    throw unfit(`stretches to ${height} × ${width} and cuts ${side.join(' × ')} out of it`, path);
  }
  if (!('edge' in size)) return { side: size.side, fit: config.do_pad === true ? 'pad' : 'stretch' };
  const side = [size.edge, size.edge] as const;
  const share = config.crop_pct;
  if (typeof share === 'number' && size.edge < STRETCHED_FROM)
    return { side, fit: 'crop', resize: Math.floor(size.edge / share) };
  return { side, fit: size.isShorter && config.crop_pct === undefined ? 'crop' : 'stretch' };
}

type Size =
  | { readonly edge: number; readonly isShorter: boolean }
  | { readonly side: readonly [height: number, width: number] };

/** A number, `{height, width}` or `{shortest_edge}`. */
function sizeOf(size: unknown, path: string, name: string): Size | undefined {
  if (size === undefined || size === null) return undefined;
  if (isCount(size)) return { edge: size, isShorter: false };
  const { height, width, shortest_edge: edge } = Object(size) as Config;
  if (isCount(height) && isCount(width)) return { side: [height, width] };
  if (isCount(edge)) return { edge, isShorter: true };
  throw unfit(`has the ${name} ${JSON.stringify(size)}`, path);
}

function statedNumbers(config: Config, path: string): Pick<StatedPicture, 'scale' | 'mean' | 'std'> {
  const scale =
    config.do_rescale === false ? 1 : typeof config.rescale_factor === 'number' ? config.rescale_factor : BYTE_SCALE;
  if (config.do_normalize === false) return { scale, mean: [0, 0, 0], std: [1, 1, 1] };
  const [mean, std] = [config.image_mean, config.image_std].map((value) => {
    if (value === undefined || value === null) return undefined;
    const numbers = typeof value === 'number' ? Array<number>(COLOURS).fill(value) : value;
    if (Array.isArray(numbers) && numbers.length === COLOURS && numbers.every(Number.isFinite))
      return numbers as number[];
    throw unfit(`has ${JSON.stringify(value)} for a mean or a deviation of three colours`, path);
  });
  return {
    ...(config.do_rescale === undefined && config.rescale_factor === undefined ? {} : { scale }),
    ...(mean === undefined ? {} : { mean }),
    ...(std === undefined ? {} : { std }),
  };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0;
}

function unfit(what: string, path: string): SandglassError {
  return new SandglassError(
    'ENCODER_UNFIT',
    `preprocessor_config.json beside ${path} ${what}, which is not known here; say what is meant with --side and --fit.`,
    { path },
  );
}
