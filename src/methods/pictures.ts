// The method that ranks pictures by a plain code.
import type { PictureCode } from '../image/picture-codes.ts';
import { colourMethod } from './colour.ts';
import { hashMethod } from './hashes.ts';
import type { PairMethod, Ranking } from './method.ts';
import { pixelMethod } from './pixels.ts';

/**
 * @param codes [items × bytes of the code]
 * @param grids [items × 192] bytes: the codes of `pixels`, to tell flat pictures
 */
export function pictureMethod(
  { name, compares }: PictureCode,
  items: Ranking,
  codes: Uint8Array,
  grids: Uint8Array,
): PairMethod {
  if (compares === 'grid') return pixelMethod(items, grids);
  return compares === 'shares' ? colourMethod(items, codes, grids) : hashMethod(name, items, codes, grids);
}
