// rootState: a folder that is away is never taken for a folder whose files were deleted.

import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { rootIdentity, rootState } from '../../src/files/root-identity.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld({ 'photos/a.jpg': 'x' });
});
afterEach(() => world.remove());

async function knownRoot(itemCount: number) {
  return { identity: await rootIdentity(world.path('photos')), itemCount };
}

it('is offline when the root is absent', async () => {
  const before = await knownRoot(1);
  rmSync(world.path('photos'), { recursive: true });
  expect(await rootState(world.path('photos'), before, 0)).toMatchObject({ state: 'offline', reason: 'absent' });
  expect(await rootIdentity(world.path('photos'))).toBeUndefined();
});

it('is offline when a file stands on the path of the root', async () => {
  expect(await rootState(world.path('photos/a.jpg/b'), { identity: undefined, itemCount: 1 }, 0)).toMatchObject({
    reason: 'absent',
  });
});

it('is offline when the root is empty where items are known, as a mount point without its disk is', async () => {
  const before = await knownRoot(1);
  rmSync(world.path('photos/a.jpg'));
  mkdirSync(world.path('photos/lost+found'));
  const state = await rootState(world.path('photos'), before, 0);
  expect(state).toMatchObject({ state: 'offline', reason: 'empty' });
});

it('is offline when nothing is found and another device is mounted there', async () => {
  const before = { identity: { device: '-1', inode: '2' }, itemCount: 1 };
  expect(await rootState(world.path('photos'), before, 0)).toMatchObject({ state: 'offline', reason: 'replaced' });
});

it('is online when files are found, also in a folder that was made anew', async () => {
  const before = await knownRoot(1);
  renameSync(world.path('photos'), world.path('moved'));
  world.write('photos/b.jpg', 'x');
  expect(await rootState(world.path('photos'), before, 1)).toEqual({ state: 'online' });
});

it('is online when the folder holds other things, so that its items were deleted', async () => {
  const before = await knownRoot(1);
  renameSync(world.path('photos/a.jpg'), world.path('photos/a.bin'));
  expect(await rootState(world.path('photos'), before, 0)).toEqual({ state: 'online' });
});

it('is online when nothing was known', async () => {
  mkdirSync(world.path('empty'));
  expect(await rootState(world.path('empty'), { identity: undefined, itemCount: 0 }, 0)).toEqual({ state: 'online' });
});

it('is online for a root that is a file', async () => {
  const before = { identity: undefined, itemCount: 1 };
  expect(await rootState(world.path('photos/a.jpg'), before, 1)).toEqual({ state: 'online' });
});
