import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  createIndexDirectory,
  encoderFolder,
  findIndexDirectory,
  hnswFiles,
  indexLayout,
} from '../../src/index/layout.ts';
import { cleanUp, codeOf, sha256, temporaryFolder } from './temporary-index.ts';

afterEach(cleanUp);

describe('The directory of an index', () => {
  it('refuses a place where a file stands', () => {
    const path = join(temporaryFolder(), '.sandglass');
    writeFileSync(path, 'not a directory');
    expect(codeOf(() => createIndexDirectory(path))).toBe('INDEX_READ_ONLY');
  });

  it('refuses a fingerprint that would lead out of it', () => {
    const layout = indexLayout(temporaryFolder());
    expect(() => encoderFolder(layout, '../../etc')).toThrow(TypeError);
    expect(() => hnswFiles(layout, `${'a'.repeat(63)}/`)).toThrow('64 hexadecimal digits');
  });

  it('keeps itself out of commits', () => {
    const layout = createIndexDirectory(join(temporaryFolder(), 'deep', '.sandglass'));
    expect(readFileSync(join(layout.directory, '.gitignore'), 'utf8')).toBe('*\n');
  });

  it('can be made again without losing what is in it', () => {
    const layout = createIndexDirectory(join(temporaryFolder(), '.sandglass'));
    writeFileSync(join(layout.directory, '.gitignore'), 'mine');
    writeFileSync(layout.config, '{}');
    createIndexDirectory(layout.directory);
    expect(readFileSync(join(layout.directory, '.gitignore'), 'utf8')).toBe('mine');
    expect(readFileSync(layout.config, 'utf8')).toBe('{}');
  });

  it('names one folder and one graph for each encoder', () => {
    const layout = indexLayout('somewhere');
    const fingerprint = sha256('encoder');
    expect(layout.directory).toBe(resolve('somewhere'));
    expect(encoderFolder(layout, fingerprint)).toBe(join(layout.encoders, fingerprint));
    expect(hnswFiles(layout, fingerprint).graph).toBe(join(layout.hnsw, `${fingerprint}.hnsw`));
  });

  it('is found from a folder below it, the nearest one first', () => {
    const folder = temporaryFolder();
    const below = join(folder, 'a', 'b', 'c');
    mkdirSync(below, { recursive: true });
    createIndexDirectory(join(folder, '.sandglass'));
    expect(findIndexDirectory(below)).toBe(join(folder, '.sandglass'));
    createIndexDirectory(join(folder, 'a', '.sandglass'));
    expect(findIndexDirectory(below)).toBe(join(folder, 'a', '.sandglass'));
  });

  it('is not a file of that name', () => {
    const folder = temporaryFolder();
    createIndexDirectory(join(folder, '.sandglass'));
    mkdirSync(join(folder, 'a'));
    writeFileSync(join(folder, 'a', '.sandglass'), '');
    expect(findIndexDirectory(join(folder, 'a'))).toBe(join(folder, '.sandglass'));
  });
});
