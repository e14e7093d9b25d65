import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanUp, opened, temporaryIndex, textItem } from './temporary-index.ts';

afterEach(cleanUp);

describe('Thumbnails that wait for an encoder', () => {
  it('are read batch by batch and removed when they have their code', () => {
    const catalog = opened(temporaryIndex());
    const root = catalog.roots.put('/photos');
    const planes = (value: number) => new Uint8Array(3 * 64 * 64).fill(value);
    const ids = catalog.items.put(
      [1, 2, 3].map((value) => textItem(root.id, `${value}.png`, { kind: 'image', thumbnail: planes(value) })),
    );
    const first = catalog.thumbnails.read(2);
    expect(first.map(({ itemId }) => itemId)).toEqual(ids.slice(0, 2));
    expect(Uint8Array.from(first[1]!.planes)).toEqual(planes(2));
    expect(catalog.thumbnails.read(2, ids[1]).map(({ itemId }) => itemId)).toEqual([ids[2]]);
    catalog.thumbnails.remove(ids.slice(0, 2));
    expect(catalog.thumbnails.count()).toBe(1);
    catalog.thumbnails.put(ids[2]!, planes(9));
    expect(catalog.thumbnails.read(5)[0]!.planes[0]).toBe(9);
  });
});
