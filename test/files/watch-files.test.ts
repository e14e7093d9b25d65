// watchFiles and pollFiles: what is told of, by the system and by looking again; real folders, real changes.
import { appendFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FollowedFolder } from '../../src/files/follow-folder.ts';
import { watchTrouble } from '../../src/files/follow-folder.ts';
import { pollFiles } from '../../src/files/poll-files.ts';
import type { WalkOptions } from '../../src/files/walk.ts';
import { watchFiles } from '../../src/files/watch-files.ts';
import { until } from '../cli/command.ts';
import { isPosix, makeWorld, type World } from './world.ts';

let world: World;
let followed: FollowedFolder | undefined;
const told = new Set<string>();
beforeEach(() => {
  world = makeWorld({ 'a.txt': 'x', 'in/b.txt': 'x' });
  told.clear();
});
afterEach(async () => {
  await followed?.close();
  followed = undefined;
  world.remove();
});

async function follow(follower: typeof watchFiles, walk: WalkOptions = {}): Promise<void> {
  followed = follower(world.root, {
    walk: { globalIgnoreFile: null, ...walk },
    leaveOut: (absolute) => absolute === world.path('own'),
    onChange: (path) => told.add(path),
    onLost: () => told.add('lost'),
    onTrouble: (why) => told.add(`trouble: ${why}`),
  });
  await followed.ready;
}

const heard = (...paths: string[]) =>
  until(() => paths.every((path) => told.has(path)), `${paths} of ${[...told]}`, 10);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('What goes wrong', () => {
  it('is said with what to do where there are more folders than may be followed', () => {
    const noSpace = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    expect(watchTrouble(noSpace, '/photos')).toMatch(
      /lets a user follow .* folders, and \/photos has more.*sudo sysctl fs\.inotify\.max_user_watches=/,
    );
  });

  it('is said with what to do where too many programs follow folders', () => {
    expect(watchTrouble(Object.assign(new Error('EMFILE'), { code: 'EMFILE' }), '/photos')).toMatch(/To raise that: /);
  });

  it('is passed over where a folder vanished or may not be read', () => {
    for (const code of ['ENOENT', 'EACCES'])
      expect(watchTrouble(Object.assign(new Error(code), { code }), '/photos')).toBeUndefined();
  });

  it('does not keep a folder from being let go before it was followed', async () => {
    const early = watchFiles(world.root, {
      walk: {},
      leaveOut: () => false,
      onChange() {},
      onLost() {},
      onTrouble() {},
    });
    await early.close();
    await early.ready;
  });
});

describe('By the system', () => {
  it('files are told of that come, change, get another name and go', async () => {
    await follow(watchFiles);
    world.write('new.txt', 'x');
    await heard('new.txt');
    told.clear();
    appendFileSync(world.path('in/b.txt'), 'more');
    await heard('in/b.txt');
    renameSync(world.path('a.txt'), world.path('in/c.txt'));
    await heard('a.txt', 'in/c.txt');
    told.clear();
    rmSync(world.path('in/c.txt'));
    await heard('in/c.txt');
  });

  it('new folders are told of with what came into them before they were followed, and followed', async () => {
    await follow(watchFiles);
    world.write('new/deep/deeper/x.txt', 'x');
    await heard('new');
    await until(() => [...told].some((path) => path.startsWith('new/deep')), 'the folders in it', 10);
    await pause(2_000);
    told.clear();
    world.write('new/deep/deeper/y.txt', 'x');
    await heard('new/deep/deeper/y.txt');
  });

  it('a folder under another name is followed under that', async () => {
    await follow(watchFiles);
    renameSync(world.path('in'), world.path('out'));
    await heard('in', 'out');
    await pause(500);
    told.clear();
    world.write('out/c.txt', 'x');
    await heard('out/c.txt');
    expect([...told].filter((path) => path.startsWith('in/'))).toEqual([]);
  });

  it('left-out folders, links and the index itself are not followed', async () => {
    world.write('.gitignore', 'build/\n');
    for (const folder of ['build', 'node_modules', '.hidden', 'own']) world.write(`${folder}/x.txt`, 'x');
    const outside = makeWorld({ 'x.txt': 'x' });
    if (isPosix) symlinkSync(outside.root, world.path('link'));
    await follow(watchFiles);
    for (const folder of ['build', 'node_modules', '.hidden', 'own']) world.write(`${folder}/y.txt`, 'x');
    outside.write('y.txt', 'x');
    world.write('last.txt', 'x');
    await heard('last.txt');
    await pause(300);
    expect([...told].filter((path) => basename(path) === 'y.txt')).toEqual([]);
    outside.remove();
  });

  it('an ignore file that changes tells of its whole folder', async () => {
    await follow(watchFiles);
    world.write('in/.gitignore', '*.txt\n');
    await heard('in');
    world.write('.sandglassignore', '*.md\n');
    await heard('');
  });

  it('the folder itself is told of as lost when it goes, even where it comes back', async () => {
    await follow(watchFiles);
    renameSync(world.root, `${world.root}-away`);
    renameSync(`${world.root}-away`, world.root);
    await heard('lost');
  });

  it('every file of a burst is told of, or its folder', async () => {
    await follow(watchFiles);
    for (let i = 0; i < 2_000; i++) world.write(`burst/${i % 20}/${i}.txt`, 'x');
    const folders = Array.from({ length: 20 }, (_, i) => `burst/${i}`);
    await until(() => told.has('burst') || folders.every((folder) => told.has(folder)), 'the folders', 10);
  });
});

describe('By looking again', () => {
  it('files are told of that come, change and go, folders and all', async () => {
    await follow(pollFiles);
    world.write('new/deep/x.txt', 'x');
    appendFileSync(world.path('a.txt'), 'more');
    rmSync(world.path('in'), { recursive: true });
    await heard('new/deep/x.txt', 'a.txt', 'in/b.txt');
    expect([...told].sort()).toEqual(['', 'a.txt', 'in/b.txt', 'new/deep/x.txt']);
  });

  it('nothing is told of a root that is away', async () => {
    await follow(pollFiles);
    renameSync(world.root, `${world.root}-away`);
    await pause(2_500);
    renameSync(`${world.root}-away`, world.root);
    await pause(1_500);
    expect([...told]).toEqual([]);
  });
});
