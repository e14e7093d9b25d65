// The sheet of a search for duplicates, and files that a user names.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { type DuplicatePlan, saveDuplicatePlan } from '../../src/sandglass.ts';
import { mountSmallDisk, whyNoSmallDisk } from '../index/small-disk.ts';
import { cleanUp, indexed, rejectionOf, temporaryFolder, write } from './collection.ts';

afterEach(cleanUp);

const TEXT =
  'The harbour lay still when the captain read the letter again and counted the days before the storm. '.repeat(3);

/** Many rectangles; the number says which. */
function scene(number: number) {
  let state = (number + 1) * 104_729;
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 16) % below;
  };
  const shapes = Array.from(
    { length: 40 },
    () =>
      `<rect x="${next(240)}" y="${next(240)}" width="${10 + next(60)}" height="${10 + next(60)}" fill="rgb(${next(256)},${next(256)},${next(256)})" transform="rotate(${next(90)} 120 120)"/>`,
  );
  return sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="240" height="240">${shapes.join('')}</svg>`),
  );
}

async function folderOfCopies(): Promise<string> {
  const folder = temporaryFolder();
  for (let i = 0; i < 4; i++) write(folder, `${i}.png`, await scene(i).png().toBuffer());
  write(folder, '0 in "other" <b>words</b>.jpg', await scene(0).resize(150).jpeg().toBuffer());
  write(folder, '1.webp', await scene(1).webp({ lossless: true }).toBuffer());
  write(folder, 'letter.txt', TEXT);
  write(folder, 'letter again.txt', TEXT.toUpperCase());
  return folder;
}

describe('The sheet of duplicates', () => {
  it('that cannot be written says why', async () => {
    const folder = await folderOfCopies();
    const index = await indexed(folder);
    const found = await index.duplicates();
    const failed = await rejectionOf(index.saveDuplicatesSheet(found, join(folder, 'no folder/sheet.html')));
    expect(failed.code).toBe('OUTPUT_UNWRITABLE');
  });

  it('shows each group, what to keep, and where copies differ, and runs nothing', async () => {
    const folder = await folderOfCopies();
    const index = await indexed(folder);
    const found = await index.duplicates();
    const file = join(temporaryFolder(), 'sheet.html');
    writeFileSync(file, 'an older one');
    await index.saveDuplicatesSheet(found, file);
    const html = readFileSync(file, 'utf8');
    expect(html.match(/<article/g)).toHaveLength(3);
    expect(html.match(/<b>keep<\/b>/g)).toHaveLength(3);
    expect(html).toMatch(/<b>(resized|edited)<\/b> p/);
    expect(html).toMatch(/same pixels<\/b> certain/);
    expect(html).toMatch(/same text<\/b>/);
    expect(html.match(/src="data:image\/jpeg;base64,/g)!.length).toBeGreaterThanOrEqual(4);
    expect(html.match(/class="difference"/g)).toHaveLength(2);
    expect(html).toContain('0 in &quot;other&quot; &lt;b&gt;words&lt;/b&gt;.jpg');
    expect(html).not.toMatch(/<script|<b>words|https?:/);
    expect(html).toContain("default-src 'none'");
  });

  it('names a picture that cannot be read any more, and says how much it leaves out', async () => {
    const folder = await folderOfCopies();
    const index = await indexed(folder);
    const found = await index.duplicates({ kind: 'image' });
    for (const { files } of found.groups) rmSync(files[1]!.path);
    const file = join(folder, 'sheet.html');
    await index.saveDuplicatesSheet(found, file, { most: 1 });
    const html = readFileSync(file, 'utf8');
    expect(html.includes('The file is not there.')).toBe(true);
    expect(html.includes('1 more group is not shown.')).toBe(true);
  });
});

const noDisk = whyNoSmallDisk();
const onDisk = noDisk === undefined ? it : it.skip;

describe('A plan that is written', () => {
  const plan: DuplicatePlan = { schema: 1, index: 'x', made: '2026-01-31T12:05:09.000Z', groups: [] };

  it('replaces nothing, and says when it cannot be written', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'plan.json');
    await saveDuplicatePlan(plan, file);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(plan);
    expect((await rejectionOf(saveDuplicatePlan(plan, file))).code).toBe('OUTPUT_EXISTS');
    mkdirSync(join(folder, 'folder'));
    expect((await rejectionOf(saveDuplicatePlan(plan, join(folder, 'folder')))).code).toBe('OUTPUT_EXISTS');
    expect((await rejectionOf(saveDuplicatePlan(plan, join(folder, 'no/plan.json')))).code).toBe('OUTPUT_UNWRITABLE');
    expect(readdirSync(folder).sort()).toEqual(['folder', 'plan.json']);
  });

  onDisk(
    `to a disk that is full is DISK_FULL, and nothing half is left${noDisk === undefined ? '' : ` (${noDisk})`}`,
    async () => {
      const disk = mountSmallDisk(64);
      try {
        writeFileSync(join(disk.path, 'ballast'), Buffer.alloc(52 * 1_024));
        const long = { ...plan, made: 'x'.repeat(100_000) };
        const full = await rejectionOf(saveDuplicatePlan(long, join(disk.path, 'plan.json')));
        expect(full.code).toBe('DISK_FULL');
        expect(full.message).toMatch(/Make room, or name a file on another disk/);
        expect(existsSync(join(disk.path, 'plan.json'))).toBe(false);
        expect(readdirSync(disk.path)).toEqual(['ballast']);
      } finally {
        disk.remove();
      }
    },
  );
});
