// Pictures that nobody took: dead leaves of many shapes and sizes before clouds and grain, bent a little. What they share
// with photos is their statistics: edges at all scales, and spectra that fall as 1 / f (Lee, Mumford & Huang 2001,
// "Occlusion Models for Natural Images").
import { Random } from '../../dist/training/random.js';

const SIDE = 64;
const CELLS = SIDE * SIDE;
/** Textures that are drawn once; each picture takes some of them, moved and turned. */
const FIELDS = 384;
const MOST_LEAVES = 24;
/** How far outlines are bent, in half sides. */
const WARP = 0.06;

type Field = Float32Array<ArrayBuffer>;

/** Thumbnails [count, 3, 64, 64] in bytes. */
export function proceduralPictures(count: number, seed = 11): Uint8Array {
  const random = new Random(seed);
  const fields = Array.from({ length: FIELDS }, () => drawField(random, random.between(0.6, 1.8)));
  const smooth = Array.from({ length: 64 }, () => drawField(random, 1.5));
  const bytes = new Uint8Array(count * 3 * CELLS);
  for (let i = 0; i < count; i++) {
    const picture = drawPicture(random, fields, smooth);
    for (let at = 0; at < 3 * CELLS; at++) bytes[i * 3 * CELLS + at] = Math.round(255 * picture[at]!);
  }
  return bytes;
}

/** Noise whose amplitudes fall as f^−slope, of mean 0 and deviation 1; it goes on at the opposite edge. */
function drawField(random: Random, slope: number): Field {
  // A sum over the rows of waves and then over the columns: two small products instead of a fast transform.
  const half = SIDE / 2;
  const real = new Float64Array(SIDE * SIDE);
  const imaginary = new Float64Array(SIDE * SIDE);
  for (let v = 0; v < SIDE; v++) {
    for (let u = 0; u < SIDE; u++) {
      const f = Math.hypot(v < half ? v : v - SIDE, u < half ? u : u - SIDE);
      const size = f === 0 ? 0 : f ** -slope;
      real[v * SIDE + u] = size * random.normal();
      imaginary[v * SIDE + u] = size * random.normal();
    }
  }
  const alongRows = transform(real, imaginary);
  const both = transform(transposed(alongRows.real), transposed(alongRows.imaginary));
  const field = Float32Array.from(both.real);
  const mean = field.reduce((sum, x) => sum + x, 0) / CELLS;
  const deviation = Math.sqrt(field.reduce((sum, x) => sum + (x - mean) ** 2, 0) / CELLS);
  return field.map((x) => (x - mean) / deviation);
}

function transform(real: Float64Array, imaginary: Float64Array): { real: Float64Array; imaginary: Float64Array } {
  const result = { real: new Float64Array(CELLS), imaginary: new Float64Array(CELLS) };
  for (let x = 0; x < SIDE; x++) {
    for (let u = 0; u < SIDE; u++) {
      const [c, s] = [COSINES[(x * u) % SIDE]!, SINES[(x * u) % SIDE]!];
      for (let row = 0; row < CELLS; row += SIDE) {
        result.real[row + x]! += c * real[row + u]! - s * imaginary[row + u]!;
        result.imaginary[row + x]! += s * real[row + u]! + c * imaginary[row + u]!;
      }
    }
  }
  return result;
}

const COSINES = Float64Array.from({ length: SIDE }, (_, i) => Math.cos((2 * Math.PI * i) / SIDE));
const SINES = Float64Array.from({ length: SIDE }, (_, i) => Math.sin((2 * Math.PI * i) / SIDE));

function transposed(x: Float64Array): Float64Array {
  return x.map((_, i) => x[(i % SIDE) * SIDE + Math.floor(i / SIDE)]!);
}

/** A texture somewhere else in its field, mirrored and turned or not. */
function placed(random: Random, fields: readonly Field[]): Field {
  const field = fields[random.integer(fields.length)]!;
  const [dx, dy] = [random.integer(SIDE), random.integer(SIDE)];
  const [mx, my] = [random.chance(0.5) ? 1 : -1, random.chance(0.5) ? 1 : -1];
  const turn = random.chance(0.5);
  const result = new Float32Array(CELLS);
  for (let y = 0, at = 0; y < SIDE; y++) {
    const v = (my * y + dy + SIDE) % SIDE;
    for (let x = 0; x < SIDE; x++, at++) {
      const u = (mx * x + dx + SIDE) % SIDE;
      result[at] = field[turn ? u * SIDE + v : v * SIDE + u]!;
    }
  }
  return result;
}

/** A texture in colour, [3, 64, 64]. */
function drawTexture(random: Random, fields: readonly Field[]): Field {
  const sources = [0, 1, 2].map(() => placed(random, fields));
  const strength = random.uniform() ** 2 * 0.35;
  const colour = [0, 1, 2].map(() => 0.05 + 0.9 * random.uniform());
  const mixing = [0, 1, 2].map((i) => [0, 1, 2].map((j) => (random.normal() * 0.5 + (i === j ? 1 : 0) + 0.6) / 2.2));
  const [first, second, third] = sources as [Field, Field, Field];
  const texture = new Float32Array(3 * CELLS);
  for (let plane = 0; plane < 3; plane++) {
    const [a, b, c] = mixing[plane] as [number, number, number];
    const base = colour[plane]!;
    for (let at = 0; at < CELLS; at++) {
      texture[plane * CELLS + at] = base + strength * (a * first[at]! + b * second[at]! + c * third[at]!);
    }
  }
  return texture;
}

function drawPicture(random: Random, fields: readonly Field[], smooth: readonly Field[]): Float32Array {
  const picture = drawTexture(random, fields);
  const [warpX, warpY] = [placed(random, smooth), placed(random, smooth)];
  let texture = picture.slice();
  for (let leaf = 0; leaf < MOST_LEAVES; leaf++) {
    if (leaf % 4 === 0) texture = drawTexture(random, fields);
    if (random.chance(0.75)) drawLeaf(random, picture, texture, warpX, warpY, leaf / MOST_LEAVES);
  }
  return toned(random, picture);
}

type Shape = (u: number, v: number) => number;
const SHAPES: readonly Shape[] = [
  (u, v) => Math.sqrt(u * u + v * v),
  (u, v) => Math.sqrt(u * u + v * v),
  (u, v) => Math.max(Math.abs(u), Math.abs(v)),
  (u, v) => Math.abs(u) + Math.abs(v),
];

/** Later leaves, which lie on top, are smaller. */
function drawLeaf(
  random: Random,
  picture: Float32Array,
  texture: Float32Array,
  warpX: Field,
  warpY: Field,
  late: number,
): void {
  const size = 0.1 + 1.1 * random.uniform() ** 3 * (1 - late);
  const angle = random.between(0, 2 * Math.PI);
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const [cx, cy] = [random.between(-1.2, 1.2), random.between(-1.2, 1.2)];
  const aspect = Math.exp(0.6 * random.normal());
  const shape = SHAPES[random.integer(SHAPES.length)]!;
  const sharpness = random.between(8, 48);
  const colour = [random.uniform(), random.uniform(), random.uniform()];
  const plain = random.uniform();
  const [lightX, lightY] = random.chance(0.5) ? [0.25 * random.normal(), 0.25 * random.normal()] : [0, 0];
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const px = (2 * x) / (SIDE - 1) - 1 - cx + WARP * warpX[y * SIDE + x]!;
      const py = (2 * y) / (SIDE - 1) - 1 - cy + WARP * warpY[y * SIDE + x]!;
      const u = (px * cosine + py * sine) / aspect;
      const v = (py * cosine - px * sine) * aspect;
      const inside = (size - shape(u, v)) * sharpness;
      if (inside < -5) continue;
      const cover = 1 / (1 + Math.exp(-inside));
      const light = lightX * u + lightY * v;
      for (let plane = 0; plane < 3; plane++) {
        const at = plane * CELLS + y * SIDE + x;
        const value = plain * colour[plane]! + (1 - plain) * texture[at]! + light;
        picture[at] = picture[at]! * (1 - cover) + value * cover;
      }
    }
  }
}

/** Another gamma, and less colour, as cameras and weathers give. */
function toned(random: Random, picture: Float32Array): Float32Array {
  const gamma = random.between(0.7, 1.3);
  const saturation = random.between(0.1, 1.1);
  for (let cell = 0; cell < CELLS; cell++) {
    let grey = 0;
    for (let at = cell; at < 3 * CELLS; at += CELLS) {
      picture[at] = Math.max(0, Math.min(1, picture[at]!)) ** gamma;
      grey += picture[at]! / 3;
    }
    for (let at = cell; at < 3 * CELLS; at += CELLS) {
      picture[at] = Math.max(0, Math.min(1, grey + (picture[at]! - grey) * saturation));
    }
  }
  return picture;
}
