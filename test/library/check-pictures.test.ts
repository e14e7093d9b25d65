// Pairs of pictures looked at in threads, once.
import { createHash } from 'node:crypto';
import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { indexLayout } from '../../src/index/layout.ts';
import { PictureChecker } from '../../src/library/check-pictures.ts';
import type { ContentPair } from '../../src/library/duplicate-checks.ts';
import type { Content } from '../../src/library/duplicate-contents.ts';
import { cleanUp, rejectionOf, temporaryFolder } from './collection.ts';

afterEach(cleanUp);

/** A picture as the index knows it. */
function content(path: string, bytes: Uint8Array): Content {
  writeFileSync(path, bytes);
  const { size, mtimeMs } = statSync(path);
  const hash = createHash('sha256').update(bytes).digest('hex');
  return { hash, files: [{ id: 1, rootId: 1, path, absolute: path, hash, size, mtimeMs } as Content['files'][0]] };
}

async function contents(folder: string, count: number): Promise<Content[]> {
  mkdirSync(folder, { recursive: true });
  const made: Content[] = [];
  for (let i = 0; i < count; i++) {
    const shapes = Array.from({ length: 30 }, (_, j) => {
      const at = (i + 1) * 7_919 + j * 104_729;
      return `<rect x="${at % 150}" y="${(at >> 3) % 150}" width="${20 + (at % 50)}" height="${20 + ((at >> 2) % 50)}" fill="hsl(${at % 360},60%,${20 + (at % 60)}%)"/>`;
    });
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200">${shapes.join('')}</svg>`;
    made.push(content(join(folder, `${i}.png`), await sharp(Buffer.from(svg)).png().toBuffer()));
  }
  return made.sort((a, b) => (a.hash < b.hash ? -1 : 1));
}

function pairsOf(all: readonly Content[]): ContentPair[] {
  return all.flatMap((a, i) => all.slice(i + 1).map((b): ContentPair => [a, b]));
}

describe('Pairs of pictures', () => {
  it('are looked at once, unless a file was written since, or somebody deletes what was seen', async () => {
    const folder = temporaryFolder();
    const layout = indexLayout(folder);
    const all = await contents(folder, 5);
    const look = async () => {
      const checker = await PictureChecker.open(layout, { threads: 2 });
      try {
        const checks = await checker.checkAll(pairsOf(all));
        const samples = await checker.samples(all, 1, (at) => [at, at + 1]);
        return {
          checks,
          samples,
          looked: checker.looked,
          remembered: checker.remembered,
          unreadable: [...checker.unreadable.keys()],
        };
      } finally {
        await checker.close();
      }
    };
    const first = await look();
    expect(first.looked).toBe(10);
    expect(first.samples.every((sample) => sample?.copies.length === 2)).toBe(true);
    expect(await look()).toEqual({ ...first, looked: 0, remembered: 10 });
    // the bytes are the same: that is found by reading them
    utimesSync(all[0]!.files[0].absolute, 1, 1);
    expect(await look()).toEqual({ ...first, looked: 4, remembered: 6 });
    writeFileSync(all[0]!.files[0].absolute, 'something else');
    const changed = await look();
    expect(changed.unreadable).toEqual([all[0]!.files[0].absolute]);
    expect(changed.checks.filter((check) => check === undefined)).toHaveLength(4);
  });

  it('of which a picture hangs, or is broken, fail alone', async () => {
    const folder = temporaryFolder();
    const all = await contents(folder, 4);
    // so many pixels that the time for one picture is over before they are there
    const huge = await sharp({ create: { width: 9_000, height: 9_000, channels: 3, background: '#123' } })
      .png({ compressionLevel: 1, progressive: true })
      .toBuffer();
    const slow = content(join(folder, 'slow.png'), huge);
    const broken = content(join(folder, 'broken.png'), Buffer.from('no picture'));
    const checker = await PictureChecker.open(indexLayout(folder), { threads: 2, timeoutSeconds: 0.5 });
    try {
      const others = pairsOf(all);
      const checks = await checker.checkAll([[all[0]!, slow], [broken, all[1]!], ...others]);
      expect(checks.slice(0, 2)).toEqual([undefined, undefined]);
      expect(checks.slice(2).every((check) => check !== undefined)).toBe(true);
      expect([...checker.unreadable.keys()].sort()).toEqual([broken, slow].map(({ files: [file] }) => file.absolute));
    } finally {
      await checker.close();
    }
  });

  it('that were looked at before a stop are not looked at again', async () => {
    const folder = temporaryFolder();
    const layout = indexLayout(folder);
    const pairs = pairsOf(await contents(folder, 16));
    const stop = new AbortController();
    const checker = await PictureChecker.open(layout, { threads: 1, signal: stop.signal });
    const stopped = checker.checkAll(pairs, (done) => {
      if (done === 70) stop.abort();
    });
    expect((await rejectionOf(stopped)).code).toBe('ABORTED');
    await checker.close();
    const again = await PictureChecker.open(layout, { threads: 1 });
    await again.checkAll(pairs);
    await again.close();
    expect(again.looked).toBeLessThanOrEqual(pairs.length - 70);
  });
});
