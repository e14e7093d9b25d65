// compareFolder and its companions: what is new, what is gone, what only moved, and what may not be removed.
import { describe, expect, it } from '@jest/globals';
import { compareFolder, matchRenames, pruneRefusal, renameCandidates } from '../../src/files/changes.ts';

const known = new Map([
  ['same.txt', { size: 4, mtimeMs: 1.5, hash: 'aa' }],
  ['longer.txt', { size: 4, mtimeMs: 1, hash: 'bb' }],
  ['newer.txt', { size: 4, mtimeMs: 1, hash: 'cc' }],
  ['gone.txt', { size: 7, mtimeMs: 1, hash: 'dd' }],
  ['locked/in.txt', { size: 7, mtimeMs: 1, hash: 'ee' }],
]);
const found = [
  { path: 'same.txt', size: 4, mtimeMs: 1.5 },
  { path: 'longer.txt', size: 5, mtimeMs: 1 },
  { path: 'newer.txt', size: 4, mtimeMs: 1.25 },
  { path: 'new.txt', size: 7, mtimeMs: 9 },
];
const pathsOf = (files: readonly { path: string }[]) => files.map((file) => file.path);

describe('removing', () => {
  it('is refused for more than half of the items', () => {
    expect(pruneRefusal('/photos', 100, 51)).toMatchObject({ code: 'PRUNE_REFUSED', path: '/photos' });
    expect(pruneRefusal('/photos', 11, 11)?.message).toContain('--prune');
  });

  it('is free for half of them, and for a handful', () => {
    expect(pruneRefusal('/photos', 100, 50)).toBeUndefined();
    expect(pruneRefusal('/photos', 10, 10)).toBeUndefined();
  });

  it('keeps what is under a folder that could not be read', () => {
    const changes = compareFolder(known, found, ['locked']);
    expect(changes.vanished).toEqual(['gone.txt']);
    expect(changes.unseen).toEqual(['locked/in.txt']);
  });

  it('keeps everything when the root could not be read, and a single file that could not', () => {
    expect(compareFolder(known, [], ['']).vanished).toEqual([]);
    expect(compareFolder(known, found, ['gone.txt']).vanished).toEqual(['locked/in.txt']);
  });

  it('does not take a folder for another whose name goes on', () => {
    expect(compareFolder(known, found, ['lock']).vanished).toContain('locked/in.txt');
  });
});

describe('comparing', () => {
  it('sorts files by what size and time say', () => {
    const changes = compareFolder(known, found);
    expect(pathsOf(changes.added)).toEqual(['new.txt']);
    expect(pathsOf(changes.touched)).toEqual(['longer.txt', 'newer.txt']);
    expect(pathsOf(changes.unchanged)).toEqual(['same.txt']);
    expect(changes.vanished).toEqual(['gone.txt', 'locked/in.txt']);
  });
});

describe('renames', () => {
  it('are looked for only among added files of the size of a vanished one', () => {
    const added = [...found, { path: 'other.txt', size: 8, mtimeMs: 9 }].slice(3);
    expect(pathsOf(renameCandidates(added, ['gone.txt'], known))).toEqual(['new.txt']);
    expect(renameCandidates([{ path: 'empty', size: 0, mtimeMs: 1 }], ['gone.txt'], known)).toEqual([]);
  });

  it('are recognised by equal content', () => {
    expect(matchRenames(new Map([['new.txt', 'dd']]), ['gone.txt'], known)).toEqual([
      { from: 'gone.txt', to: 'new.txt' },
    ]);
    expect(matchRenames(new Map([['new.txt', 'xx']]), ['gone.txt'], known)).toEqual([]);
  });

  it('use each vanished file once and prefer the same last name', () => {
    const copies = new Map([
      ['1/a.txt', { size: 1, mtimeMs: 1, hash: 'h' }],
      ['1/b.txt', { size: 1, mtimeMs: 1, hash: 'h' }],
    ]);
    const added = new Map([
      ['2/c.txt', 'h'],
      ['2/b.txt', 'h'],
      ['2/d.txt', 'h'],
    ]);
    expect(matchRenames(added, copies.keys(), copies)).toEqual([
      { from: '1/b.txt', to: '2/b.txt' },
      { from: '1/a.txt', to: '2/c.txt' },
    ]);
  });

  it('refuse a vanished path that is not known', () => {
    expect(() => matchRenames(new Map(), ['unknown.txt'], known)).toThrow(RangeError);
  });
});
