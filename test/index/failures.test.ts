import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanUp, opened, temporaryIndex } from './temporary-index.ts';

afterEach(cleanUp);

describe('Failures', () => {
  it('are listed with all that was said, one a path, and forgotten when asked', () => {
    const catalog = opened(temporaryIndex());
    const here = catalog.roots.put('/here');
    const there = catalog.roots.put('/there');
    const failure = (rootId: number, path: string, message: string) => ({
      rootId,
      path,
      size: 3,
      mtimeMs: 1.5,
      code: 'IMAGE_BROKEN',
      message,
      at: 2,
    });
    catalog.failures.put([
      failure(here.id, 'b\n', 'first'),
      failure(here.id, 'a', 'second'),
      failure(there.id, 'a', 'x'),
    ]);
    catalog.failures.put([failure(here.id, 'b\n', 'third')]);
    expect(catalog.failures.list(here.id)).toEqual([failure(here.id, 'a', 'second'), failure(here.id, 'b\n', 'third')]);
    expect(catalog.failures.list()).toHaveLength(3);
    catalog.failures.clear(here.id, ['a', 'never there']);
    expect(catalog.failures.list().map(({ path }) => path)).toEqual(['b\n', 'a']);
  });
});
