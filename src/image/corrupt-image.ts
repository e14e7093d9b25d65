// Seeded damage to pictures, for the benchmark that needs no labels: who finds the original of a damaged copy?
import { type WrittenLine, writtenLines } from './caption.ts';
import { decodeReduced, type Picture, pipelineOf } from './decode.ts';
import { bulged } from './lens.ts';
import { seenFromTheSide } from './perspective.ts';
import { addNoise, brighten, changeContrast, changeGamma, posterise, toGrey } from './recolour.ts';

/** A uniform number in [0, 1); the same sequence gives the same copy. */
type Random = () => number;
type Pipeline = ReturnType<typeof pipelineOf>;

export interface ImageCorruption {
  readonly name: string;
  readonly family: 'geometric' | 'photometric' | 'overlay' | 'codec';
  /** True for the kind of damage that training does too; results on the others, held out, are reported apart. */
  readonly seen: boolean;
  /**
   * The damaged copy of a picture file (or of a decoded picture) as a JPEG, at most about a megapixel large.
   *
   * @throws SandglassError as `decodeImage`
   */
  apply(original: Uint8Array | Picture, random: Random): Promise<Buffer>;
}

/** Of every copy but `jpeg-10`: as a program that edits pictures would save it. */
const QUALITY = 92;

/**
 * Twenty-one kinds, eight of them held out. Training bends pictures by an affine map, fills what is beside them with one
 * colour or another picture, changes brightness, contrast and saturation, coarsens, adds noise, paints rectangles and
 * writes over them; held out is what it has no means to make.
 */
export const IMAGE_CORRUPTIONS: readonly ImageCorruption[] = [
  kind('crop-80', 'geometric', true, (picture, random) => crop(picture, 0.8, random)),
  kind('crop-60', 'geometric', true, (picture, random) => crop(picture, 0.6, random)),
  kind('rotate-5', 'geometric', true, (picture, random) => rotate(picture, 5, random)),
  kind('rotate-25', 'geometric', true, (picture, random) => rotate(picture, 25, random)),
  kind('mirror', 'geometric', true, (picture) => pipelineOf(picture).flop()),
  kind('border', 'geometric', true, border),
  kind('brightness', 'photometric', true, (picture, random) => pipelineOf(brighten(picture, eitherWay(1.5, random)))),
  kind('contrast', 'photometric', true, (picture, random) =>
    pipelineOf(changeContrast(picture, eitherWay(1.7, random))),
  ),
  kind('grey', 'photometric', true, (picture) => pipelineOf(toGrey(picture))),
  kind('blur', 'photometric', true, blur),
  kind('noise', 'photometric', true, (picture, random) => pipelineOf(addNoise(picture, 25, random))),
  kind('shear', 'geometric', true, shear),
  kind('text', 'overlay', true, writeOver),
  kind('perspective', 'geometric', false, perspective),
  kind('pasted', 'geometric', false, paste),
  kind('lens', 'geometric', false, (picture, random) =>
    pipelineOf(bulged(picture, between(0.2, 0.5, random), random() < 0.5 ? 0 : 255)),
  ),
  kind('watermark', 'overlay', false, watermark),
  kind('gamma', 'photometric', false, (picture, random) => pipelineOf(changeGamma(picture, eitherWay(2, random)))),
  kind('posterise', 'photometric', false, (picture) => pipelineOf(posterise(picture, 4))),
  kind('jpeg-10', 'codec', false, (picture) => pipelineOf(picture).jpeg({ quality: 10 })),
  kind('quarter-size', 'codec', false, quarter),
];

function kind(
  name: string,
  family: ImageCorruption['family'],
  seen: boolean,
  change: (picture: Picture, random: Random) => Pipeline,
): ImageCorruption {
  return {
    name,
    family,
    seen,
    async apply(original, random) {
      const picture = original instanceof Uint8Array ? await decodeReduced(original) : original;
      const copy = change(picture, random);
      return (name === 'jpeg-10' ? copy : copy.jpeg({ quality: QUALITY })).toBuffer();
    },
  };
}

/** `factor` or one divided by it. */
function eitherWay(factor: number, random: Random): number {
  return random() < 0.5 ? factor : 1 / factor;
}

function between(low: number, high: number, random: Random): number {
  return low + (high - low) * random();
}

function pixels(length: number): number {
  return Math.max(1, Math.round(length));
}

/** Black or white: what programs put beside a turned picture. */
function backdrop(random: Random): '#000000' | '#ffffff' {
  return random() < 0.5 ? '#000000' : '#ffffff';
}

/** Keeps `share` of each side, somewhere. */
function crop(picture: Picture, share: number, random: Random): Pipeline {
  const width = pixels(picture.width * share);
  const height = pixels(picture.height * share);
  const left = Math.floor(random() * (picture.width - width + 1));
  const top = Math.floor(random() * (picture.height - height + 1));
  return pipelineOf(picture).extract({ left, top, width, height });
}

/** Turned either way; the frame grows so that nothing is lost. */
function rotate(picture: Picture, degrees: number, random: Random): Pipeline {
  const angle = random() < 0.5 ? degrees : -degrees;
  return pipelineOf(picture).rotate(angle, { background: backdrop(random) });
}

function border(picture: Picture, random: Random): Pipeline {
  const share = between(0.08, 0.2, random);
  const across = pixels(picture.width * share);
  const down = pixels(picture.height * share);
  return pipelineOf(picture).extend({
    left: across,
    right: across,
    top: down,
    bottom: down,
    background: backdrop(random),
  });
}

function blur(picture: Picture): Pipeline {
  return pipelineOf(picture).blur(Math.max(0.5, Math.min(picture.width, picture.height) / 100));
}

function shear(picture: Picture, random: Random): Pipeline {
  const slope = Math.tan((between(8, 20, random) * Math.PI) / 180) * (random() < 0.5 ? 1 : -1);
  const matrix: [[number, number], [number, number]] =
    random() < 0.5
      ? [
          [1, slope],
          [0, 1],
        ]
      : [
          [1, 0],
          [slope, 1],
        ];
  return pipelineOf(picture).affine(matrix, { background: backdrop(random), interpolator: 'bilinear' });
}

function perspective(picture: Picture, random: Random): Pipeline {
  const side = random() < 0.5 ? 'left' : 'right';
  return pipelineOf(seenFromTheSide(picture, between(0.5, 0.75, random), side, random() < 0.5 ? 0 : 255));
}

/** On a white page among lines of writing, a bit more than half as wide as the page, off its centre. */
function paste(picture: Picture, random: Random): Pipeline {
  const width = pixels(picture.width / between(0.55, 0.65, random));
  const height = pixels(picture.height / between(0.55, 0.65, random));
  const left = Math.floor(random() * (width - picture.width + 1));
  const top = Math.floor(random() * (height - picture.height + 1));
  const lineHeight = height / 40;
  const lines = Array.from({ length: 20 }, (_, line): WrittenLine => {
    return { left: width / 20, top: (2 * line + 0.5) * lineHeight, height: lineHeight, letters: 40, colour: '#444' };
  });
  const page: Picture = { width, height, rgb: new Uint8Array(width * height * 3).fill(255) };
  const raw = { width: picture.width, height: picture.height, channels: 3 } as const;
  return pipelineOf(page).composite([
    { input: writtenLines(width, height, lines, random), left: 0, top: 0 },
    { input: Buffer.from(picture.rgb.buffer, picture.rgb.byteOffset, picture.rgb.byteLength), raw, left, top },
  ]);
}

/** Two lines of large letters across the picture. */
function writeOver(picture: Picture, random: Random): Pipeline {
  const { width, height } = picture;
  const size = height / 9;
  const letters = Math.max(1, Math.floor((0.9 * width) / size));
  const top = between(0.05, 0.65, random) * height;
  const line = { left: width * 0.05, height: size, letters, colour: '#fff', outline: '#000' };
  const lines = [
    { ...line, top },
    { ...line, top: top + 1.6 * size },
  ];
  return pipelineOf(picture).composite([{ input: writtenLines(width, height, lines, random), left: 0, top: 0 }]);
}

/** Letters all over the picture that let it shine through. */
function watermark(picture: Picture, random: Random): Pipeline {
  const { width, height } = picture;
  const size = height / 10;
  const letters = Math.max(1, Math.ceil(width / size));
  const colour = random() < 0.5 ? 'rgba(255,255,255,0.5)' : 'rgba(0,0,0,0.5)';
  const lines = Array.from({ length: 5 }, (_, line) => {
    return { left: (-random() * width) / 10, top: (2 * line + 0.5) * size, height: size, letters, colour };
  });
  return pipelineOf(picture).composite([{ input: writtenLines(width, height, lines, random), left: 0, top: 0 }]);
}

function quarter(picture: Picture): Pipeline {
  return pipelineOf(picture).resize(pixels(picture.width / 4), pixels(picture.height / 4), { fit: 'fill' });
}
