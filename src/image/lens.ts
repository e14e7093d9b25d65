// Barrel distortion: a picture as a wide lens shows it, or a screen that is bent.
import type { Picture } from './decode.ts';

/**
 * Each pixel shows what lies further out by the factor 1 + strength · r², r being its distance from the middle (1 at the
 * corners): the first term of Brown's model of radial distortion (1966). What lies outside is `fill`.
 *
 * @param fill a grey, 0…255
 */
export function bulged({ rgb, width, height }: Picture, strength: number, fill: number): Picture {
  const bent = new Uint8Array(rgb.length).fill(fill);
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  const corner = Math.max(1, cx * cx + cy * cy);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [x - cx, y - cy];
      const factor = 1 + (strength * (dx * dx + dy * dy)) / corner;
      const [fromX, fromY] = [Math.round(cx + dx * factor), Math.round(cy + dy * factor)];
      if (fromX < 0 || fromY < 0 || fromX >= width || fromY >= height) continue;
      const from = (fromY * width + fromX) * 3;
      bent.set(rgb.subarray(from, from + 3), (y * width + x) * 3);
    }
  }
  return { width, height, rgb: bent };
}
