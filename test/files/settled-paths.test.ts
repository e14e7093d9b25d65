// SettledPaths: what is held back, for how long, and what goes together.
import { appendFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SettledPaths } from '../../src/files/settled-paths.ts';
import { makeWorld, type World } from './world.ts';

const QUIET = 100;
let world: World;
let paths: SettledPaths;
beforeEach(() => {
  world = makeWorld();
  paths = new SettledPaths(world.root, QUIET);
});
afterEach(() => world.remove());

/** Takes at these moments, in milliseconds; gives what came at each. */
const takes = (...moments: number[]) => moments.map((moment) => paths.take(moment).paths);

describe('A path', () => {
  it('of which nothing is told is not taken', () => {
    expect(takes(0, 1_000)).toEqual([[], []]);
  });

  it('waits until it is quiet and was seen twice', () => {
    world.write('a.txt', 'x');
    paths.note('a.txt', 0);
    expect(takes(40, 60, 99, 110, 111)).toEqual([[], [], [], ['a.txt'], []]);
    expect(paths.size).toBe(0);
  });

  it('waits anew with every event', () => {
    world.write('a.txt', 'x');
    for (const now of [0, 60, 120]) paths.note('a.txt', now);
    expect(takes(170, 230)).toEqual([[], ['a.txt']]);
  });

  it('of a file that grows without an event waits until it stands still', () => {
    const file = world.write('a.txt', 'x');
    paths.note('a.txt', 0);
    expect(takes(60)).toEqual([[]]);
    appendFileSync(file, 'more');
    expect(takes(110)).toEqual([[]]);
    appendFileSync(file, 'more');
    expect(takes(161, 212)).toEqual([[], ['a.txt']]);
  });

  it('of a file that never stands still is taken after a minute', () => {
    const file = world.write('log.txt', 'x');
    for (let now = 0; now < 60_000; now += 1_000) {
      appendFileSync(file, 'line\n');
      paths.note('log.txt', now);
      expect(takes(now + 90)).toEqual([[]]);
    }
    expect(takes(60_000)).toEqual([['log.txt']]);
  });

  it('of a folder, and of nothing, is taken as that of a file', () => {
    mkdirSync(world.path('folder'));
    paths.note('folder', 0);
    paths.note('gone.txt', 0);
    expect(takes(60, 120)).toEqual([[], ['folder', 'gone.txt']]);
  });
});

describe('A rename', () => {
  it('is one batch, though the new name does not stand still as soon as the old one', () => {
    const file = world.write('old.txt', 'x');
    renameSync(file, world.path('new.txt'));
    paths.note('old.txt', 0);
    for (const now of [0, 90]) paths.note('new.txt', now);
    expect(takes(60, 120, 145, 195)).toEqual([[], [], [], ['old.txt', 'new.txt']]);
  });

  it('is not waited for where nothing else came at that time', () => {
    world.write('log.txt', 'x');
    rmSync(world.write('old.txt', 'x'));
    paths.note('log.txt', 0);
    paths.note('old.txt', 5_000);
    paths.note('log.txt', 5_050);
    expect(takes(5_060, 5_120)).toEqual([[], ['old.txt']]);
  });

  it('is not waited for longer than a second', () => {
    paths.note('old.txt', 0);
    for (let now = 0; now <= 1_000; now += 50) {
      world.write('new.txt', String(now));
      paths.note('new.txt', now);
      expect(takes(now)).toEqual([[]]);
    }
    expect(takes(1_101)).toEqual([['old.txt']]);
  });
});

describe('A burst', () => {
  it('of very many paths becomes a look at everything once it is over', () => {
    world.write('late.txt', 'x');
    for (let i = 0; i < 4_001; i++) paths.note(`${i}.txt`, i / 100);
    expect(takes(60, 120)).toEqual([[], []]);
    paths.note('late.txt', 141);
    expect(takes(150, 241, 300)).toEqual([[], [], ['']]);
  });

  it('that does not end is looked at every ten seconds', () => {
    world.write('late.txt', 'x');
    paths.note('', 0);
    const batches = [];
    for (let now = 0; now <= 10_000; now += 50) {
      paths.note('late.txt', now);
      batches.push(paths.take(now));
    }
    expect(batches.filter((batch) => batch.paths.length > 0)).toEqual([
      { paths: [''], unsettled: new Set(['late.txt']) },
    ]);
  });
});
