import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  encoderFingerprint,
  listEncoders,
  readEncoder,
  removeUnreferencedEncoders,
  storeEncoder,
} from '../../src/index/encoder-files.ts';
import { createIndexDirectory } from '../../src/index/layout.ts';
import { mountSmallDisk, whyNoSmallDisk } from './small-disk.ts';
import { cleanUp, rejectionOf, sha256, temporaryIndex } from './temporary-index.ts';

afterEach(cleanUp);

const noDisk = whyNoSmallDisk();
const onSmallDisk = noDisk === undefined ? it : it.skip;
const bytes = (text: string) => new TextEncoder().encode(text);
const FILES = { 'encoder.onnx': bytes('graph'), 'manifest.json': bytes('{}') };

describe('Reading an encoder', () => {
  it('says that it is gone', async () => {
    expect((await rejectionOf(readEncoder(temporaryIndex(), sha256('none')))).code).toBe('ENCODER_MISSING');
  });

  it.each<[string, (folder: string) => void]>([
    ['a file that was cut off', (folder) => writeFileSync(join(folder, 'encoder.onnx'), 'gra')],
    ['a file that grew', (folder) => appendFileSync(join(folder, 'manifest.json'), ' ')],
    ['a file that is gone', (folder) => rmSync(join(folder, 'manifest.json'))],
    ['a file too many', (folder) => writeFileSync(join(folder, 'extra'), '')],
    ['a file of another name', (folder) => renameSync(join(folder, 'encoder.onnx'), join(folder, 'decoder.onnx'))],
    ['a folder among the files', (folder) => mkdirSync(join(folder, 'deep'))],
  ])('refuses %s, and storing it again repairs it', async (_, damage) => {
    const layout = temporaryIndex();
    const fingerprint = await storeEncoder(layout, FILES);
    damage(join(layout.encoders, fingerprint));
    expect((await rejectionOf(readEncoder(layout, fingerprint))).code).toBe('ENCODER_BROKEN');
    expect(await storeEncoder(layout, FILES)).toBe(fingerprint);
    expect(Object.keys((await readEncoder(layout, fingerprint)).files).sort()).toEqual(Object.keys(FILES));
  });
});

describe('Storing an encoder', () => {
  it.each(['../escape', 'a/b', '', '.hidden', 'a\\b'])('refuses a file of name %p', async (name) => {
    await expect(storeEncoder(temporaryIndex(), { [name]: bytes('x') })).rejects.toThrow(TypeError);
  });

  onSmallDisk(
    `on a full disk fails and leaves nothing behind${noDisk === undefined ? '' : ` (skipped: ${noDisk})`}`,
    async () => {
      const disk = mountSmallDisk(256);
      try {
        const layout = createIndexDirectory(join(disk.path, '.sandglass'));
        const kept = await storeEncoder(layout, FILES);
        const large = { 'encoder.onnx': new Uint8Array(300 * 1_024).fill(7), 'manifest.json': bytes('{}') };
        expect((await rejectionOf(storeEncoder(layout, large))).code).toBe('DISK_FULL');
        expect(readdirSync(layout.encoders)).toEqual([kept]);
        expect((await readEncoder(layout, kept)).fingerprint).toBe(kept);
        disk.makeReadOnly();
        expect((await rejectionOf(storeEncoder(layout, { 'a.onnx': bytes('a') }))).code).toBe('INDEX_READ_ONLY');
      } finally {
        disk.remove();
      }
    },
  );

  it('gives back what was stored, in a folder named by its fingerprint', async () => {
    const layout = temporaryIndex();
    const fingerprint = await storeEncoder(layout, FILES);
    expect(fingerprint).toBe(await encoderFingerprint(FILES));
    const stored = await readEncoder(layout, fingerprint);
    expect(stored.directory).toBe(join(layout.encoders, fingerprint));
    expect(Uint8Array.from(stored.files['encoder.onnx'] as Uint8Array)).toEqual(FILES['encoder.onnx']);
    expect(await storeEncoder(layout, FILES)).toBe(fingerprint);
    expect(await listEncoders(layout)).toEqual([fingerprint]);
  });
});

describe('The fingerprint of an encoder', () => {
  it('is that of names, lengths and contents in order of name', async () => {
    expect(await encoderFingerprint({ b: bytes('two'), a: bytes('one') })).toBe(
      await encoderFingerprint({ a: bytes('one'), b: bytes('two') }),
    );
    expect(await encoderFingerprint({ a: bytes('one'), b: bytes('two') })).toBe(sha256('a\x003\x00oneb\x003\x00two'));
    expect(await encoderFingerprint({ a: bytes('onetwo') })).not.toBe(
      await encoderFingerprint({ a: bytes('one'), b: bytes('two') }),
    );
    expect(await encoderFingerprint({ a: bytes('ab'), b: bytes('c') })).not.toBe(
      await encoderFingerprint({ a: bytes('a'), b: bytes('bc') }),
    );
  });

  it('is the same of a file on the disk, which stays there when it is large', async () => {
    const layout = temporaryIndex();
    const model = new Uint8Array(17_000_000).fill(3);
    const path = join(layout.directory, 'large.bin');
    writeFileSync(path, model);
    const hash = createHash('sha256').update(model).digest('hex');
    const onDisk = { ...FILES, 'encoder.onnx': { path, sha256: hash } };
    const fingerprint = await storeEncoder(layout, onDisk);
    expect(fingerprint).toBe(await encoderFingerprint({ ...FILES, 'encoder.onnx': model }));
    const { files, directory } = await readEncoder(layout, fingerprint);
    expect(files['encoder.onnx']).toEqual({ path: join(directory, 'encoder.onnx'), sha256: hash });
    expect(files['manifest.json']).toHaveLength(2);
    truncateSync(join(directory, 'encoder.onnx'), 16_999_999);
    expect((await rejectionOf(readEncoder(layout, fingerprint))).code).toBe('ENCODER_BROKEN');
  });
});

describe('Encoders that nobody refers to', () => {
  it('are removed, with what a killed process left half written', async () => {
    const layout = temporaryIndex();
    const kept = await storeEncoder(layout, FILES);
    const dropped = await storeEncoder(layout, { 'encoder.onnx': bytes('old') });
    mkdirSync(join(layout.encoders, '.unfinished-abc'));
    expect(await listEncoders(layout)).toEqual([kept, dropped].sort());
    expect((await removeUnreferencedEncoders(layout, new Set([kept]))).sort()).toEqual(
      ['.unfinished-abc', dropped].sort(),
    );
    expect(readdirSync(layout.encoders)).toEqual([kept]);
    rmSync(layout.encoders, { recursive: true });
    expect(existsSync(layout.encoders)).toBe(false);
    expect(await removeUnreferencedEncoders(layout, new Set())).toEqual([]);
  });
});
