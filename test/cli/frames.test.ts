// Animations on the command line: which frame is alike, and asking with one.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { cleanUp, indexed, picture, pictures, temporaryFolder, write } from '../library/collection.ts';
import { sandglass } from './command.ts';

let folder: string;
const run = (...args: string[]) =>
  sandglass([...args, '--device', 'cpu'], { cwd: folder, env: { SANDGLASS_MODELS: '' } });

beforeAll(async () => {
  folder = await pictures(3);
  const frames = await Promise.all([30, 31, 32, 33].map(picture));
  write(
    folder,
    'scene.gif',
    await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer(),
  );
  const photo = await sharp(await picture(40))
    .resize(400, 300, { fit: 'fill' })
    .jpeg()
    .toBuffer();
  write(folder, 'part.jpg', photo.subarray(0, Math.round(photo.length * 0.7)));
  await (await indexed(folder)).close();
});
afterAll(cleanUp);

describe('A frame that cannot be asked with', () => {
  it.each([
    [['scene.gif', '--frame', '9'], 'from 1 to 4 but received 9'],
    [['1.png', '--frame', '2'], 'it has only one'],
    [['--text', 'ship', '--frame', '2'], 'Expected a file beside --frame'],
  ])('is refused: %j', (args, message) => {
    const { code, out, err } = run('query', ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err).toContain('[SETTING_INVALID]');
  });

  it.each([['0'], ['1.5'], ['last']])('is a mistake of the option: %s', (frame) => {
    expect(run('query', 'scene.gif', '--frame', frame)).toMatchObject({ code: 2, out: '' });
  });
});

describe('Frames', () => {
  it('are counted by status, kept when they are asked for, and named by hits', async () => {
    expect(run('status').out).toContain('frames   the first of 1 pictures that have several');
    expect(run('query', 'scene.gif', '-m', 'phash').out).not.toContain('frame ');
    expect(run('index', '--frames', 'all').code).toBe(0);
    expect(run('status').out).toContain('frames   all, 3 beside the first ones of 1 pictures');
    expect(run('status', '--json').out).toContain('"kept": "all"');

    const question = write(temporaryFolder(), 'still.png', await picture(32));
    const { out } = run('query', question, '-m', 'phash', '-k', '1');
    expect(out).toMatch(/^1 +1\.000 +scene\.gif {2}frame 3 of 4$/m);
    const { hits, query } = JSON.parse(run('query', 'scene.gif', '--frame', '3', '-m', 'phash', '--json').out);
    expect(query).toEqual({ file: join(folder, 'scene.gif'), frame: 3 });
    expect(hits[0]).toMatchObject({ path: join(folder, 'scene.gif'), score: 1, frame: 3, frames: 4 });
    expect(hits[1]).not.toHaveProperty('frames');
  });

  it('of what is damaged are marked', async () => {
    expect(run('status').out).toContain('damaged  1 picture, read in part');
    expect(run('status', '--failed').out).toBe('read in part, for it is damaged: part.jpg\n');
    const question = write(temporaryFolder(), 'whole.png', await picture(40));
    expect(run('query', question, '-m', 'phash').out).toContain('part.jpg  (damaged: a part of it was read)');
  });
});
