// Edited copies of a picture, as people make them: cropped, turned, saved again, written on.
import sharp, { type Sharp } from 'sharp';
import type { Random } from './random.ts';

export interface Edit {
  readonly name: string;
  apply(picture: Buffer, random: Random): Promise<Buffer>;
}

const jpeg = (picture: Sharp, quality = 85) => picture.jpeg({ quality }).toBuffer();

export const EDITS: readonly Edit[] = [
  {
    name: 'cropped',
    async apply(picture, random) {
      const { width, height } = await sharp(picture).metadata();
      const share = random.between(0.7, 0.85);
      const [w, h] = [Math.round(width * share), Math.round(height * share)];
      return jpeg(
        sharp(picture).extract({
          left: random.whole(0, width - w),
          top: random.whole(0, height - h),
          width: w,
          height: h,
        }),
      );
    },
  },
  {
    name: 'turned',
    apply: (picture, random) =>
      jpeg(
        sharp(picture).rotate(random.pick([-1, 1]) * random.between(4, 15), {
          background: random.pick(['#000', '#fff']),
        }),
      ),
  },
  { name: 'upright', apply: (picture, random) => jpeg(sharp(picture).rotate(random.pick([90, 270]))) },
  { name: 'mirrored', apply: (picture) => jpeg(sharp(picture).flop()) },
  { name: 'low-quality', apply: (picture, random) => jpeg(sharp(picture), random.whole(8, 20)) },
  {
    name: 'small',
    async apply(picture, random) {
      const { width } = await sharp(picture).metadata();
      return jpeg(sharp(picture).resize(Math.round(width * random.between(0.25, 0.5))));
    },
  },
  {
    name: 'brightened',
    apply: (picture, random) =>
      jpeg(
        sharp(picture).modulate({ brightness: random.pick([random.between(0.55, 0.75), random.between(1.25, 1.5)]) }),
      ),
  },
  {
    name: 'recoloured',
    apply: (picture, random) =>
      jpeg(random.chance(0.4) ? sharp(picture).grayscale() : sharp(picture).modulate({ hue: random.whole(40, 320) })),
  },
  {
    name: 'captioned',
    async apply(picture, random) {
      const { width, height } = await sharp(picture).metadata();
      const bar = Math.round(height * random.between(0.12, 0.22));
      const words = random.pick(['when the build is green', 'do not bend', 'draft, for comment', 'seen this before?']);
      const caption = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${bar}"><rect width="${width}" height="${bar}" fill="#fff"/><text x="${width / 2}" y="${bar * 0.68}" font-family="sans-serif" font-weight="bold" font-size="${Math.min(bar * 0.45, width / 16)}" text-anchor="middle">${words}</text></svg>`;
      return jpeg(
        sharp(picture).composite([{ input: Buffer.from(caption), gravity: random.pick(['north', 'south']) }]),
      );
    },
  },
  {
    name: 'framed',
    apply(picture, random) {
      const edge = random.whole(20, 45);
      return jpeg(
        sharp(picture).extend({
          top: edge,
          bottom: edge,
          left: edge,
          right: edge,
          background: random.pick(['#fff', '#111', '#864']),
        }),
      );
    },
  },
  { name: 'blurred', apply: (picture, random) => jpeg(sharp(picture).blur(random.between(2, 4))) },
];
