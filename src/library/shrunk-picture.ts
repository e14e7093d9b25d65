// A picture made smaller by whole steps: damaging many megapixels takes seconds, and a copy is looked at through a sketch anyway.
import type { Picture } from '../image/decode.ts';

/** The longer side stays at least this long. */
const SIDE = 512;

export function shrunk(picture: Picture): Picture {
  const step = Math.floor(Math.max(picture.width, picture.height) / SIDE);
  if (step < 2) return picture;
  const width = Math.max(1, Math.floor(picture.width / step));
  const height = Math.max(1, Math.floor(picture.height / step));
  const [across, down] = [Math.min(step, picture.width), Math.min(step, picture.height)];
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let j = 0; j < down; j++)
          for (let i = 0; i < across; i++)
            sum += picture.rgb[((y * step + j) * picture.width + x * step + i) * 3 + channel]!;
        rgb[(y * width + x) * 3 + channel] = Math.round(sum / (across * down));
      }
    }
  }
  return { width, height, rgb };
}
