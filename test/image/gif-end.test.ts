import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { reachesItsEnd } from '../../src/image/gif-end.ts';
import { drawnPicture } from './drawn-picture.ts';
import { longAnimation } from './long-animation.ts';

/** With colour tables and extensions as an encoder writes them; sharp writes the trailer last. */
async function animation(): Promise<Buffer> {
  const page = ({ width, height, rgb }: ReturnType<typeof drawnPicture>) =>
    sharp(rgb, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer();
  const pages = await Promise.all([page(drawnPicture('noise', 40, 30)), page(drawnPicture('checks', 40, 30))]);
  return sharp(pages, { join: { animated: true } })
    .gif()
    .toBuffer();
}

describe('A GIF', () => {
  it('that was cut off anywhere does not reach its end', async () => {
    for (const file of [await animation(), longAnimation(20)]) {
      for (let length = 6; length < file.length; length++)
        expect([length, reachesItsEnd(file.subarray(0, length))]).toEqual([length, false]);
    }
  });

  it('that is whole does, whatever stands behind it', async () => {
    for (const file of [await animation(), longAnimation(20)]) {
      expect(reachesItsEnd(file)).toBe(true);
      expect(reachesItsEnd(Buffer.concat([file, Buffer.from('more')]))).toBe(true);
    }
  });

  it('whose blocks are none does not', async () => {
    const file = longAnimation(2);
    file[19] = 0x99;
    expect(reachesItsEnd(file)).toBe(false);
  });
});

describe('A file of another format', () => {
  it('is not judged', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('GIF'), Buffer.from('GIF88a'), Buffer.from('\x89PNG\r\n')])
      expect(reachesItsEnd(bytes)).toBe(true);
  });
});
