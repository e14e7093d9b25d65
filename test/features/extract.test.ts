// extractFeature: for every file there is an answer, and it says what is wrong with the file.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { extractFeature, extractFromBytes } from '../../src/features/extract.ts';
import { isPosix, makeWorld, type World, withoutPrivileges } from '../files/world.ts';
import { makeOle } from '../text/readers/make-ole.ts';
import { jpeg, NOISE, PDF, png, SVG, ZIP } from './samples.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

async function outcome(path: string, limits = {}): Promise<string> {
  const result = await extractFeature(path, limits);
  if (result.status === 'ok') return `ok ${result.kind} ${result.format}`;
  expect(result.error.path).toBe(path);
  return `${result.status} ${result.error.code}`;
}

describe('bad files', () => {
  it('fails for a file that vanished between listing and reading', async () => {
    const file = world.write('a.txt', 'words');
    rmSync(file);
    expect(await outcome(file)).toBe('failed FILE_VANISHED');
  });

  (isPosix ? it : it.skip)('fails for a file that may not be read', async () => {
    const file = world.write('a.txt', 'words');
    chmodSync(file, 0o000);
    expect(await withoutPrivileges(() => outcome(file))).toBe('failed FILE_UNREADABLE');
  });

  it('fails for a folder that is named like a picture', async () => {
    mkdirSync(world.path('photo.jpg'));
    expect(await outcome(world.path('photo.jpg'))).toBe('failed FILE_NOT_REGULAR');
  });

  (isPosix ? it : it.skip)('fails for a pipe that is named like a text', async () => {
    execFileSync('mkfifo', [world.path('a.txt')]);
    expect(await outcome(world.path('a.txt'))).toBe('failed FILE_NOT_REGULAR');
  });

  it('fails for a text of 500 MB', async () => {
    const file = world.write('big.txt', 'many words '.repeat(7_000));
    truncateSync(file, 500_000_000);
    expect(await outcome(file)).toBe('failed FILE_TOO_LARGE');
  });

  it('fails for a picture file beyond its limit', async () => {
    const file = world.write('photo.jpg', await jpeg());
    expect(await outcome(file, { imageBytes: 100 })).toBe('failed FILE_TOO_LARGE');
  });

  it('does not read a large file that is neither text nor picture', async () => {
    const file = world.write('disk.img', NOISE);
    truncateSync(file, 5_000_000_000);
    expect(await outcome(file)).toBe('skipped KIND_UNSUPPORTED');
  });

  it('fails for binary data named .txt', async () => {
    expect(await outcome(world.write('a.txt', NOISE))).toBe('failed TEXT_BINARY');
  });

  it('fails for noise named .jpg, and for a picture cut off in its header', async () => {
    expect(await outcome(world.write('noise.jpg', NOISE))).toBe('failed IMAGE_BROKEN');
    const file = world.write('cut.jpg', (await jpeg()).subarray(0, 150));
    expect(await outcome(file)).toBe('failed IMAGE_BROKEN');
  });

  it('gives the hash of a broken file, so that it is tried again when it changes', async () => {
    const bytes = (await jpeg()).subarray(0, 150);
    const result = await extractFeature(world.write('cut.jpg', bytes));
    expect(result).toMatchObject({ status: 'failed', hash: createHash('sha256').update(bytes).digest('hex') });
  });

  it('fails for a picture of 0 × 0 pixels', async () => {
    expect(await outcome(world.write('zero.png', png(0, 0)))).toBe('failed IMAGE_BROKEN');
    expect(await outcome(world.write('zero.svg', '<svg width="0" height="0"></svg>'))).toBe('failed IMAGE_BROKEN');
  });

  it('fails for a picture of 30,000 × 30,000 pixels, bomb or not', async () => {
    expect(await outcome(world.write('bomb.png', png(30_000, 30_000)))).toBe('failed IMAGE_TOO_LARGE');
  });

  it('skips empty files and files without a word, but fails for an empty picture', async () => {
    expect(await outcome(world.write('__init__.py', ''))).toBe('skipped FILE_EMPTY');
    expect(await outcome(world.write('blank.txt', ' \n\t\n'))).toBe('skipped FILE_EMPTY');
    expect(await outcome(world.write('photo.jpg', ''))).toBe('failed FILE_EMPTY');
  });

  it('tells broken documents from documents of kinds that are not read and files nobody expects to be read', async () => {
    expect(await extractFeature(world.write('paper.pdf', PDF))).toMatchObject({
      status: 'failed',
      error: { code: 'DOCUMENT_BROKEN' },
      hash: expect.any(String),
    });
    // only its directory at the end tells what it is
    const late = Buffer.concat([makeOle(['WordDocument']).subarray(0, 48), Buffer.alloc(70_000)]);
    late.writeUInt32LE(130, 48);
    const sheet = Buffer.concat([late.subarray(0, 131 * 512), makeOle(['Workbook']).subarray(1_024)]);
    expect(await extractFeature(world.write('a.doc', sheet))).toMatchObject({
      status: 'skipped',
      type: 'doc',
      error: { code: 'KIND_UNSUPPORTED', message: expect.stringContaining('Excel') },
    });
    expect(await extractFeature(world.write('all.zip', ZIP))).toMatchObject({ status: 'skipped', type: 'zip' });
  });
});

describe('good files', () => {
  it('counts the words of a text', async () => {
    const content = '# Sheep\n\nThe shepherd counted sheep, sheep and more sheep.\n';
    const file = world.write('a.md', content);
    const result = await extractFeature(file);
    if (result.status !== 'ok' || result.kind !== 'text')
      throw new TypeError(`Expected a text but received ${result.status}.`);
    const counts = new Map(result.feature.terms.map((term, i) => [term, result.feature.counts[i]]));
    expect(counts.get('sheep')).toBe(4);
    expect(result).toMatchObject({
      format: 'markdown',
      title: 'Sheep',
      size: content.length,
      mtimeMs: statSync(file).mtimeMs,
      hash: createHash('sha256').update(content).digest('hex'),
    });
    expect(result.snippet).toContain('shepherd');
    expect(result.words).toBe([...counts.values()].reduce<number>((sum, count) => sum + count!, 0));
  });

  it('sees a picture upright', async () => {
    const bytes = await sharp(await jpeg(48, 32))
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const result = await extractFeature(world.write('photo.jpg', bytes));
    expect(result).toMatchObject({
      status: 'ok',
      kind: 'image',
      format: 'jpeg',
      width: 32,
      height: 48,
      partial: false,
    });
  });

  it('reads a picture that is cut off in the middle as far as it goes', async () => {
    const bytes = await jpeg(480, 320);
    const result = await extractFeature(world.write('photo.jpg', bytes.subarray(0, bytes.length / 2)));
    expect(result).toMatchObject({ status: 'ok', kind: 'image', partial: true });
  });

  it('goes by content when the name says something else', async () => {
    expect(await outcome(world.write('notes.txt', await jpeg()))).toBe('ok image jpeg');
    expect(await outcome(world.write('photo.jpg', 'There is no such page.'))).toBe('ok text txt');
    expect(await outcome(world.write('drawing', SVG))).toBe('ok image svg');
  });

  it('reads names with newlines', async () => {
    expect(await outcome(world.write('a\nb.txt', 'words'))).toBe('ok text txt');
  });
});

describe('bytes in memory', () => {
  it('give the same as the file', async () => {
    for (const [name, bytes] of [
      ['a.md', Buffer.from('# Sheep\nand wolves')],
      ['b.jpg', await jpeg()],
    ] as const) {
      const fromFile = await extractFeature(world.write(name, bytes));
      expect(await extractFromBytes(bytes, name)).toEqual({ ...fromFile, mtimeMs: 0 });
    }
  });

  it('fail like files', async () => {
    expect(await extractFromBytes(NOISE, 'a.txt')).toMatchObject({ status: 'failed', error: { code: 'TEXT_BINARY' } });
    expect(await extractFromBytes(Buffer.from(PDF), 'a.pdf')).toMatchObject({ error: { code: 'DOCUMENT_BROKEN' } });
    expect(await extractFromBytes(Buffer.from('words'), 'a.txt', { textBytes: 3 })).toMatchObject({
      error: { code: 'FILE_TOO_LARGE' },
    });
  });
});
