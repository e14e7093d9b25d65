import { describe, expect, it } from '@jest/globals';
import { type Choosable, chooseKeeper, type KeepRules } from '../../src/duplicates/keeper.ts';

function picture(path: string, more: Partial<Choosable> = {}): Choosable {
  return { path, kind: 'image', format: 'jpeg', size: 1_000, mtimeMs: 5_000, width: 100, height: 80, ...more };
}

function kept(files: readonly [Choosable, ...Choosable[]], rules: KeepRules = {}): [path: string, why: string] {
  const { keep, why } = chooseKeeper(files, rules);
  return [keep.path, why];
}

describe('The file to keep', () => {
  it('has most pixels, then a format that loses nothing, then the least compression', () => {
    const small = picture('/small.png', { width: 50, format: 'png' });
    const large = picture('/large.jpg');
    const png = picture('/large.png', { format: 'png' });
    const heavy = picture('/heavy.jpg', { size: 5_000 });
    expect(kept([small, large])).toEqual(['/large.jpg', 'most pixels (100×80)']);
    expect(kept([large, png])).toEqual(['/large.png', 'png loses nothing']);
    expect(kept([large, heavy])).toEqual(['/heavy.jpg', 'least compressed']);
  });

  it('is the oldest of equal ones, then the one with the shortest path, then the first by name', () => {
    expect(kept([picture('/b'), picture('/a', { mtimeMs: 4_000 })])).toEqual(['/a', 'oldest']);
    expect(kept([picture('/copies/b'), picture('/b')])).toEqual(['/b', 'shortest path']);
    expect(kept([picture('/b'), picture('/a')])).toEqual(['/a', 'first by name, otherwise equal']);
  });

  it('is not the larger of two files that lose nothing: their pixels are what counts', () => {
    const files = [
      picture('/a.png', { format: 'png', size: 9_000 }),
      picture('/b.png', { format: 'png', mtimeMs: 1 }),
    ] as const;
    expect(kept([...files])).toEqual(['/b.png', 'oldest']);
  });

  it('lies in the first of the folders that are kept, whatever else speaks for another', () => {
    const folder = (name: string) => ({ name, has: (path: string) => path.startsWith(name) });
    const files = [picture('/web/a', { width: 50 }), picture('/best/a'), picture('/raw/a')] as const;
    const rules = { folders: [folder('/none'), folder('/web')] };
    expect(kept([...files], rules)).toEqual(['/web/a', 'in /web']);
  });

  it.each([
    ['largest', '/c'],
    ['smallest', '/b'],
    ['newest', '/b'],
    ['oldest', '/c'],
    ['shortest-path', '/c'],
  ] as const)('is the %s when that is asked for', (prefer, path) => {
    const files = [
      picture('/b', { size: 1, mtimeMs: 9_000 }),
      picture('/longer'),
      picture('/c', { size: 9_999, mtimeMs: 1 }),
    ] as const;
    expect(kept([...files], { prefer })[0]).toBe(path);
  });

  it('of documents has most words', () => {
    const files = [picture('/a', { kind: 'text', words: 10 }), picture('/b', { kind: 'text', words: 12 })] as const;
    expect(kept([...files])).toEqual(['/b', 'most words (12)']);
  });

  it('is the same in any order of the files', () => {
    const files = [picture('/b'), picture('/a'), picture('/c', { mtimeMs: 4_999 })];
    expect(kept(files as [Choosable, ...Choosable[]])).toEqual(kept(files.toReversed() as [Choosable, ...Choosable[]]));
  });
});
