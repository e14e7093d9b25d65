// Changes of a picture's colours, pixel by pixel: brightness, contrast, gamma, levels, grey, noise.
import type { Picture } from './decode.ts';

/** The same change of every byte, whatever its colour and place. */
function mapBytes({ rgb, ...size }: Picture, change: (value: number) => number): Picture {
  const table = Uint8ClampedArray.from({ length: 256 }, (_, value) => change(value));
  const changed = new Uint8Array(rgb.length);
  for (let at = 0; at < rgb.length; at++) changed[at] = table[rgb[at]!]!;
  return { ...size, rgb: changed };
}

/** Every value times `factor`, clipped. */
export function brighten(picture: Picture, factor: number): Picture {
  return mapBytes(picture, (value) => value * factor);
}

/** Every value's distance from the picture's mean times `factor`, clipped. */
export function changeContrast(picture: Picture, factor: number): Picture {
  let sum = 0;
  for (let at = 0; at < picture.rgb.length; at++) sum += picture.rgb[at]!;
  const mean = sum / picture.rgb.length;
  return mapBytes(picture, (value) => mean + (value - mean) * factor);
}

/** value^gamma on a scale of 0 … 1: above 1 darkens, below 1 lightens. */
export function changeGamma(picture: Picture, gamma: number): Picture {
  return mapBytes(picture, (value) => 255 * (value / 255) ** gamma);
}

/** Every colour rounded to one of `levels` equally spaced values. */
export function posterise(picture: Picture, levels: number): Picture {
  return mapBytes(picture, (value) => (Math.round((value / 255) * (levels - 1)) * 255) / (levels - 1));
}

/** Shades of grey, weighted as the eye does (ITU-R BT.601). */
export function toGrey({ rgb, ...size }: Picture): Picture {
  const grey = new Uint8Array(rgb.length);
  for (let at = 0; at < rgb.length; at += 3) {
    grey.fill(0.299 * rgb[at]! + 0.587 * rgb[at + 1]! + 0.114 * rgb[at + 2]! + 0.5, at, at + 3);
  }
  return { ...size, rgb: grey };
}

/** Gaussian noise of this standard deviation (of 255) on every value, clipped; `random` is uniform in [0, 1). */
export function addNoise({ rgb, ...size }: Picture, deviation: number, random: () => number): Picture {
  const { log, sqrt, cos, PI } = Math;
  const noisy = new Uint8ClampedArray(rgb.length);
  // Box and Muller, A note on the generation of random normal deviates, 1958.
  for (let at = 0; at < rgb.length; at++) {
    noisy[at] = rgb[at]! + deviation * sqrt(-2 * log(1 - random())) * cos(2 * PI * random());
  }
  return { ...size, rgb: new Uint8Array(noisy.buffer) };
}
