// The 58 attacks of Vallez, Kucharavy & Dolamic (arXiv 2206.00282), written anew with sharp and own pixel code.
import sharp, { type Sharp } from 'sharp';
import { lettersOver } from './image-letters.ts';
import {
  blend,
  type Draw,
  greyOf,
  mapped,
  meanOf,
  normalNoise,
  type Pixels,
  type PlaneMap,
  saltAndPepper,
} from './image-pixels.ts';

export interface Attack {
  /** `<family> <strength>`. */
  readonly name: string;
  readonly family: string;
  /** The attacked picture, to be kept without loss; of JPEG compression the JPEG file itself. */
  apply(picture: Pixels, draw: Draw): Pixels | Promise<Pixels | Buffer>;
}

/** Names what is made; a change of the attacks needs another number. */
export const ATTACKS_VERSION = 1;

/** What differs from the Python original, for the record. */
export const ATTACK_DIFFERENCES =
  'differences from the Python original: 300 photos (train and val) of the 500, so 150 and 150 instead of 250 and 250; blur and median ' +
  'repeat the border (OpenCV mirrors it for blur); scaling and resizing by libvips (bicubic, antialiased, as Pillow); text in ' +
  'heavy strokes, capitals and digits, of the size and width of the Impact font there; random draws of our own';

const NORMAL_VARIANCES = [0.01, 0.02, 0.05];
const SALT_SHARES = [0.05, 0.1, 0.15];
const KERNEL_SIDES = [3, 5, 7];
const QUALITIES = [10, 50, 90];
const SCALES = [0.4, 0.8, 1.2, 1.6];
const CROPS = [5, 10, 20, 40, 60];
const ANGLES = [5, 10, 20, 40, 60];
const SHEARS = [1, 2, 5, 10, 20];
const FACTORS = [0.5, 0.66, 1.5, 2];
const TEXT_LENGTHS = [10, 20, 30, 40, 50];

/** Side by side with 3 × 3 weights of a light smoothing: sharpness is the distance to it (Pillow's `SMOOTH`). */
const SMOOTH = { width: 3, height: 3, kernel: [1, 1, 1, 1, 5, 1, 1, 1, 1], scale: 13 };

export const ATTACKS: readonly Attack[] = [
  ...family('Gaussian noise', NORMAL_VARIANCES, (picture, variance, draw) => normalNoise(picture, variance, draw)),
  ...family('speckle', NORMAL_VARIANCES, (picture, variance, draw) => normalNoise(picture, variance, draw, true)),
  ...family('salt and pepper', SALT_SHARES, saltAndPepper),
  ...family('Gaussian blur', KERNEL_SIDES, (picture, side) => pixelsOf(sharpOf(picture).convolve(gaussian(side)))),
  ...family('median', KERNEL_SIDES, (picture, side) => pixelsOf(sharpOf(picture).median(side))),
  ...family('JPEG', QUALITIES, (picture, quality) =>
    sharpOf(picture).jpeg({ quality, chromaSubsampling: '4:2:0' }).toBuffer(),
  ),
  ...family('scale', SCALES, (picture, ratio) =>
    resized(picture, Math.round(ratio * picture.width), Math.round(ratio * picture.height)),
  ),
  ...family('crop', CROPS, cropped),
  ...family('rotation', ANGLES, rotated),
  ...family('shear', SHEARS, sheared),
  ...family('contrast', FACTORS, (picture, factor) =>
    blend(picture, Math.floor(meanOf(greyOf(picture)) + 0.5), factor),
  ),
  ...family('colour', FACTORS, (picture, factor) => blend(picture, greyOf(picture), factor)),
  ...family('brightness', FACTORS, (picture, factor) => blend(picture, 0, factor)),
  ...family('sharpness', FACTORS, async (picture, factor) =>
    blend(picture, (await pixelsOf(sharpOf(picture).convolve(SMOOTH))).rgb, factor),
  ),
  ...family('text', TEXT_LENGTHS, (picture, count, draw) =>
    pixelsOf(sharpOf(picture).composite([{ input: lettersOver(picture.width, picture.height, count, draw) }])),
  ),
];

/** The pixels of a picture file; without the product, so that what is made does not depend on it. */
export function decodedPixels(bytes: Uint8Array): Promise<Pixels> {
  return pixelsOf(sharp(bytes).toColourspace('srgb').removeAlpha());
}

/** A file of an attacked picture. */
export async function attackedFile(
  attack: Attack,
  picture: Pixels,
  draw: Draw,
): Promise<{ bytes: Buffer; extension: 'jpg' | 'png' }> {
  const made = await attack.apply(picture, draw);
  if (Buffer.isBuffer(made)) return { bytes: made, extension: 'jpg' };
  return { bytes: await pngOf(made), extension: 'png' };
}

export function pngOf(picture: Pixels): Promise<Buffer> {
  return sharpOf(picture).png({ compressionLevel: 1 }).toBuffer();
}

export function sharpOf({ rgb, width, height }: Pixels): Sharp {
  return sharp(rgb, { raw: { width, height, channels: 3 } });
}

export async function pixelsOf(pipeline: Sharp): Promise<Pixels> {
  const { data, info } = await pipeline.removeAlpha().raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: data };
}

export function resized(picture: Pixels, width: number, height: number): Promise<Pixels> {
  return pixelsOf(sharpOf(picture).resize(width, height, { fit: 'fill', kernel: 'cubic' }));
}

/** Turned against the clock; `expand` makes room for the corners, which would be cut off otherwise. */
export function turned(picture: Pixels, degrees: number, expand: boolean): Pixels {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const back: PlaneMap = [cos, -sin, sin, cos];
  if (!expand) return mapped(picture, picture.width, picture.height, back);
  const width = Math.ceil(picture.width * Math.abs(cos) + picture.height * Math.abs(sin));
  const height = Math.ceil(picture.width * Math.abs(sin) + picture.height * Math.abs(cos));
  return mapped(picture, width, height, back);
}

function family<Strength extends number>(
  name: string,
  strengths: readonly Strength[],
  apply: (picture: Pixels, strength: Strength, draw: Draw) => Pixels | Promise<Pixels | Buffer>,
): Attack[] {
  return strengths.map((strength) => ({
    name: `${name} ${strength}`,
    family: name,
    apply: (picture, draw) => apply(picture, strength, draw),
  }));
}

/** The weights of a Gaussian filter of this side, its deviation as in the original. */
function gaussian(side: number): { width: number; height: number; kernel: number[]; scale: number } {
  const deviation = 0.6 * ((side - 1) * 0.5 - 1) + 1;
  const weights = Array.from({ length: side }, (_, i) => Math.exp(-((i - (side - 1) / 2) ** 2) / (2 * deviation ** 2)));
  const kernel = weights.flatMap((row) => weights.map((column) => row * column));
  return { width: side, height: side, kernel, scale: kernel.reduce((sum, weight) => sum + weight, 0) };
}

/** The middle without `percent` of the width and of the height, at the size that the picture had. */
async function cropped(picture: Pixels, percent: number): Promise<Pixels> {
  const [width, height] = [picture.width, picture.height].map((side) => Math.round((1 - percent / 100) * side));
  const middle = {
    left: Math.floor((picture.width - width!) / 2),
    top: Math.floor((picture.height - height!) / 2),
    width: width!,
    height: height!,
  };
  return resized(await pixelsOf(sharpOf(picture).extract(middle)), picture.width, picture.height);
}

/** Turned against the clock, whole, on black, at the size that the picture had. */
function rotated(picture: Pixels, degrees: number): Promise<Pixels> {
  return resized(turned(picture, degrees, true), picture.width, picture.height);
}

/** Sheared along both axes about the middle, what reaches beyond the picture is cut off, black beside it. */
function sheared(picture: Pixels, degrees: number): Pixels {
  const tangent = Math.tan((degrees * Math.PI) / 180);
  // The inverse of [1, t; t, 1 + t²], a shear along y after one along x.
  return mapped(picture, picture.width, picture.height, [1 + tangent ** 2, -tangent, -tangent, 1]);
}
