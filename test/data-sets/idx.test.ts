// IDX files: what is refused and why, and that rows come out as they went in, wherever they are kept.
import { existsSync, readdirSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openDataSets } from '../../src/data-sets/open-data-sets.ts';
import { writeIdxFile } from '../../src/data-sets/write-idx-file.ts';
import { makeWorld, type World } from '../files/world.ts';
import { mountSmallDisk, whyNoSmallDisk } from '../index/small-disk.ts';
import { everyRow, refusalOf, withDataSets } from './opened.ts';

const IMAGES = 'train-images-idx3-ubyte';
const LABELS = 'train-labels-idx1-ubyte';
const SHAPE = { shape: [4] };

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

/** Values that are all different from row to row. */
function values(count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => (i * 7 + (i >> 8)) & 255);
}

function writeImages(name: string, sizes: readonly number[], gzip = false): Promise<void> {
  return writeIdxFile(world.path(name), sizes, values(sizes.reduce((a, b) => a * b, 1)), { gzip });
}

describe('What is refused', () => {
  it.each([
    ['an empty file', Buffer.alloc(0), 'the file has only 0 bytes'],
    ['another kind of file', Buffer.from('\x89PNG\r\n\x1a\n'), 'begins with c2 89 50 4e'],
    ['a text', Buffer.from('hello, world'), 'begins with 68 65 6c 6c'],
    ['32-bit floats', Buffer.from('00000d03000000010000000200000002', 'hex'), '32-bit floats (00 00 0d 03)'],
    ['64-bit floats', Buffer.from('00000e0300000001', 'hex'), '64-bit floats'],
    ['signed bytes', Buffer.from('0000090300000001', 'hex'), 'signed bytes'],
    ['an unknown type', Buffer.from('0000070300000001', 'hex'), 'begins with 00 00 07 03'],
    ['no axis', Buffer.from('00000800', 'hex'), 'no axis'],
    ['a header that ends early', Buffer.from('000008030000000100', 'hex'), 'the file ends within them'],
    ['no row', Buffer.from('00000803000000000000000200000002', 'hex'), 'it is empty: its sizes are 0 × 2 × 2'],
    ['impossible sizes', Buffer.from('00000803ffffffffffffffffffffffff', 'hex'), 'impossible sizes'],
    ['a gzip that holds no IDX file', gzipSync(Buffer.from('hello, world')), 'begins with 68 65 6c 6c'],
    [
      'a gzip that is cut within the header',
      gzipSync(values(100)).subarray(0, 12),
      'whole gzip file but it is cut short',
    ],
  ])('%s', async (_, content, sentence) => {
    world.write(IMAGES, content);
    const error = await refusalOf(world.root, SHAPE);
    expect(error.code).toBe('DATA_SET_INVALID');
    expect(error.message).toContain(IMAGES);
    expect(error.message).toContain(sentence);
    expect(error.path).toBe(world.path(IMAGES));
  });

  it.each([false, true])('a file that is cut short (gzip: %s)', async (gzip) => {
    const whole = Buffer.concat([Buffer.from('00000803000000030000000200000002', 'hex'), values(11)]);
    world.write(IMAGES, gzip ? gzipSync(whole) : whole);
    const error = await refusalOf(world.root, SHAPE);
    expect(error.code).toBe('DATA_SET_INVALID');
    expect(error.message).toContain(`Expected 12 values (3 × 2 × 2) in ${IMAGES} but received 11. It is cut short`);
  });

  it.each([false, true])('a file with bytes after its end (gzip: %s)', async (gzip) => {
    const whole = Buffer.concat([Buffer.from('00000803000000030000000200000002', 'hex'), values(13)]);
    world.write(IMAGES, gzip ? gzipSync(whole) : whole);
    const error = await refusalOf(world.root, SHAPE);
    expect(error.code).toBe('DATA_SET_INVALID');
    expect(error.message).toMatch(/Expected 12 values .* but received 13.*bytes after its last value/);
  });

  it('a gzip that is cut short, or damaged, behind the header', async () => {
    await writeImages(IMAGES, [20_000, 2, 2], true);
    const path = world.path(IMAGES);
    truncateSync(path, 200);
    expect((await refusalOf(world.root, SHAPE)).message).toContain('whole gzip file but it is cut short');
    await writeImages(IMAGES, [20_000, 2, 2], true);
    const packed = gzipSync(Buffer.concat([Buffer.from('0000080300004e200000000200000002', 'hex'), values(80_000)]));
    packed.fill(0xff, 60, 120);
    writeFileSync(path, packed);
    expect((await refusalOf(world.root, SHAPE)).message).toMatch(/whole gzip file but it is (damaged|cut short)/);
  });

  it('a gzip whose header claims more than it can hold', async () => {
    world.write(IMAGES, gzipSync(Buffer.from('00000803ffffffff0000000200000002', 'hex')));
    expect((await refusalOf(world.root, SHAPE)).message).toContain('too short for them');
  });

  it('labels that are not as many as the images', async () => {
    await writeImages(IMAGES, [3, 2, 2]);
    await writeImages(LABELS, [4]);
    const error = await refusalOf(world.root, SHAPE);
    expect(error.code).toBe('DATA_SET_INVALID');
    expect(error.message).toBe(`Expected as many labels in ${LABELS} as rows in ${IMAGES}, 3, but received 4.`);
  });

  it('labels without images, and sets that cannot be told apart', async () => {
    await writeImages(LABELS, [3]);
    expect((await refusalOf(world.root, SHAPE)).message).toContain(`labels only (${LABELS})`);
    await writeImages('letters-images-idx3-ubyte', [3, 2, 2]);
    await writeImages('digits-images-idx3-ubyte', [3, 2, 2]);
    expect((await refusalOf(world.root, SHAPE)).message).toContain('into a folder of their own');
  });

  it.each([[[5]], [[1, 4, 1]], [[3, 2, 2]], [[1, 2, 3]]])(
    'rows of another shape than the network takes: %j',
    async (shape) => {
      await writeImages(IMAGES, [3, 2, 2]);
      const error = await refusalOf(world.root, { shape });
      expect(error.code).toBe('DATA_SET_INVALID');
      expect(error.message).toContain(`Expected rows of ${shape.join(' × ')} in ${IMAGES}`);
      expect(error.message).toContain('received 2 × 2 (4 values)');
    },
  );

  it('options that nobody can mean', async () => {
    const scratch = world.root;
    await expect(openDataSets(world.root, { shape: [0], seed: 1, scratch })).rejects.toThrow(RangeError);
    await expect(openDataSets(world.root, { shape: [], seed: 1, scratch })).rejects.toThrow(RangeError);
    await expect(openDataSets(world.root, { shape: [4], seed: 1, scratch, testShare: 1 })).rejects.toThrow(RangeError);
    await expect(openDataSets(world.root, { shape: [4], seed: Number.NaN, scratch })).rejects.toThrow(RangeError);
  });

  it('to go on when the caller has stopped', async () => {
    await writeImages(IMAGES, [3, 2, 2]);
    expect((await refusalOf(world.root, { ...SHAPE, signal: AbortSignal.abort() })).code).toBe('ABORTED');
    const stop = new AbortController();
    await writeImages(IMAGES, [500_000, 2, 2], true);
    const options = { ...SHAPE, mostBytes: 0, signal: stop.signal, onProgress: () => stop.abort() };
    expect((await refusalOf(world.root, options)).code).toBe('ABORTED');
  });

  it('to keep rows where nothing can be written', async () => {
    await writeImages(`${IMAGES}.gz`, [3, 2, 2], true);
    const scratch = join(world.write('a file', 'x'), 'below');
    const error = await refusalOf(world.root, { ...SHAPE, mostBytes: 0, scratch });
    expect(error.code).toBe('OUTPUT_UNWRITABLE');
  });
});

const noDisk = whyNoSmallDisk();

(noDisk === undefined ? it : it.skip)(
  `A disk that is too small for the rows is refused, with nothing left on it${noDisk ? ` (skipped: ${noDisk})` : ''}`,
  async () => {
    await writeImages(`${IMAGES}.gz`, [2_000, 28, 28], true);
    const disk = mountSmallDisk(256);
    try {
      const error = await refusalOf(world.root, { shape: [784], mostBytes: 0, scratch: disk.path });
      expect(error.code).toBe('DISK_FULL');
      expect(readdirSync(disk.path)).toEqual([]);
      expect(statfsSync(disk.path).bavail * statfsSync(disk.path).bsize).toBeGreaterThan(200_000);
    } finally {
      disk.remove();
    }
  },
);

describe('Rows and labels', () => {
  it('come out as they went in, from memory, from a scratch file and from where they lie', async () => {
    const dims = fc.record({
      rows: fc.integer({ min: 1, max: 60 }),
      testRows: fc.integer({ min: 1, max: 20 }),
      height: fc.integer({ min: 1, max: 9 }),
      width: fc.integer({ min: 1, max: 9 }),
      fill: fc.integer({ min: 0, max: 255 }),
    });
    await fc.assert(
      fc.asyncProperty(
        dims,
        fc.boolean(),
        fc.boolean(),
        async ({ rows, testRows, height, width, fill }, gzip, dots) => {
          const folder = makeWorld();
          const name = (part: string, rest: string) =>
            folder.path(`${part}${dots ? '.' : '-'}idx${rest}${dots ? '-' : '-'}ubyte${gzip ? '.gz' : ''}`);
          const size = height * width;
          const train = values(rows * size).map((value) => value ^ fill);
          const test = values(testRows * size).map((value) => value + fill);
          const labels = values(rows).map((value) => value % 10);
          try {
            await writeIdxFile(name('train-images', '3'), [rows, height, width], train, { gzip });
            await writeIdxFile(name('t10k-images', '3'), [testRows, height, width], test, { gzip });
            await writeIdxFile(name('train-labels', '1'), [rows], labels, { gzip });
            await writeIdxFile(name('t10k-labels', '1'), [testRows], new Uint8Array(testRows), { gzip });
            const prints = new Set<string>();
            for (const [mostBytes, shape] of [
              [undefined, [size]],
              [0, [1, height, width]],
            ] as const) {
              const options = mostBytes === undefined ? { shape } : { shape, mostBytes };
              await withDataSets(folder.root, options, async (data, scratch) => {
                expect(data.kind).toBe('idx');
                expect([data.train.rows, data.test.rows]).toEqual([rows, testRows]);
                expect(data.train.shape).toEqual(shape);
                expect(data.train.resident === undefined).toBe(mostBytes === 0);
                expect(Buffer.from(await everyRow(data.train))).toEqual(Buffer.from(train));
                expect(Buffer.from(await everyRow(data.test))).toEqual(Buffer.from(test));
                expect(Buffer.from(data.train.labels!)).toEqual(Buffer.from(labels));
                const some = Uint32Array.of(rows - 1, 0, rows - 1, rows >> 1);
                const expected = Array.from(some, (row) => [...train.subarray(row * size, (row + 1) * size)]).flat();
                expect([...(await data.train.read(some))]).toEqual(expected);
                await expect(data.train.read(Uint32Array.of(rows))).rejects.toThrow(RangeError);
                if (!gzip) expect(readdirSync(scratch)).toEqual([]);
                prints.add(data.fingerprint);
              });
            }
            expect(prints.size).toBe(1);
          } finally {
            folder.remove();
          }
        },
      ),
      { numRuns: 25, seed: 4 },
    );
  });

  it('of one file are split by seed: the same way in memory and on disk, another way with another seed', async () => {
    await writeImages(IMAGES, [1_000, 2, 2]);
    await writeIdxFile(world.path(LABELS), [1_000], values(1_000));
    const whole = values(4_000);
    const parts = async (seed: number, mostBytes: number) =>
      withDataSets(world.root, { ...SHAPE, seed, mostBytes }, async (data) => {
        expect(data.train.rows + data.test.rows).toBe(1_000);
        expect(data.notices.join(' ')).toContain('are set aside');
        const train = Buffer.from(await everyRow(data.train));
        // Every row kept its label: both are made from the same number.
        data.train.labels!.forEach((label, row) => {
          const number = values(1_000).indexOf(label);
          if (values(1_000).lastIndexOf(label) !== number) return;
          expect([...train.subarray(row * 4, row * 4 + 4)]).toEqual([...whole.subarray(number * 4, number * 4 + 4)]);
        });
        return { train, test: Buffer.from(await everyRow(data.test)), rows: data.test.rows, print: data.fingerprint };
      });
    const inMemory = await parts(1, 1e9);
    expect(inMemory.rows).toBeGreaterThan(60);
    expect(inMemory.rows).toBeLessThan(140);
    expect(await parts(1, 10)).toEqual(inMemory);
    const other = await parts(2, 1e9);
    expect(other.test.equals(inMemory.test)).toBe(false);
    expect(other.print).not.toBe(inMemory.print);
  });

  it('may be few or all alike: they are delivered, and that is said', async () => {
    await writeIdxFile(world.path(IMAGES), [1, 2, 2], new Uint8Array(4));
    await withDataSets(world.root, SHAPE, (data) => {
      expect([data.train.rows, data.test.rows]).toEqual([1, 0]);
      expect(data.notices).toEqual(['There is only one training row.', 'There is no test row.']);
    });
    await writeIdxFile(world.path(IMAGES), [12, 2, 2], new Uint8Array(48).fill(9));
    await withDataSets(world.root, { ...SHAPE, testShare: 0 }, (data) => {
      expect(data.notices).toEqual(['All 12 training rows are the same.', 'There is no test row.']);
    });
    const one = values(48);
    one.fill(3, 4, 8);
    await writeIdxFile(world.path(IMAGES), [12, 2, 2], one);
    await withDataSets(world.root, { ...SHAPE, testShare: 0 }, (data) => {
      expect(data.notices[0]).toBe('1 of 12 training rows has the same value everywhere.');
    });
  });

  it('are read whichever way the file is named or packed', async () => {
    await writeImages('train-images.idx3-ubyte.gz', [3, 2, 2]);
    await writeImages('t10k-images.idx3-ubyte', [2, 2, 2], true);
    await withDataSets(world.root, SHAPE, (data) => {
      expect([data.train.rows, data.test.rows]).toEqual([3, 2]);
      expect(data.train.labels).toBeUndefined();
    });
  });

  it('larger than memory take no more of it than a fixed amount', async () => {
    const sizes = [100_000, 28, 28];
    await writeIdxFile(world.path(`${IMAGES}.gz`), sizes, new Uint8Array(78_400_000).fill(7), { gzip: true });
    let most = 0;
    const onProgress = () => {
      most = Math.max(most, process.memoryUsage().arrayBuffers);
    };
    const before = process.memoryUsage().arrayBuffers;
    await withDataSets(world.root, { shape: [784], mostBytes: 1e6, onProgress }, async (data, scratch) => {
      expect(data.train.resident).toBeUndefined();
      expect(data.train.rows + data.test.rows).toBe(100_000);
      expect(most - before).toBeLessThan(40e6);
      if (process.platform !== 'win32') expect(readdirSync(scratch)).toEqual([]);
    });
  });

  it('cannot be read from a file after it was closed', async () => {
    await writeImages(IMAGES, [20, 2, 2]);
    const data = await withDataSets(world.root, { ...SHAPE, mostBytes: 0 }, (opened) => opened);
    await expect(data.train.read(Uint32Array.of(0))).rejects.toThrow(TypeError);
    await data.close();
  });

  it('that vanish from a file while it is open are told of', async () => {
    await writeImages(IMAGES, [2_000, 2, 2]);
    await withDataSets(world.root, { ...SHAPE, mostBytes: 0 }, async (data) => {
      truncateSync(world.path(IMAGES), 100);
      await expect(everyRow(data.train)).rejects.toMatchObject({ code: 'FILE_CHANGED' });
    });
  });
});

const MNIST = resolve(process.env.SANDGLASS_DATA ?? join(import.meta.dirname, '../../../shared/data'), 'mnist');
const absent = existsSync(MNIST) ? '' : ' (skipped: mnist is not in SANDGLASS_DATA)';

(absent === '' ? it : it.skip)(`MNIST is 60,000 and 10,000 digits${absent}`, async () => {
  await withDataSets(MNIST, { shape: [1, 28, 28] }, async (data) => {
    expect([data.train.rows, data.test.rows]).toEqual([60_000, 10_000]);
    expect([...data.train.labels!.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect(data.test.labelNames).toEqual([...'0123456789']);
    expect(data.notices).toEqual([]);
    const mean = (data.train.resident as Uint8Array).reduce((sum, value) => sum + value, 0) / (60_000 * 784 * 255);
    expect(mean).toBeCloseTo(0.1307, 4);
  });
});
