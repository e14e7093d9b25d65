// A picture seen at an angle: the view of a page, a poster or a screen that was photographed from the side.
import type { Picture } from './decode.ts';

/**
 * Narrows one side of a picture to `narrow` (0 … 1) of its length and foreshortens towards it, in the same frame; what lies
 * beside it is `fill`.
 *
 * @param side - which side is farther away
 */
export function seenFromTheSide(
  { rgb, width, height }: Picture,
  narrow: number,
  side: 'left' | 'right',
  fill: number,
): Picture {
  const { floor, max, min } = Math;
  const seen = new Uint8Array(rgb.length).fill(fill);
  for (let x = 0; x < width; x++) {
    const across = side === 'right' ? (x + 0.5) / width : 1 - (x + 0.5) / width;
    // Length falls linearly across the view; the way along the picture to a column is then (Hartley, Zisserman, Multiple
    // View Geometry, 2004, chapter 2: a projectivity keeps the cross-ratio of four points on a line) rational.
    const scale = 1 - (1 - narrow) * across;
    const along = (across * narrow) / (across * narrow + (1 - across));
    const from = (side === 'right' ? along : 1 - along) * width - 0.5;
    const left = floor(from);
    const share = from - left;
    const columns = [min(width - 1, max(left, 0)), min(width - 1, left + 1)] as const;
    for (let y = 0; y < height; y++) {
      const row = ((y + 0.5) / height - 0.5) / scale + 0.5;
      if (row < 0 || row >= 1) continue;
      const line = floor(row * height) * width;
      for (let colour = 0; colour < 3; colour++) {
        const near = rgb[(line + columns[0]) * 3 + colour]!;
        const far = rgb[(line + columns[1]) * 3 + colour]!;
        seen[(y * width + x) * 3 + colour] = near + (far - near) * share + 0.5;
      }
    }
  }
  return { width, height, rgb: seen };
}
