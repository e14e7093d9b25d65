// Pixel work of the attacks that sharp has no exact word for: noise, blends, maps of the plane.

/** An upright picture: [height, width, 3] bytes. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** Uniform in [0, 1). */
export type Draw = () => number;

/** Adds to each value a normal number of variance `variance` (of values from 0 to 1), times the value where `speckle`. */
export function normalNoise({ rgb, ...size }: Pixels, variance: number, draw: Draw, speckle = false): Pixels {
  const deviation = 255 * Math.sqrt(variance);
  const noisy = new Uint8ClampedArray(rgb.length);
  for (let at = 0; at < rgb.length; at += 2) {
    // Box and Muller, A note on the generation of random normal deviates, 1958: two numbers from two.
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - draw()));
    const angle = 2 * Math.PI * draw();
    noisy[at] = rgb[at]! + radius * Math.cos(angle) * (speckle ? rgb[at]! / 255 : 1);
    if (at + 1 < rgb.length)
      noisy[at + 1] = rgb[at + 1]! + radius * Math.sin(angle) * (speckle ? rgb[at + 1]! / 255 : 1);
  }
  return { ...size, rgb: new Uint8Array(noisy.buffer) };
}

/** Sets a share of the values, each colour by itself, to 0 or 255 with equal chance. */
export function saltAndPepper({ rgb, ...size }: Pixels, share: number, draw: Draw): Pixels {
  // Not slice(): sharp's Buffers would give a view.
  const noisy = new Uint8Array(rgb);
  for (let at = 0; at < noisy.length; at++) if (draw() < share) noisy[at] = draw() < 0.5 ? 0 : 255;
  return { ...size, rgb: noisy };
}

/** What is left of each value's distance to that of another picture, or to one value: below 1 less, above 1 more; clipped. */
export function blend({ rgb, ...size }: Pixels, from: Uint8Array | number, factor: number): Pixels {
  const mixed = new Uint8ClampedArray(rgb.length);
  for (let at = 0; at < rgb.length; at++) {
    const base = typeof from === 'number' ? from : from[at]!;
    mixed[at] = base + factor * (rgb[at]! - base);
  }
  return { ...size, rgb: new Uint8Array(mixed.buffer) };
}

/** Shades of grey in all three colours (ITU-R BT.601). */
export function greyOf({ rgb }: Pixels): Uint8Array {
  const grey = new Uint8Array(rgb.length);
  for (let at = 0; at < rgb.length; at += 3)
    grey.fill(0.299 * rgb[at]! + 0.587 * rgb[at + 1]! + 0.114 * rgb[at + 2]! + 0.5, at, at + 3);
  return grey;
}

export function meanOf(values: Uint8Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Takes a point of the result, from its middle, to a point of the original, from its middle: [a, b, c, d] of x' = a·x + b·y, y' = c·x + d·y. */
export type PlaneMap = readonly [number, number, number, number];

/** The picture seen through a linear map of the plane about its middle, by bicubic interpolation; black where it does not reach. */
export function mapped(picture: Pixels, width: number, height: number, [a, b, c, d]: PlaneMap): Pixels {
  const rgb = new Uint8Array(width * height * 3);
  const [columns, rows] = [new Float64Array(4), new Float64Array(4)];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [x + 0.5 - width / 2, y + 0.5 - height / 2];
      const fromX = a * dx + b * dy + picture.width / 2;
      const fromY = c * dx + d * dy + picture.height / 2;
      if (fromX < 0 || fromY < 0 || fromX >= picture.width || fromY >= picture.height) continue;
      sampleCubic(picture, fromX - 0.5, fromY - 0.5, columns, rows, rgb, (y * width + x) * 3);
    }
  }
  return { width, height, rgb };
}

function sampleCubic(
  { width, height, rgb }: Pixels,
  x: number,
  y: number,
  columns: Float64Array,
  rows: Float64Array,
  into: Uint8Array,
  at: number,
): void {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  cubicWeights(x - left, columns);
  cubicWeights(y - top, rows);
  let [red, green, blue] = [0, 0, 0];
  for (let j = 0; j < 4; j++) {
    const row = Math.min(height - 1, Math.max(0, top + j - 1)) * width;
    for (let i = 0; i < 4; i++) {
      const from = (row + Math.min(width - 1, Math.max(0, left + i - 1))) * 3;
      const weight = rows[j]! * columns[i]!;
      red += weight * rgb[from]!;
      green += weight * rgb[from + 1]!;
      blue += weight * rgb[from + 2]!;
    }
  }
  into[at] = toByte(red);
  into[at + 1] = toByte(green);
  into[at + 2] = toByte(blue);
}

/** Keys, Cubic convolution interpolation for digital image processing, 1981: a = −½, of the four pixels around a point. */
function cubicWeights(t: number, into: Float64Array): void {
  into[0] = t * (-0.5 + t * (1 - 0.5 * t));
  into[1] = 1 + t * t * (-2.5 + 1.5 * t);
  into[2] = t * (0.5 + t * (2 - 1.5 * t));
  into[3] = t * t * (-0.5 + 0.5 * t);
}

function toByte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.round(value);
}
