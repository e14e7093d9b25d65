// Sheets of small pictures: originals over reconstructions, and what the units of a first layer look for.
import { encodePng } from '../image/encode-png.ts';
import { drawTiles, type Tiles } from './tiles.ts';

/** One line of every block. */
export interface SheetBand {
  /** `original`, `restored`, … Names the band in errors; a PNG has no words. */
  readonly label: string;
  /** [pictures, …shape]: 0 to 1 as floats (what is beyond is cut off), or bytes. */
  readonly pictures: Float32Array | Uint8Array;
}

export interface SheetOptions {
  /** Of one picture: [height, width] or [1, height, width] grey, [3, height, width] red green blue. */
  readonly shape: readonly number[];
  /** Pictures in a line. @default 8 */
  readonly columns?: number;
  /** Each pixel becomes a square of this side. @default 3 for pictures of up to 32 pixels, 2 up to 48, else 1 */
  readonly scale?: number;
}

/**
 * Draws the bands under one another in lines of eight; what does not fit into the first lines follows in further blocks.
 *
 * @returns a PNG
 * @throws RangeError when a shape is no picture's, a band is empty, has a part of a picture, or not as many as the others
 */
export async function drawSheet(bands: readonly SheetBand[], options: SheetOptions): Promise<Uint8Array> {
  const { shape, columns = 8, scale } = options;
  const [channels, height, width] = pictureShape(shape);
  const size = channels * height * width;
  const [first] = bands;
  if (first === undefined) throw new RangeError('Expected at least one band of pictures but received none.');
  for (const { label, pictures } of bands) {
    if (pictures.length === 0 || pictures.length % size !== 0) {
      throw new RangeError(
        `Expected whole pictures of ${shape.join(' × ')} in band ${label} but received ${pictures.length} values.`,
      );
    }
    if (pictures.length !== first.pictures.length) {
      throw new RangeError(
        `Expected ${first.pictures.length / size} pictures in band ${label}, as in ${first.label}, but received ${pictures.length / size}.`,
      );
    }
  }
  const tiles = bands.map(
    ({ pictures }): Tiles => ({
      channels,
      height,
      width,
      values: pictures instanceof Float32Array ? toBytes(pictures) : pictures,
    }),
  );
  return encodePng(drawTiles(tiles, { columns, scale }));
}

export interface FilterOptions {
  /** Of the weights: [inputs, units] of a dense layer, [filters, channels, height, width] of a convolution. */
  readonly shape: readonly number[];
  /** Dense layers: the shape of an input, [height, width] or [1, height, width] or [3, height, width]. */
  readonly input?: readonly number[];
  /** Filters in a line. @default 16 */
  readonly columns?: number;
  /** The first so many are drawn. @default 128 */
  readonly most?: number;
  readonly scale?: number;
}

/**
 * Draws the weights of a first layer, a tile a unit. Each tile is scaled by its own largest weight: grey is 0, white the
 * most positive, black the most negative. Kernels over more than three channels are drawn channel by channel.
 *
 * @returns a PNG
 * @throws RangeError when weights and shapes do not belong together
 */
export async function drawFilters(weights: Float32Array, options: FilterOptions): Promise<Uint8Array> {
  const { shape, input, columns = 16, most = 128, scale } = options;
  if (shape.reduce((product, length) => product * length, 1) !== weights.length) {
    throw new RangeError(`Expected weights of ${shape.join(' × ')} but received ${weights.length} values.`);
  }
  const [channels, height, width] = shape.length === 4 ? kernelShape(shape) : pictureShape(input ?? []);
  const size = channels * height * width;
  if (shape.length === 2 ? shape[0] !== size : shape.length !== 4) {
    throw new RangeError(
      `Expected weights [${size}, units] or [filters, channels, height, width] but received ${shape.join(' × ')}.`,
    );
  }
  const units = weights.length / size;
  const drawn = Math.min(units, most);
  const values = new Uint8Array(drawn * size);
  const [unitStep, pixelStep] = shape.length === 2 ? [1, units] : [size, 1];
  for (let unit = 0; unit < drawn; unit++) {
    let largest = 0;
    for (let pixel = 0; pixel < size; pixel++) {
      largest = Math.max(largest, Math.abs(weights[unit * unitStep + pixel * pixelStep]!));
    }
    for (let pixel = 0; pixel < size; pixel++) {
      const weight = weights[unit * unitStep + pixel * pixelStep]! / (largest || 1);
      values[unit * size + pixel] = Math.round(127.5 + 127.5 * weight);
    }
  }
  return encodePng(drawTiles([{ channels, height, width, values }], { columns, scale, gapGrey: 0 }));
}

function kernelShape([, channels = 1, height = 1, width = 1]: readonly number[]): [1 | 3, number, number] {
  return [channels === 3 ? 3 : 1, height, width];
}

function pictureShape(shape: readonly number[]): [channels: 1 | 3, height: number, width: number] {
  const [channels, height, width] = shape.length === 2 ? [1, ...shape] : shape;
  const isPicture = shape.length <= 3 && [height, width].every((side) => Number.isInteger(side) && side! > 0);
  if (!isPicture || (channels !== 1 && channels !== 3)) {
    throw new RangeError(
      `Expected the shape of a picture, [height, width], [1, height, width] or [3, height, width], but received [${shape.join(', ')}].`,
    );
  }
  return [channels, height!, width!];
}

function toBytes(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.length);
  for (let at = 0; at < values.length; at++) bytes[at] = Math.round(255 * Math.min(Math.max(values[at]!, 0), 1));
  return bytes;
}
