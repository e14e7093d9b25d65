// What is read from the headers of shared libraries, made-up and real.
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { findCudaLibraries } from '../../src/runtime/cuda-libraries.ts';
import { readImports } from '../../src/runtime/library-imports.ts';
import { archive, cleanUp, elfLibrary } from './cuda-packages.ts';

afterEach(cleanUp);

const library = (content: Uint8Array) => archive('library.so', content);
const changed = (at: number, value: number) => {
  const bytes = elfLibrary({ imports: ['libm.so.6'] });
  bytes[at] = value;
  return bytes;
};

describe('a file that is no whole library', () => {
  it.each([
    ['nothing', new Uint8Array(0)],
    ['a text', new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\n'.repeat(4))],
    ['a library of 32 bits', changed(4, 1)],
    ['big-endian', changed(5, 2)],
    ['program headers beyond its end', changed(34, 200)],
    ['cut off in the dynamic section', elfLibrary({ imports: ['libm.so.6'] }).subarray(0, 200)],
    ['cut off in its strings', elfLibrary({ imports: ['libm.so.6'] }).subarray(0, -3)],
    ['a DOS program', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)])],
    ['a PE header beyond its end', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(62, 0x70)])],
  ])('is CUDA_UNFIT: %s', async (_, content) => {
    await expect(readImports(library(content))).rejects.toMatchObject({ code: 'CUDA_UNFIT' });
  });
});

describe('a library', () => {
  it('names its machine and what it needs, in order', async () => {
    const imports = ['libcublas.so.13', 'libcuda.so.1', 'libc.so.6'];
    await expect(readImports(library(elfLibrary({ machine: 183, imports })))).resolves.toEqual({
      machine: 'arm64',
      imports,
    });
    await expect(readImports(library(elfLibrary({ machine: 8 })))).resolves.toEqual({
      machine: 'ELF machine 8',
      imports: [],
    });
  });

  const bin = dirname(dirname(findCudaLibraries().folder));

  it("is read from onnxruntime-node's Linux binding", async () => {
    const { machine, imports } = await readImports(join(bin, 'linux/x64/onnxruntime_binding.node'));
    expect(machine).toBe('x64');
    expect(imports).toContain('libonnxruntime.so.1');
  });

  it("is read from onnxruntime-node's Windows binding", async () => {
    const { machine, imports } = await readImports(join(bin, 'win32/arm64/onnxruntime_binding.node'));
    expect(machine).toBe('arm64');
    expect(imports).toEqual(expect.arrayContaining(['onnxruntime.dll', 'KERNEL32.dll']));
  });
});
